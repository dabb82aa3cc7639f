/** Asking sets about their members. */
import type { Bytes } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import { SetReply } from '../../base/reply.ts'
import { SET } from '../../keyspace/value.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { SCAN_ARGS, SCAN_COUNT, scanAbsent, scanWants } from '../args/scan.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, int, setOf, tuple } from '../shape.ts'

const isMember = ({ db }: Context, key: Bytes, member: Bytes): number => (db.find(key, SET)?.has(member) ? 1 : 0)

/** SISMEMBER key member */
export const sismember = command({
  name: 'SISMEMBER',
  group: 'set',
  since: '1.0.0',
  summary: 'Tells whether a set has a member.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO'), bytes('member')],
  reply: int,
  run: (ctx, { key, member }) => isMember(ctx, key, member),
  fast: (ctx, argv) => isMember(ctx, argv[1]!, argv[2]!),
})

/** SMISMEMBER key member [member ...] */
export const smismember = command({
  name: 'SMISMEMBER',
  group: 'set',
  since: '6.2.0',
  summary: 'Tells of several words which are members of a set.',
  complexity: 'O(N), N members named',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO access'), many('members', bytes('member'))],
  reply: arrayOf(int),
  run: ({ db }, { key, members }) => {
    const set = db.find(key, SET)
    return members.map((member) => (set?.has(member) ? 1 : 0))
  },
})

/** SCARD key */
export const scard = command({
  name: 'SCARD',
  group: 'set',
  since: '1.0.0',
  summary: 'Counts the members of a set.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO')],
  reply: int,
  run: ({ db }, { key }) => db.find(key, SET)?.size ?? 0,
})

/** SMEMBERS key */
export const smembers = command({
  name: 'SMEMBERS',
  group: 'set',
  since: '1.0.0',
  summary: 'Gives all members of a set.',
  complexity: 'O(N), N members of the set',
  flags: ['readonly'],
  args: [key('key', 'RO access')],
  reply: setOf(bulk),
  tips: ['nondeterministic_output_order'],
  run: ({ db }, { key }) => new SetReply(db.find(key, SET)?.members() ?? []),
})

/** SSCAN key cursor [MATCH pattern] [COUNT count] */
export const sscan = command({
  name: 'SSCAN',
  group: 'set',
  since: '2.8.0',
  summary: 'Gives some members and a cursor to go on with; an intset comes at once.',
  complexity: 'O(count)',
  flags: ['readonly'],
  args: [key('key', 'RO access'), ...SCAN_ARGS],
  reply: tuple(bulk, arrayOf(bulk)),
  tips: ['nondeterministic_output'],
  run: ({ db }, { key, cursor, pattern, count }) => {
    const found: Bytes[] = []
    const next = db.find(key, SET)?.scan(cursor, count ?? SCAN_COUNT, (member) => {
      if (scanWants(pattern, member)) found.push(member)
    })
    return [formatInteger(next ?? 0), found]
  },
  fast: (ctx, argv) => scanAbsent(ctx, argv, SET),
})
