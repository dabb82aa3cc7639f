/** PFADD, PFCOUNT and PFMERGE: counting distinct elements. */
import type { Bytes } from '../../base/bytes.ts'
import { OK, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import type { Growable } from '../../structures/growable.ts'
import {
  addElement,
  estimateOf,
  forgetEstimate,
  formOf,
  keptEstimate,
  mergeInto,
  newHyperLogLog,
  newRegisters,
  raiseAll,
  refreshEstimate,
  toDense,
} from '../../structures/hyperloglog.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import { int, ok } from '../shape.ts'
import { CORRUPT, editHyperLogLog, findHyperLogLog } from './hll-value.ts'

/** The HyperLogLog at a key, made when there is none. */
function obtain(db: Database, key: Bytes): { readonly found: Growable; readonly isNew: boolean } {
  const found = editHyperLogLog(db, key)
  if (found !== undefined) return { found, isNew: false }
  const made = newHyperLogLog()
  db.put(key, made)
  return { found: made, isNew: true }
}

/** PFADD key [element [element ...]] */
export const pfadd = command({
  name: 'PFADD',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Counts elements in a HyperLogLog, made when it is missing; tells whether its estimate may have changed.',
  complexity: 'O(N), N elements',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW insert'), many('elements', bytes('element'), 0)],
  reply: int,
  run: ({ db }, { key, elements }) => {
    const { found, isNew } = obtain(db, key)
    let changed = isNew
    for (const element of elements) {
      const added = addElement(found, element)
      // What was added before stays, unreported, as in Redis.
      if (added === 'corrupt') throw CORRUPT
      if (added === 'changed') changed = true
    }
    if (!changed) return 0
    db.touched(key)
    db.event(EVENT.string, 'pfadd', key)
    return 1
  },
})

/** The estimate for one HyperLogLog, kept in its header until something is added. */
function countOne(db: Database, key: Bytes): Reply {
  if (findHyperLogLog(db, key) === undefined) return 0
  const found = editHyperLogLog(db, key)!
  const kept = keptEstimate(found)
  if (kept !== undefined) return kept
  const count = refreshEstimate(found)
  if (count === undefined) throw CORRUPT
  // A read that changes the string: watchers and the log hear of it, but there is no event.
  db.touched(key)
  db.effect(argvOf('PFCOUNT', key))
  return count
}

/** Raises registers to those of all HyperLogLogs at these keys; tells whether any of them is dense. */
function merge(db: Database, keys: readonly Bytes[], registers: Uint8Array): boolean {
  let dense = false
  for (const key of keys) {
    const found = findHyperLogLog(db, key)
    if (found === undefined) continue
    if (formOf(found.bytes) === 'dense') dense = true
    if (!mergeInto(registers, found.bytes, found.length)) throw CORRUPT
  }
  return dense
}

/** PFCOUNT key [key ...] */
export const pfcount = command({
  name: 'PFCOUNT',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Estimates how many distinct elements were counted in a HyperLogLog, or in several together.',
  complexity: 'O(1) for one key; O(N) for N keys, each a walk over its registers',
  flags: ['readonly'],
  args: [many('keys', key('key', 'RW access'))],
  reply: int,
  run: ({ db }, { keys }) => {
    if (keys.length === 1) return countOne(db, keys[0]!)
    const registers = newRegisters()
    merge(db, keys, registers)
    return estimateOf(registers)
  },
})

/** PFMERGE destkey [sourcekey [sourcekey ...]] */
export const pfmerge = command({
  name: 'PFMERGE',
  group: 'hyperloglog',
  since: '2.8.9',
  summary: 'Counts in one HyperLogLog, made when it is missing, all that was counted in others.',
  complexity: 'O(N), N HyperLogLogs, each a walk over its registers',
  flags: ['write', 'denyoom'],
  args: [key('destkey', 'RW access insert'), many('sourcekeys', key('sourcekey', 'RO access'), 0)],
  reply: ok,
  run: ({ db }, { destkey, sourcekeys }) => {
    const registers = newRegisters()
    const dense = merge(db, [destkey, ...sourcekeys], registers)
    const { found } = obtain(db, destkey)
    if (dense) toDense(found)
    raiseAll(found, registers)
    forgetEstimate(found)
    db.touched(destkey)
    db.event(EVENT.string, 'pfadd', destkey)
    return OK
  },
})
