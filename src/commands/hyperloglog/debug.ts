/** PFDEBUG and PFSELFTEST: looking inside. */
import { type Bytes, raw, upper, upToNul } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { OK, type Reply, type ReplyError, Status } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Growable } from '../../structures/growable.ts'
import { formOf, registersOf, runsInWords, toDense } from '../../structures/hyperloglog.ts'
import { selfTest } from '../../structures/hyperloglog-self-test.ts'
import { bytes, key } from '../args/nodes.ts'
import { command } from '../command.ts'
import { any, ok } from '../shape.ts'
import { CORRUPT, editHyperLogLog } from './hll-value.ts'

const NO_KEY = err('The specified key does not exist')
const NOT_SPARSE = err('HLL encoding is not sparse')

/** Gives it the dense form; true when it had another. */
function makeDense(db: Database, found: Growable): boolean {
  if (formOf(found.bytes) === 'dense') return false
  if (!toDense(found)) throw CORRUPT
  // For the log alone: neither watchers nor listeners hear of a change of form.
  db.changed()
  return true
}

type Look = (found: Growable, db: Database) => Reply

const LOOKS: Readonly<Record<string, Look>> = {
  GETREG: (found, db) => {
    makeDense(db, found)
    return registersOf(found)
  },
  DECODE: ({ bytes, length }) => {
    const words = runsInWords(bytes, length)
    if (words === undefined) throw NOT_SPARSE
    return raw(words)
  },
  ENCODING: ({ bytes }) => new Status(formOf(bytes)),
  TODENSE: (found, db) => (makeDense(db, found) ? 1 : 0),
}

const unknown = (word: Bytes): ReplyError => err(`Unknown PFDEBUG subcommand '${upToNul(word)}'`)

/** PFDEBUG subcommand key */
export const pfdebug = command({
  name: 'PFDEBUG',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Shows the registers, runs or form of a HyperLogLog, or makes it dense: GETREG, DECODE, ENCODING, TODENSE.',
  complexity: 'O(1), with many registers to walk',
  flags: ['write', 'denyoom', 'admin'],
  args: [bytes('subcommand'), key('key', 'RW access')],
  reply: any,
  run: ({ db }, { subcommand, key }) => {
    const found = editHyperLogLog(db, key)
    if (found === undefined) throw NO_KEY
    const look = LOOKS[upper(subcommand)]
    if (look === undefined) throw unknown(subcommand)
    return look(found, db)
  },
})

/** PFSELFTEST */
export const pfselftest = command({
  name: 'PFSELFTEST',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Counts known numbers of elements in HyperLogLogs of both forms and checks registers and estimates.',
  complexity: 'O(1), with a million elements to count',
  flags: ['admin'],
  args: [],
  reply: ok,
  run: () => {
    const failure = selfTest()
    if (failure !== undefined) throw err(`TESTFAILED ${failure}`)
    return OK
  },
})
