/** OBJECT: how a value is held. */
import { type Bytes, raw } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reading, Value } from '../../keyspace/value.ts'
import { key } from '../args/nodes.ts'
import { command, container } from '../command.ts'
import type { Context } from '../context.ts'
import { helpOf } from '../help.ts'
import { int, nullable, status } from '../shape.ts'
import { stringEncodingOf } from '../string/string-value.ts'

const NO_LRU = err(
  'An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
)
const NO_LFU = err(
  'An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
)
/** Redis shares the integers below 10,000 and says so by this count. */
const SHARED_END = 10000
const SHARED_COUNT = 2147483647

/** A value looked at without use or keymiss event, as only OBJECT does. */
function look({ db, keyspace }: Context, key: Bytes): Reading<Value> | undefined {
  if (db.has(key)) return db.peek(key)
  keyspace.misses++
  return undefined
}

/** OBJECT ENCODING of any value. */
export function encodingOf(value: Reading<Value>): Bytes {
  return raw(typeof value === 'object' && 'encoding' in value ? value.encoding() : stringEncodingOf(value))
}

const common = {
  group: 'generic',
  complexity: 'O(1)',
  flags: ['readonly'],
  acl: ['keyspace'],
  args: [key('key', 'RO')],
  tips: ['nondeterministic_output'],
} as const

/** OBJECT ENCODING key */
const objectEncoding = command({
  ...common,
  name: 'OBJECT|ENCODING',
  since: '2.2.3',
  summary: 'Names the form in which a value is held.',
  reply: nullable(status()),
  run: (ctx, { key }) => {
    const value = look(ctx, key)
    return value === undefined ? null : encodingOf(value)
  },
})

/** OBJECT REFCOUNT key */
const objectRefcount = command({
  ...common,
  name: 'OBJECT|REFCOUNT',
  since: '2.2.3',
  summary: 'Gives how often a value is referred to: 1, or the largest 32-bit integer for small shared integers.',
  reply: nullable(int),
  run: (ctx, { key }) => {
    const value = look(ctx, key)
    if (value === undefined) return null
    const isShared = typeof value === 'number' && value >= 0 && value < SHARED_END && ctx.server.memory.sharesIntegers
    return isShared ? SHARED_COUNT : 1
  },
})

/** OBJECT IDLETIME key */
const objectIdletime = command({
  ...common,
  name: 'OBJECT|IDLETIME',
  since: '2.2.3',
  summary: 'Gives the seconds since a value was last used.',
  reply: nullable(int),
  run: (ctx, { key }) => {
    if (look(ctx, key) === undefined) return null
    if (ctx.server.memory.isLfu) throw NO_LRU
    const seconds = Math.floor(ctx.now / 1000)
    return Math.max(seconds - (ctx.db.stampOf(key) ?? seconds), 0)
  },
})

/** OBJECT FREQ key */
const objectFreq = command({
  ...common,
  name: 'OBJECT|FREQ',
  since: '4.0.0',
  summary: 'Gives the logarithm of how often a value is used, under an LFU policy.',
  reply: nullable(int),
  run: (ctx, { key }) => {
    if (look(ctx, key) === undefined) return null
    const { memory } = ctx.server
    if (!memory.isLfu) throw NO_LFU
    return memory.frequency(ctx.db.stampOf(key) ?? 0)
  },
})

/** OBJECT HELP */
const objectHelp = helpOf('OBJECT', { group: 'generic', since: '6.2.0', acl: ['keyspace'] }, [
  ['ENCODING <key>', 'The form in which', 'the value at <key> is held.'],
  ['FREQ <key>', 'How often <key> is used,', 'as a logarithm; under an LFU policy.'],
  ['IDLETIME <key>', 'Seconds since', '<key> was last used.'],
  ['REFCOUNT <key>', 'How often the value', 'at <key> is referred to.'],
])

/** OBJECT */
export const object = container({
  name: 'OBJECT',
  group: 'generic',
  since: '2.2.3',
  summary: 'Tells how a value is held.',
  subcommands: [objectEncoding, objectFreq, objectHelp, objectIdletime, objectRefcount],
})
