/** CONFIG: directives, read and set while the server runs. */
import { type Bytes, raw } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { MapReply, OK } from '../../base/reply.ts'
import { bytes, many, tail } from '../args/nodes.ts'
import { command, container } from '../command.ts'
import { helpOf } from '../help.ts'
import { bulk, mapOf, ok } from '../shape.ts'

const common = {
  group: 'server',
  flags: ['admin', 'noscript', 'loading', 'stale'],
} as const

/** CONFIG GET parameter [parameter ...] */
const get = command({
  ...common,
  name: 'CONFIG|GET',
  since: '2.0.0',
  summary: 'Tells the values of the directives whose names match any of the patterns.',
  complexity: 'O(N), N directives asked for',
  args: [many('parameters', bytes('parameter'))],
  reply: mapOf(bulk, bulk),
  run: ({ server }, { parameters }) => {
    const found = new Map<string, [string, string]>()
    for (const pattern of parameters) {
      for (const entry of server.config.match(pattern)) {
        const name = entry[0].toLowerCase()
        if (!found.has(name)) found.set(name, entry)
      }
    }
    return new MapReply([...found.values()].flat().map(raw))
  },
})

/** CONFIG SET parameter value [parameter value ...] */
const set = command({
  ...common,
  name: 'CONFIG|SET',
  since: '2.0.0',
  summary: 'Sets directives, all or none of them.',
  complexity: 'O(N), N directives',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  args: [tail('parameters', [bytes('parameter'), bytes('value')], SYNTAX)],
  reply: ok,
  run: ({ server }, { parameters }) => {
    const pairs: [Bytes, Bytes][] = []
    for (let i = 0; i < parameters.length; i += 2) pairs.push([parameters[i]!, parameters[i + 1]!])
    server.config.set(pairs)
    return OK
  },
})

/** CONFIG RESETSTAT */
const resetstat = command({
  ...common,
  name: 'CONFIG|RESETSTAT',
  since: '2.0.0',
  summary: 'Sets the counters that INFO shows back to zero.',
  complexity: 'O(1)',
  args: [],
  reply: ok,
  run: ({ server }) => {
    server.config.resetStat()
    return OK
  },
})

/** CONFIG REWRITE */
const rewrite = command({
  ...common,
  name: 'CONFIG|REWRITE',
  since: '2.8.0',
  summary: 'Makes the configuration file say what is in force.',
  complexity: 'O(N), N directives',
  args: [],
  reply: ok,
  run: ({ server }) => {
    server.config.rewrite()
    return OK
  },
})

/** CONFIG HELP */
const help = helpOf('CONFIG', { group: 'server', since: '5.0.0' }, [
  ['GET <pattern>', 'The directives whose names match <pattern>, with their values.'],
  ['SET <directive> <value>', 'Give <directive> this value.'],
  ['RESETSTAT', "Start INFO's counters again."],
  ['REWRITE', 'Write what is in force to the configuration file.'],
])

/** CONFIG */
export const config = container({
  name: 'CONFIG',
  group: 'server',
  since: '2.0.0',
  summary: 'Directives, read and set while the server runs.',
  subcommands: [get, set, resetstat, rewrite, help],
})
