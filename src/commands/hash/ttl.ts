/** HTTL and its family: when fields of a hash expire. */
import type { Bytes } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { HASH } from '../../keyspace/value.ts'
import { key, late } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, int } from '../shape.ts'
import { COUNT_NOT_POSITIVE, FIELDS, NO_DEADLINE, NO_FIELD, readFields } from './fields.ts'

/** Answers for each field what `show` makes of its deadline. */
function deadlines({ db }: Context, key: Bytes, words: readonly Bytes[], show: (whenMs: number) => number): Reply {
  const hash = db.find(key, HASH)
  return readFields(words, 0, COUNT_NOT_POSITIVE).map((field) => {
    if (!hash?.has(field)) return NO_FIELD
    const when = hash.deadline(field)
    return when === undefined ? NO_DEADLINE : show(when)
  })
}

/** Unlike TTL, these round up. */
const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000)

const common = {
  group: 'hash',
  since: '7.4.0',
  complexity: 'O(N), N fields named',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO access'), late('words', [FIELDS])],
  reply: arrayOf(int),
} as const

const left = { ...common, tips: ['nondeterministic_output'] } as const

/** HTTL key FIELDS numfields field [field ...] */
export const httl = command({
  ...left,
  name: 'HTTL',
  summary: 'Gives the seconds until fields expire: -1 for one that never does, -2 for one that is not there.',
  run: (ctx, { key, words }) => deadlines(ctx, key, words, (when) => seconds(when - ctx.now)),
})

/** HPTTL key FIELDS numfields field [field ...] */
export const hpttl = command({
  ...left,
  name: 'HPTTL',
  summary: 'Gives the milliseconds until fields expire: -1 for one that never does, -2 for one that is not there.',
  run: (ctx, { key, words }) => deadlines(ctx, key, words, (when) => when - ctx.now),
})

/** HEXPIRETIME key FIELDS numfields field [field ...] */
export const hexpiretime = command({
  ...common,
  name: 'HEXPIRETIME',
  summary: 'Gives the seconds since 1970 at which fields expire: -1 for never, -2 for one that is not there.',
  run: (ctx, { key, words }) => deadlines(ctx, key, words, seconds),
})

/** HPEXPIRETIME key FIELDS numfields field [field ...] */
export const hpexpiretime = command({
  ...common,
  name: 'HPEXPIRETIME',
  summary: 'Gives the milliseconds since 1970 at which fields expire: -1 for never, -2 for one that is not there.',
  run: (ctx, { key, words }) => deadlines(ctx, key, words, (when) => when),
})
