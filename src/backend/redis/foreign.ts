/**
 * Commands that Redis has and our table lacks: where their keys stand, and which nodes of a cluster they are for.
 *
 * The one idea: what is sent by `db.call` need not be ours, but has to reach the right node. A command that gets into the table
 * is found there first.
 */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import type { KeySpec } from '../../commands/args/key-specs.ts'
import type { Command, Flag } from '../../commands/command.ts'

/** What has to be known of a command to send it. */
export interface Sendable {
  readonly name: string
  readonly flags: ReadonlySet<Flag>
  readonly keySpecs: readonly KeySpec[]
  readonly tips: readonly string[]
}

const none = (): KeySpec[] => []
const oneKey = (index: number): KeySpec[] => [{ flags: [], begin: { index }, find: { lastKey: 0, step: 1, limit: 0 } }]
const counted = (index: number): KeySpec[] => [{ flags: [], begin: { index }, find: { numAt: 0, firstAt: 1, step: 1 } }]

const EVERYWHERE = ['request_policy:all_shards', 'response_policy:all_succeeded']
const ANYWHERE = ['request_policy:all_shards', 'response_policy:one_succeeded']

const rows: readonly (readonly [names: string, keys: KeySpec[], flags: readonly Flag[], tips: readonly string[]])[] = [
  ['EVAL EVALSHA FCALL', counted(2), [], []],
  ['EVAL_RO EVALSHA_RO FCALL_RO', counted(2), ['readonly'], []],
  ['DUMP', oneKey(1), ['readonly'], []],
  ['RESTORE', oneKey(1), ['write'], []],
  ['SCRIPT|LOAD SCRIPT|FLUSH', none(), [], EVERYWHERE],
  ['SCRIPT|EXISTS', none(), [], ['request_policy:all_shards', 'response_policy:agg_logical_and']],
  ['SCRIPT|KILL FUNCTION|KILL', none(), [], ANYWHERE],
  ['FUNCTION|LOAD FUNCTION|DELETE FUNCTION|FLUSH FUNCTION|RESTORE', none(), ['write'], EVERYWHERE],
  ['FUNCTION|STATS', none(), [], ['request_policy:all_shards', 'response_policy:special']],
  ['BGREWRITEAOF', none(), ['admin'], ['request_policy:all_nodes', 'response_policy:all_succeeded']],
  ['WAITAOF', none(), ['blocking'], ['request_policy:all_shards', 'response_policy:agg_min']],
]

const FOREIGN: ReadonlyMap<string, Sendable> = new Map(
  rows.flatMap(([names, keySpecs, flags, tips]) =>
    names.split(' ').map((name) => [name, { name, flags: new Set(flags), keySpecs, tips }] as const),
  ),
)

/** Made once for each command of the table. */
const ours = new WeakMap<Command, Sendable>()

/** What is known of a line's command: from the table, or from here. */
export function sendable(command: Command | undefined, argv: Argv): Sendable | undefined {
  if (command !== undefined) return ours.get(command) ?? described(command)
  const name = upper(argv[0]!)
  return FOREIGN.get(name) ?? (argv.length > 1 ? FOREIGN.get(subcommand(name, argv[1]!)) : undefined)
}

function described(command: Command): Sendable {
  const { name, flags, keySpecs, spec } = command
  const made: Sendable = { name, flags, keySpecs, tips: spec.tips ?? [] }
  ours.set(command, made)
  return made
}

const subcommand = (name: Bytes, word: Bytes): Bytes => raw(`${name}|${upper(word)}`)
