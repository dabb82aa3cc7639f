/**
 * CLUSTER: there is none. Every subcommand is known, with its words, and refused as by a redis-server that was started
 * without `cluster-enabled`: arity first, then the refusal, whatever the words are.
 */
import type { Node } from '../args/nodes.ts'
import { bytes, choice, flag, integer, many, oneOf, optional, tail } from '../args/nodes.ts'
import { type Command, type CommandSpec, command, container, type Flag } from '../command.ts'
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

/** A subcommand that is known, and refused. */
function known(
  name: string,
  since: string,
  flags: readonly Flag[],
  args: readonly Node[],
  summary: string,
  more: Pick<CommandSpec, 'tips' | 'deprecated'> = {},
): Command {
  const spec = { name: `CLUSTER|${name}`, group: 'cluster', since, summary, complexity: 'O(1)', flags, args } as const
  return command({ ...spec, ...more, parse: refuse, reply: any, run: refuse })
}

/** CLUSTER ADDSLOTS slot [slot ...] */
const addslots = known('ADDSLOTS', '3.0.0', CHANGES, [slots], 'Gives slots to this node.')

/** CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...] */
const addslotsrange = known('ADDSLOTSRANGE', '7.0.0', CHANGES, [ranges], 'Gives ranges of slots to this node.')

/** CLUSTER BUMPEPOCH */
const bumpepoch = known('BUMPEPOCH', '3.0.0', CHANGES, [], "Raises this node's epoch.", { tips: VARIES })

/** CLUSTER COUNT-FAILURE-REPORTS node-id */
const countFailureReports = known(
  'COUNT-FAILURE-REPORTS',
  '3.0.0',
  KNOWS,
  [node],
  'Counts who thinks that a node has failed.',
  { tips: VARIES },
)

/** CLUSTER COUNTKEYSINSLOT slot */
const countkeysinslot = known('COUNTKEYSINSLOT', '3.0.0', READS, [slot], 'Counts the keys of a slot.')

/** CLUSTER DELSLOTS slot [slot ...] */
const delslots = known('DELSLOTS', '3.0.0', CHANGES, [slots], 'Takes slots from this node.')

/** CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...] */
const delslotsrange = known('DELSLOTSRANGE', '7.0.0', CHANGES, [ranges], 'Takes ranges of slots from this node.')

/** CLUSTER FAILOVER [FORCE | TAKEOVER] */
const failover = known(
  'FAILOVER',
  '3.0.0',
  CHANGES,
  oneOf('how', flag('FORCE'), flag('TAKEOVER')),
  'Makes this replica the master.',
)

/** CLUSTER FLUSHSLOTS */
const flushslots = known('FLUSHSLOTS', '3.0.0', CHANGES, [], 'Takes all slots from this node.')

/** CLUSTER FORGET node-id */
const forget = known('FORGET', '3.0.0', CHANGES, [node], 'Removes a node from those known.')

/** CLUSTER GETKEYSINSLOT slot count */
const getkeysinslot = known('GETKEYSINSLOT', '3.0.0', READS, [slot, integer('count')], 'Lists keys of a slot.', {
  tips: VARIES,
})

/** CLUSTER HELP */
const help = known('HELP', '5.0.0', ['loading', 'stale'], [], 'Describes the subcommands.')

/** CLUSTER INFO */
const info = known('INFO', '3.0.0', READS, [], 'Describes the state of the cluster.', { tips: VARIES })

/** CLUSTER KEYSLOT key */
const keyslot = known('KEYSLOT', '3.0.0', READS, [bytes('key')], 'Tells the slot of a key.')

/** CLUSTER LINKS */
const links = known('LINKS', '7.0.0', READS, [], 'Lists the connections between nodes.', { tips: VARIES })

/** CLUSTER MEET ip port [bus-port] */
const meet = known(
  'MEET',
  '3.0.0',
  CHANGES,
  [bytes('ip'), integer('port'), optional(integer('bus-port'))],
  'Greets another node.',
)

/** CLUSTER MYID */
const myid = known('MYID', '3.0.0', READS, [], 'Tells the name of this node.')

/** CLUSTER NODES */
const nodes = known('NODES', '3.0.0', READS, [], 'Lists the nodes and their slots.', { tips: VARIES })

/** CLUSTER REPLICAS node-id */
const replicas = known('REPLICAS', '5.0.0', KNOWS, [node], 'Lists the replicas of a node.', { tips: VARIES })

/** CLUSTER REPLICATE node-id */
const replicate = known('REPLICATE', '3.0.0', CHANGES, [node], 'Makes this node the replica of another.')

/** CLUSTER RESET [HARD | SOFT] */
const reset = known(
  'RESET',
  '3.0.0',
  ['admin', 'noscript', 'stale'],
  oneOf('how', flag('HARD'), flag('SOFT')),
  'Forgets the cluster.',
)

/** CLUSTER SAVECONFIG */
const saveconfig = known('SAVECONFIG', '3.0.0', CHANGES, [], 'Writes what is known of the cluster to disk.')

/** CLUSTER SET-CONFIG-EPOCH config-epoch */
const setConfigEpoch = known(
  'SET-CONFIG-EPOCH',
  '3.0.0',
  CHANGES,
  [integer('config-epoch')],
  "Sets a new node's epoch.",
)

/** CLUSTER SETSLOT slot <IMPORTING | MIGRATING | NODE | STABLE> [node-id] */
const setslot = known(
  'SETSLOT',
  '3.0.0',
  CHANGES,
  [slot, state, optional(node)],
  'Says whose a slot is, or where it goes.',
)

/** CLUSTER SHARDS */
const shards = known('SHARDS', '7.0.0', READS, [], 'Lists the shards, their slots and nodes.', { tips: VARIES })

/** CLUSTER SLAVES node-id */
const slaves = known('SLAVES', '3.0.0', KNOWS, [node], 'Lists the replicas of a node.', {
  tips: VARIES,
  deprecated: { since: '5.0.0', use: 'CLUSTER REPLICAS' },
})

/** CLUSTER SLOTS */
const slotMap = known('SLOTS', '3.0.0', READS, [], 'Lists slots and their nodes.', {
  tips: VARIES,
  deprecated: { since: '7.0.0', use: 'CLUSTER SHARDS' },
})

/** CLUSTER */
export const cluster = container({
  name: 'CLUSTER',
  group: 'cluster',
  since: '3.0.0',
  summary: 'What a cluster is asked and told; this server is none.',
  subcommands: [
    addslots,
    addslotsrange,
    bumpepoch,
    countFailureReports,
    countkeysinslot,
    delslots,
    delslotsrange,
    failover,
    flushslots,
    forget,
    getkeysinslot,
    help,
    info,
    keyslot,
    links,
    meet,
    myid,
    nodes,
    replicas,
    replicate,
    reset,
    saveconfig,
    setConfigEpoch,
    setslot,
    shards,
    slaves,
    slotMap,
  ],
})
