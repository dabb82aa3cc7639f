/** MEMORY: what values and the store take. Shapes are Redis', figures are estimates of what V8 holds. */
import { SYNTAX } from '../../base/errors.ts'
import { OK, Verbatim } from '../../base/reply.ts'
import { bytesOf } from '../../keyspace/account.ts'
import { stringBytes } from '../../structures/indexed-keys.ts'
import { integer, key, option } from '../args/nodes.ts'
import { command, container } from '../command.ts'
import { helpOf } from '../help.ts'
import { any, bulk, int, nullable, ok } from '../shape.ts'

/** A key's place in its table: its cell of the index, two pointers, its stamp. */
const SLOT_BYTES = 36

const common = {
  group: 'server',
  since: '4.0.0',
  flags: [],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
} as const

/** MEMORY USAGE key [SAMPLES count] */
const memoryUsage = command({
  name: 'MEMORY|USAGE',
  group: 'server',
  since: '4.0.0',
  summary: 'Estimates the memory that a key and its value take; nothing is sampled, so SAMPLES changes nothing.',
  complexity: 'O(1)',
  flags: ['readonly'],
  args: [key('key', 'RO'), option('SAMPLES', integer('count'))],
  reply: nullable(int),
  run: ({ db }, { key, count = 0 }) => {
    if (count < 0) throw SYNTAX
    const value = db.peek(key)
    return value === undefined ? null : SLOT_BYTES + stringBytes(key) + bytesOf(value)
  },
})

/** MEMORY STATS */
const memoryStats = command({
  ...common,
  name: 'MEMORY|STATS',
  summary: 'Tells how much memory is used, and for what.',
  complexity: 'O(N), N clients',
  args: [],
  reply: any,
  run: ({ server }) => server.memory.statistics(),
})

/** MEMORY DOCTOR */
const memoryDoctor = command({
  ...common,
  name: 'MEMORY|DOCTOR',
  summary: 'Looks for what is wrong with the use of memory.',
  complexity: 'O(N), N clients',
  args: [],
  reply: bulk,
  run: ({ server }) => new Verbatim(server.memory.doctor()),
})

/** MEMORY MALLOC-STATS */
const memoryMallocStats = command({
  ...common,
  name: 'MEMORY|MALLOC-STATS',
  summary: "Prints the spaces of V8's heap.",
  complexity: 'O(1)',
  args: [],
  reply: bulk,
  run: ({ server }) => new Verbatim(server.memory.allocator()),
})

/** MEMORY PURGE */
const memoryPurge = command({
  name: 'MEMORY|PURGE',
  group: 'server',
  since: '4.0.0',
  summary: 'Collects garbage now; everybody waits for it.',
  complexity: 'O(N), N objects in the heap',
  flags: [],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  args: [],
  reply: ok,
  run: ({ server }) => {
    server.memory.purge()
    return OK
  },
})

/** MEMORY HELP */
const help = helpOf('MEMORY', { group: 'server', since: '4.0.0' }, [
  ['DOCTOR', 'What is wrong with the use of memory.'],
  ['MALLOC-STATS', "The spaces of V8's heap."],
  ['PURGE', 'Collects garbage now.'],
  ['STATS', 'How much memory is used, and for what.'],
  [
    'USAGE <key> [SAMPLES <count>]',
    'An estimate of the bytes that <key> and its value take,',
    'from <count> elements (5 when not said, all for 0).',
  ],
])

/** MEMORY */
export const memory = container({
  name: 'MEMORY',
  group: 'server',
  since: '4.0.0',
  summary: 'Tells how memory is used.',
  subcommands: [memoryDoctor, help, memoryMallocStats, memoryPurge, memoryStats, memoryUsage],
})
