/** SADD, SREM, SMOVE: adding, removing and moving members. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { SET } from '../../keyspace/value.ts'
import { StringSet } from '../../structures/string-set.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'

const newSet = (): StringSet => new StringSet()

/** Adds the words from index `from`; answers how many are new. */
function add({ db }: Context, key: Bytes, words: Argv, from: number): number {
  const set = db.obtain(key, SET, newSet)
  let added = 0
  for (let i = from; i < words.length; i++) if (set.add(words[i]!)) added++
  if (added > 0) {
    db.touched(key)
    db.event(EVENT.set, 'sadd', key)
  }
  return added
}

/** SADD key member [member ...] */
export const sadd = command({
  name: 'SADD',
  group: 'set',
  since: '1.0.0',
  summary: 'Adds members to a set, made when it is missing; answers how many are new.',
  complexity: 'O(N), N members named',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW insert'), many('members', bytes('member'))],
  reply: int,
  run: (ctx, { key, members }) => add(ctx, key, members, 0),
  fast: (ctx, argv) => add(ctx, argv[1]!, argv, 2),
})

/** SREM key member [member ...] */
export const srem = command({
  name: 'SREM',
  group: 'set',
  since: '1.0.0',
  summary: 'Removes members and answers how many there were; an empty set is removed.',
  complexity: 'O(N), N members named',
  flags: ['write', 'fast'],
  args: [key('key', 'RW delete'), many('members', bytes('member'))],
  reply: int,
  run: ({ db }, { key, members }) => {
    const set = db.edit(key, SET)
    if (set === undefined) return 0
    let removed = 0
    for (const member of members) if (set.delete(member)) removed++
    if (removed === 0) return 0
    db.touched(key)
    db.event(EVENT.set, 'srem', key)
    db.dropIfEmpty(key, set)
    return removed
  },
})

/** SMOVE source destination member */
export const smove = command({
  name: 'SMOVE',
  group: 'set',
  since: '1.0.0',
  summary: 'Moves a member from one set to another; answers whether it was there.',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: [key('source', 'RW access delete'), key('destination', 'RW insert'), bytes('member')],
  reply: int,
  run: ({ db }, { source, destination, member }) => {
    const from = db.edit(source, SET)
    if (from === undefined) return 0
    // Also throws for a destination of another type, before anything changes.
    const to = db.edit(destination, SET)
    if (from === to) return from.has(member) ? 1 : 0
    if (!from.delete(member)) return 0
    db.event(EVENT.set, 'srem', source)
    db.dropIfEmpty(source, from)
    db.touched(source)
    const target = to ?? db.obtain(destination, SET, newSet)
    if (target.add(member)) {
      db.touched(destination)
      db.event(EVENT.set, 'sadd', destination)
    }
    return 1
  },
})
