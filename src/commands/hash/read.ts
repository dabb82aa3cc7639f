/** Reading hashes: by field, whole, and their sizes. */
import type { Bytes } from '../../base/bytes.ts'
import { MapReply, type Reply } from '../../base/reply.ts'
import { HASH } from '../../keyspace/value.ts'
import { bytes, key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, int, mapOf, nullable } from '../shape.ts'

const lookUp = ({ db }: Context, key: Bytes, field: Bytes): Reply => db.find(key, HASH)?.get(field) ?? null

const common = { group: 'hash', since: '2.0.0', complexity: 'O(1)', flags: ['readonly', 'fast'] } as const

const whole = {
  group: 'hash',
  since: '2.0.0',
  complexity: 'O(N), N fields of the hash',
  flags: ['readonly'],
  args: [key('key', 'RO access')],
  tips: ['nondeterministic_output_order'],
} as const

/** HGET key field */
export const hget = command({
  ...common,
  name: 'HGET',
  summary: 'Gives the value of a field.',
  args: [key('key', 'RO access'), bytes('field')],
  reply: nullable(bulk),
  run: (ctx, { key, field }) => lookUp(ctx, key, field),
  fast: (ctx, argv) => lookUp(ctx, argv[1]!, argv[2]!),
})

/** HMGET key field [field ...] */
export const hmget = command({
  ...common,
  name: 'HMGET',
  summary: 'Gives the values of fields.',
  complexity: 'O(N), N fields asked for',
  args: [key('key', 'RO access'), many('fields', bytes('field'))],
  reply: arrayOf(nullable(bulk)),
  run: ({ db }, { key, fields }) => {
    const hash = db.find(key, HASH)
    return fields.map((field) => hash?.get(field) ?? null)
  },
})

/** HEXISTS key field */
export const hexists = command({
  ...common,
  name: 'HEXISTS',
  summary: 'Tells whether a hash has a field.',
  args: [key('key', 'RO'), bytes('field')],
  reply: int,
  run: ({ db }, { key, field }) => (db.find(key, HASH)?.has(field) ? 1 : 0),
})

/** HLEN key */
export const hlen = command({
  ...common,
  name: 'HLEN',
  summary: 'Counts the fields of a hash.',
  args: [key('key', 'RO')],
  reply: int,
  run: ({ db }, { key }) => db.find(key, HASH)?.size ?? 0,
})

/** HSTRLEN key field */
export const hstrlen = command({
  ...common,
  name: 'HSTRLEN',
  since: '3.2.0',
  summary: 'Gives the length of a value in bytes.',
  args: [key('key', 'RO'), bytes('field')],
  reply: int,
  run: ({ db }, { key, field }) => db.find(key, HASH)?.get(field)?.length ?? 0,
})

/** HGETALL key */
export const hgetall = command({
  ...whole,
  name: 'HGETALL',
  summary: 'Gives all fields with their values.',
  reply: mapOf(bulk, bulk),
  run: ({ db }, { key }) => new MapReply(db.find(key, HASH)?.entries() ?? []),
})

/** HKEYS key */
export const hkeys = command({
  ...whole,
  name: 'HKEYS',
  summary: 'Gives all fields.',
  reply: arrayOf(bulk),
  run: ({ db }, { key }) => db.find(key, HASH)?.fields() ?? [],
})

/** HVALS key */
export const hvals = command({
  ...whole,
  name: 'HVALS',
  summary: 'Gives all values.',
  reply: arrayOf(bulk),
  run: ({ db }, { key }) => db.find(key, HASH)?.values() ?? [],
})
