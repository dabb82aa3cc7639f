/** HSET and its family: storing fields. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import { wrongArity } from '../../base/errors.ts'
import { OK, type Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { HASH } from '../../keyspace/value.ts'
import { FieldHash } from '../../structures/field-hash.ts'
import { bytes, key, tail } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int, ok } from '../shape.ts'

const newHash = (): FieldHash => new FieldHash()

/** Stores the pairs that stand in `words` from index `from`; answers how many fields are new. */
function store({ db }: Context, key: Bytes, words: Argv, from: number): number {
  const hash = db.obtain(key, HASH, newHash)
  let added = 0
  for (let i = from; i < words.length; i += 2) if (hash.set(words[i]!, words[i + 1]!)) added++
  db.answered()
  db.touched(key)
  db.event(EVENT.hash, 'hset', key)
  return added
}

const common = {
  group: 'hash',
  since: '2.0.0',
  flags: ['write', 'denyoom', 'fast'],
} as const

/** HSET key field value [field value ...] */
export const hset = command({
  ...common,
  name: 'HSET',
  summary: 'Stores values in fields of a hash, made when it is missing; answers how many fields are new.',
  complexity: 'O(N), N fields stored',
  args: [key('key', 'RW update'), tail('pairs', [bytes('field'), bytes('value')], wrongArity('HSET'))],
  reply: int,
  run: (ctx, { key, pairs }) => store(ctx, key, pairs, 0),
  fast: (ctx, argv) => (argv.length % 2 === 0 ? store(ctx, argv[1]!, argv, 2) : undefined),
})

/** HMSET key field value [field value ...] */
export const hmset = command({
  ...common,
  name: 'HMSET',
  summary: 'Stores values in fields of a hash, made when it is missing.',
  complexity: 'O(N), N fields stored',
  args: [key('key', 'RW update'), tail('pairs', [bytes('field'), bytes('value')], wrongArity('HMSET'))],
  reply: ok,
  deprecated: { since: '4.0.0', use: '`HSET` with multiple field-value pairs' },
  run: (ctx, { key, pairs }) => {
    store(ctx, key, pairs, 0)
    return OK
  },
})

/** HSETNX key field value */
export const hsetnx = command({
  ...common,
  name: 'HSETNX',
  summary: 'Stores a value in a field of a hash unless the field exists; answers whether it was stored.',
  complexity: 'O(1)',
  args: [key('key', 'RW insert'), bytes('field'), bytes('value')],
  reply: int,
  run: ({ db }, { key, field, value }): Reply => {
    const hash = db.obtain(key, HASH, newHash)
    if (hash.has(field)) return 0
    hash.set(field, value)
    db.answered()
    db.touched(key)
    db.event(EVENT.hash, 'hset', key)
    return 1
  },
})
