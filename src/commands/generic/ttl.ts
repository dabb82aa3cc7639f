/** TTL and its family: when a key expires. */
import type { Bytes } from '../../base/bytes.ts'
import { key } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'
import { wholeMs } from '../string/deadline.ts'

const MISSING = -2
const NO_DEADLINE = -1

const seconds = (milliseconds: number): number | bigint => wholeMs(Math.floor((milliseconds + 500) / 1000))

function deadline({ db }: Context, key: Bytes): number {
  return db.peek(key) === undefined ? MISSING : (db.deadline(key) ?? NO_DEADLINE)
}

function remaining(ctx: Context, key: Bytes): number {
  const when = deadline(ctx, key)
  return when < 0 ? when : when - ctx.now
}

const common = {
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  acl: ['keyspace'],
  args: [key('key', 'RO access')],
  reply: int,
} as const

const left = { ...common, tips: ['nondeterministic_output'] } as const

/** TTL key */
export const ttl = command({
  ...left,
  name: 'TTL',
  since: '1.0.0',
  summary: 'Gives the seconds until a key expires: -1 when it never does, -2 when there is none.',
  run: (ctx, { key }) => {
    const ms = remaining(ctx, key)
    return ms < 0 ? ms : seconds(ms)
  },
})

/** PTTL key */
export const pttl = command({
  ...left,
  name: 'PTTL',
  since: '2.6.0',
  summary: 'Gives the milliseconds until a key expires: -1 when it never does, -2 when there is none.',
  run: (ctx, { key }) => wholeMs(remaining(ctx, key)),
})

/** EXPIRETIME key */
export const expiretime = command({
  ...common,
  name: 'EXPIRETIME',
  since: '7.0.0',
  summary: 'Gives the second since 1970 at which a key expires: -1 when it never does, -2 when there is none.',
  run: (ctx, { key }) => {
    const ms = deadline(ctx, key)
    return ms < 0 ? ms : seconds(ms)
  },
})

/** PEXPIRETIME key */
export const pexpiretime = command({
  ...common,
  name: 'PEXPIRETIME',
  since: '7.0.0',
  summary: 'Gives the millisecond since 1970 at which a key expires: -1 when it never does, -2 when there is none.',
  run: (ctx, { key }) => wholeMs(deadline(ctx, key)),
})
