/**
 * CLUSTER: there is none. Every subcommand is known, with its words, and refused as by a redis-server that was started
 * without `cluster-enabled`: arity first, then the refusal, whatever the words are.
 */
import type { Node } from '../args/nodes.ts'
import { bytes, choice, flag, integer, many, oneOf, optional, tail } from '../args/nodes.ts'
import { type Command, command, container, type Flag } from '../command.ts'
import { any } from '../shape.ts'
import { refuse } from './disabled.ts'

const READS = ['stale'] as const
const KNOWS = ['admin', 'stale'] as const
const CHANGES = ['admin', 'stale', 'no_async_loading'] as const
const VARIES = ['nondeterministic_output']

const node = bytes('node-id')
const slot = integer('slot')
const slots = many('slots', integer('slot'))
const ranges = tail('ranges', [integer('start-slot'), integer('end-slot')])

const state = choice('state', ['IMPORTING', 'MIGRATING', 'NODE', 'STABLE'])

type Row = readonly [
  name: string,
  since: string,
  flags: readonly Flag[],
  args: readonly Node[],
  summary: string,
  tips?: readonly string[],
]

const ROWS: readonly Row[] = [
  ['ADDSLOTS', '3.0.0', CHANGES, [slots], 'Gives slots to this node.'],
  ['ADDSLOTSRANGE', '7.0.0', CHANGES, [ranges], 'Gives ranges of slots to this node.'],
  ['BUMPEPOCH', '3.0.0', CHANGES, [], "Raises this node's epoch.", VARIES],
  ['COUNT-FAILURE-REPORTS', '3.0.0', KNOWS, [node], 'Counts who thinks that a node has failed.', VARIES],
  ['COUNTKEYSINSLOT', '3.0.0', READS, [slot], 'Counts the keys of a slot.'],
  ['DELSLOTS', '3.0.0', CHANGES, [slots], 'Takes slots from this node.'],
  ['DELSLOTSRANGE', '7.0.0', CHANGES, [ranges], 'Takes ranges of slots from this node.'],
  ['FAILOVER', '3.0.0', CHANGES, oneOf('how', flag('FORCE'), flag('TAKEOVER')), 'Makes this replica the master.'],
  ['FLUSHSLOTS', '3.0.0', CHANGES, [], 'Takes all slots from this node.'],
  ['FORGET', '3.0.0', CHANGES, [node], 'Removes a node from those known.'],
  ['GETKEYSINSLOT', '3.0.0', READS, [slot, integer('count')], 'Lists keys of a slot.', VARIES],
  ['HELP', '5.0.0', ['loading', 'stale'], [], 'Describes the subcommands.'],
  ['INFO', '3.0.0', READS, [], 'Describes the state of the cluster.', VARIES],
  ['KEYSLOT', '3.0.0', READS, [bytes('key')], 'Tells the slot of a key.'],
  ['LINKS', '7.0.0', READS, [], 'Lists the connections between nodes.', VARIES],
  ['MEET', '3.0.0', CHANGES, [bytes('ip'), integer('port'), optional(integer('bus-port'))], 'Greets another node.'],
  ['MYID', '3.0.0', READS, [], 'Tells the name of this node.'],
  ['NODES', '3.0.0', READS, [], 'Lists the nodes and their slots.', VARIES],
  ['REPLICAS', '5.0.0', KNOWS, [node], 'Lists the replicas of a node.', VARIES],
  ['REPLICATE', '3.0.0', CHANGES, [node], 'Makes this node the replica of another.'],
  ['RESET', '3.0.0', ['admin', 'noscript', 'stale'], oneOf('how', flag('HARD'), flag('SOFT')), 'Forgets the cluster.'],
  ['SAVECONFIG', '3.0.0', CHANGES, [], 'Writes what is known of the cluster to disk.'],
  ['SET-CONFIG-EPOCH', '3.0.0', CHANGES, [integer('config-epoch')], "Sets a new node's epoch."],
  ['SETSLOT', '3.0.0', CHANGES, [slot, state, optional(node)], 'Says whose a slot is, or where it goes.'],
  ['SHARDS', '7.0.0', READS, [], 'Lists the shards, their slots and nodes.', VARIES],
  ['SLAVES', '3.0.0', KNOWS, [node], 'Lists the replicas of a node.', VARIES],
  ['SLOTS', '3.0.0', READS, [], 'Lists slots and their nodes.', VARIES],
]

const subcommand = ([name, since, flags, args, summary, tips]: Row): Command =>
  command({
    name: `CLUSTER|${name}`,
    group: 'cluster',
    since,
    summary,
    complexity: 'O(1)',
    flags,
    ...(tips && { tips }),
    ...(name === 'SLAVES' && { deprecated: { since: '5.0.0', use: 'CLUSTER REPLICAS' } }),
    ...(name === 'SLOTS' && { deprecated: { since: '7.0.0', use: 'CLUSTER SHARDS' } }),
    args,
    parse: refuse,
    reply: any,
    run: refuse,
  })

/** CLUSTER */
export const cluster = container({
  name: 'CLUSTER',
  group: 'cluster',
  since: '3.0.0',
  summary: 'What a cluster is asked and told; this server is none.',
  subcommands: ROWS.map(subcommand),
})
