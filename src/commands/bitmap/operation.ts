/** BITOP: strings combined bit by bit into another one. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { type BitOperation, type BitSource, combineBits } from '../../structures/bits.ts'
import { Growable } from '../../structures/growable.ts'
import { choice, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'
import { buffered } from '../string/string-value.ts'

const NOT_TAKES_ONE = err('BITOP NOT must be called with a single source key.')
const OPERATIONS: readonly BitOperation[] = ['AND', 'OR', 'XOR', 'NOT']
const MISSING: BitSource = { bytes: new Uint8Array(0), length: 0 }

function store(db: Database, destkey: Bytes, operation: BitOperation, sources: readonly BitSource[]): number {
  const length = sources.reduce((longest, source) => Math.max(longest, source.length), 0)
  if (length > 0) {
    const result = new Growable(length)
    result.extend(length)
    combineBits(operation, sources, result.bytes)
    db.put(destkey, result)
    db.touched(destkey)
    db.event(EVENT.string, 'set', destkey)
  } else if (db.remove(destkey)) {
    db.touched(destkey)
    db.event(EVENT.generic, 'del', destkey)
  }
  return length
}

/** BITOP <AND | OR | XOR | NOT> destkey key [key ...] */
export const bitop = command({
  name: 'BITOP',
  group: 'bitmap',
  since: '2.6.0',
  summary: 'Combines strings bit by bit, shorter ones filled up with zeros, and stores what comes of it.',
  complexity: 'O(N), N bytes of all strings',
  flags: ['write', 'denyoom'],
  args: [choice('operation', OPERATIONS), key('destkey', 'OW update'), many('keys', key('key', 'RO access'))],
  reply: int,
  run: ({ db }, { operation, destkey, keys }) => {
    if (operation === 'NOT' && keys.length !== 1) throw NOT_TAKES_ONE
    const sources = keys.map((source) => {
      const value = db.find(source, STRING)
      return value === undefined ? MISSING : buffered(value)
    })
    return store(db, destkey, operation, sources)
  },
})
