/** XSETID: setting a stream's counters, as replication and repair need it. */
import { type Argv, upper } from '../../base/bytes.ts'
import { err, NO_SUCH_KEY, SYNTAX } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STREAM } from '../../keyspace/value.ts'
import { compareIds, isMinId, type StreamId } from '../../structures/stream-id.ts'
import { integer, key, type Node, option, type Text } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { ok } from '../shape.ts'
import { idArg, readId } from './stream-id-arg.ts'

const ENTRIES_NEGATIVE = { min: 0, outside: err('entries_added must be positive') }
const BELOW_GIVEN_DELETED = err('The ID specified in XSETID is smaller than the provided max_deleted_entry_id')
const BELOW_TOP = err('The ID specified in XSETID is smaller than the target stream top item')
const FEWER_THAN_LENGTH = err('The entries_added specified in XSETID is smaller than the target stream length')

/** An id is compared with the one before it as it is read: the order of errors. */
function readWords(argv: Argv) {
  const lastid = readId(argv[2]!)
  let entriesadded: number | undefined
  let maxdeletedid: StreamId | undefined
  for (let i = 3; i < argv.length; i += 2) {
    const word = argv[i + 1]
    const option = upper(argv[i]!)
    if (option === 'ENTRIESADDED' && word !== undefined) entriesadded = readInteger(word, ENTRIES_NEGATIVE)
    else if (option === 'MAXDELETEDID' && word !== undefined) {
      maxdeletedid = readId(word)
      if (compareIds(lastid, maxdeletedid) < 0) throw BELOW_GIVEN_DELETED
    } else throw SYNTAX
  }
  return { key: argv[1]!, lastid, entriesadded, maxdeletedid }
}

const MAX_DELETED: Node<'maxdeletedid', StreamId, Text, true> = option('MAXDELETEDID', idArg('maxdeletedid'))

/** XSETID key lastid [ENTRIESADDED entriesadded] [MAXDELETEDID maxdeletedid] */
export const xsetid = command({
  name: 'XSETID',
  group: 'stream',
  since: '5.0.0',
  summary: 'Sets the last id of a stream, and the counts of what was added and deleted.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW update'), idArg('lastid'), option('ENTRIESADDED', integer('entriesadded')), MAX_DELETED],
  parse: readWords,
  reply: ok,
  run: ({ db }, { key, lastid, entriesadded, maxdeletedid }) => {
    const stream = db.edit(key, STREAM)
    if (stream === undefined) throw NO_SUCH_KEY
    const { newestId } = stream
    if (newestId !== undefined) {
      if (compareIds(lastid, newestId) < 0) throw BELOW_TOP
      if (entriesadded !== undefined && stream.size > entriesadded) throw FEWER_THAN_LENGTH
    }
    stream.lastId = lastid
    if (entriesadded !== undefined) stream.entriesAdded = entriesadded
    if (maxdeletedid !== undefined && !isMinId(maxdeletedid)) stream.maxDeletedId = maxdeletedid
    db.answered()
    db.changed()
    db.event(EVENT.stream, 'xsetid', key)
    return OK
  },
})
