/** SLOWLOG: the commands that took long. */
import type { Argv } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import { integer, optional } from '../args/nodes.ts'
import { command, container } from '../command.ts'
import { helpOf } from '../help.ts'
import { arrayOf, bulk, int, ok, tuple } from '../shape.ts'

const USUAL_COUNT = 10
const NO_COUNT = err('count should be greater than or equal to -1')

const common = {
  group: 'server',
  since: '2.2.12',
  flags: ['admin', 'loading', 'stale'],
} as const

/** Redis finds the surplus word itself, with a text of its own. */
function atMostOne(argv: Argv): undefined {
  if (argv.length <= 3) return undefined
  throw err(`unknown subcommand or wrong number of arguments for '${argv[1]!.slice(0, 128)}'. Try SLOWLOG HELP.`)
}

/** SLOWLOG GET [count] */
const get = command({
  ...common,
  name: 'SLOWLOG|GET',
  summary: 'Shows the newest slow commands: number, time, microseconds, words, client.',
  complexity: 'O(N), N entries shown',
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  args: [optional(integer('count', { min: -1, invalid: NO_COUNT, outside: NO_COUNT }))],
  reply: arrayOf(tuple(int, int, int, arrayOf(bulk), bulk, bulk)),
  run: ({ server: { slowLog } }, { count = USUAL_COUNT }) =>
    slowLog
      .latest(count === -1 ? slowLog.length : count)
      .map(({ id, seconds, micros, argv, address, name }) => [id, seconds, micros, argv, address, name]),
  fast: (_ctx, argv) => atMostOne(argv),
})

/** SLOWLOG LEN */
const len = command({
  ...common,
  name: 'SLOWLOG|LEN',
  summary: 'Counts the slow commands that are kept.',
  complexity: 'O(1)',
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  args: [],
  reply: int,
  run: ({ server }) => server.slowLog.length,
})

/** SLOWLOG RESET */
const reset = command({
  ...common,
  name: 'SLOWLOG|RESET',
  summary: 'Forgets the slow commands.',
  complexity: 'O(N), N entries',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  args: [],
  reply: ok,
  run: ({ server }) => {
    server.slowLog.reset()
    return OK
  },
})

/** SLOWLOG HELP */
const help = helpOf('SLOWLOG', { group: 'server', since: '6.2.0' }, [
  [
    'GET [<count>]',
    'The newest <count> entries (10 when not said, all for -1).',
    'Each has:',
    'number, time, microseconds, words, address and port of the client,',
    'its name',
  ],
  ['LEN', 'How many entries there are.'],
  ['RESET', 'Forget them.'],
])

/** SLOWLOG */
export const slowlog = container({
  name: 'SLOWLOG',
  group: 'server',
  since: '2.2.12',
  summary: 'The commands that took long.',
  subcommands: [get, len, reset, help],
})
