/** LATENCY: what was slow and when, and how long commands take. */
import { type Bytes, bytes as bytesOf, raw, text } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { MapReply, type Reply, Verbatim } from '../../base/reply.ts'
import { bytes, many } from '../args/nodes.ts'
import { type Command, command, container } from '../command.ts'
import type { Context } from '../context.ts'
import { helpOf } from '../help.ts'
import { any, arrayOf, bulk, int, mapOf, tuple } from '../shape.ts'

const common = {
  group: 'server',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
} as const

/** LATENCY DOCTOR */
const doctor = command({
  ...common,
  name: 'LATENCY|DOCTOR',
  since: '2.8.13',
  summary: 'Tells in words what was slow and what to look at.',
  complexity: 'O(1)',
  args: [],
  reply: bulk,
  run: ({ server, now }) => new Verbatim(bytesOf(server.latency.report(now))),
})

/** LATENCY GRAPH event */
const graph = command({
  ...common,
  name: 'LATENCY|GRAPH',
  since: '2.8.13',
  summary: 'Draws the samples of a kind of event.',
  complexity: 'O(1)',
  args: [bytes('event')],
  reply: bulk,
  run: ({ server, now }, { event }) => {
    const drawn = server.latency.graph(text(event), now)
    if (drawn === undefined) throw err(`No samples available for event '${event}'`)
    return new Verbatim(bytesOf(drawn))
  },
})

/** LATENCY HISTORY event */
const history = command({
  ...common,
  name: 'LATENCY|HISTORY',
  since: '2.8.13',
  summary: 'Lists the samples of a kind of event: time in seconds, milliseconds.',
  complexity: 'O(1)',
  args: [bytes('event')],
  reply: arrayOf(tuple(int, int)),
  run: ({ server }, { event }) =>
    (server.latency.events.get(text(event))?.samples ?? []).map(({ seconds, ms }) => [seconds, ms]),
})

/** LATENCY LATEST */
const latest = command({
  ...common,
  name: 'LATENCY|LATEST',
  since: '2.8.13',
  summary: 'Lists for every kind of event its last sample, and the worst ever.',
  complexity: 'O(1)',
  args: [],
  reply: arrayOf(tuple(bulk, int, int, int)),
  run: ({ server }) =>
    [...server.latency.events].map(([name, { samples, worstMs }]) => {
      const last = samples.at(-1)!
      return [bytesOf(name), last.seconds, last.ms, worstMs]
    }),
})

/** LATENCY RESET [event [event ...]] */
const reset = command({
  ...common,
  name: 'LATENCY|RESET',
  since: '2.8.13',
  summary: 'Forgets the samples of some kinds of events, or all.',
  complexity: 'O(1)',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  args: [many('events', bytes('event'), 0)],
  reply: int,
  run: ({ server }, { events }) => server.latency.reset(events.map(text)),
})

/** LATENCY HISTOGRAM [command [command ...]] */
const histogram = command({
  ...common,
  name: 'LATENCY|HISTOGRAM',
  since: '7.0.0',
  summary: 'Tells how many runs of commands took how long.',
  complexity: 'O(N), N commands with figures',
  args: [many('commands', bytes('command'), 0)],
  reply: mapOf(bulk, any),
  run: (ctx, { commands }) => new MapReply(asked(ctx, commands).flatMap((each) => figures(ctx, each))),
})

/** Commands that can run: the subcommands of a container in its place. */
function asked({ server: { table } }: Context, names: readonly Bytes[]): readonly Command[] {
  const found = names.length === 0 ? table.all : names.flatMap((name) => table.named(name) ?? [])
  return found.flatMap((each) => [each, ...each.subcommands.values()])
}

function figures({ server: { latency } }: Context, each: Command): readonly Reply[] {
  const found = latency.histogram(each)
  if (found === undefined) return []
  const levels = new MapReply(found.cumulative().flat())
  return [raw(each.lowerName), new MapReply([raw('calls'), found.total, raw('histogram_usec'), levels])]
}

/** LATENCY HELP */
const help = helpOf('LATENCY', { group: 'server', since: '2.8.13' }, [
  ['DOCTOR', 'What was slow, in words.'],
  ['GRAPH <event>', 'The samples of the <event> class as a curve.'],
  ['HISTORY <event>', 'The samples of the <event> class.'],
  ['LATEST', 'The last sample of every class.'],
  ['RESET [<event> ...]', 'Forget the samples of these classes.', '(all of them when none is named)'],
  [
    'HISTOGRAM [COMMAND ...]',
    'How many runs of each command took how long.',
    'All commands that have run when none is named.',
  ],
])

/** LATENCY */
export const latency = container({
  name: 'LATENCY',
  group: 'server',
  since: '2.8.13',
  summary: 'What was slow and when, and how long commands take.',
  subcommands: [doctor, graph, histogram, history, latest, reset, help],
})
