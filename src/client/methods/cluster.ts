/** Typed methods of the cluster commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Entries, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The cluster commands as methods. */
export interface ClusterMethods<M> {
  /** `CLUSTER ADDSLOTS slot [slot ...]`: Gives slots to this node. */
  cluster_addslots(slots: number | readonly number[]): Returned<M, unknown>
  /** `CLUSTER ADDSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`: Gives ranges of slots to this node. */
  cluster_addslotsrange(ranges: Entries): Returned<M, unknown>
  /** `CLUSTER BUMPEPOCH`: Raises this node's epoch. */
  cluster_bumpepoch(): Returned<M, unknown>
  /** `CLUSTER COUNT-FAILURE-REPORTS node-id`: Counts who thinks that a node has failed. */
  cluster_count_failure_reports(nodeId: Value): Returned<M, unknown>
  /** `CLUSTER COUNTKEYSINSLOT slot`: Counts the keys of a slot. */
  cluster_countkeysinslot(slot: number): Returned<M, unknown>
  /** `CLUSTER DELSLOTS slot [slot ...]`: Takes slots from this node. */
  cluster_delslots(slots: number | readonly number[]): Returned<M, unknown>
  /** `CLUSTER DELSLOTSRANGE start-slot end-slot [start-slot end-slot ...]`: Takes ranges of slots from this node. */
  cluster_delslotsrange(ranges: Entries): Returned<M, unknown>
  /** `CLUSTER FAILOVER [FORCE | TAKEOVER]`: Makes this replica the master. */
  cluster_failover(options?: { force?: boolean; takeover?: boolean }): Returned<M, unknown>
  /** `CLUSTER FLUSHSLOTS`: Takes all slots from this node. */
  cluster_flushslots(): Returned<M, unknown>
  /** `CLUSTER FORGET node-id`: Removes a node from those known. */
  cluster_forget(nodeId: Value): Returned<M, unknown>
  /** `CLUSTER GETKEYSINSLOT slot count`: Lists keys of a slot. */
  cluster_getkeysinslot(slot: number, count: number): Returned<M, unknown>
  /** `CLUSTER HELP`: Describes the subcommands. */
  cluster_help(): Returned<M, unknown>
  /** `CLUSTER INFO`: Describes the state of the cluster. */
  cluster_info(): Returned<M, unknown>
  /** `CLUSTER KEYSLOT key`: Tells the slot of a key. */
  cluster_keyslot(key: Value): Returned<M, unknown>
  /** `CLUSTER LINKS`: Lists the connections between nodes. */
  cluster_links(): Returned<M, unknown>
  /** `CLUSTER MEET ip port [bus-port]`: Greets another node. */
  cluster_meet(ip: Value, port: number, options?: { busPort?: number }): Returned<M, unknown>
  /** `CLUSTER MYID`: Tells the name of this node. */
  cluster_myid(): Returned<M, unknown>
  /** `CLUSTER NODES`: Lists the nodes and their slots. */
  cluster_nodes(): Returned<M, unknown>
  /** `CLUSTER REPLICAS node-id`: Lists the replicas of a node. */
  cluster_replicas(nodeId: Value): Returned<M, unknown>
  /** `CLUSTER REPLICATE node-id`: Makes this node the replica of another. */
  cluster_replicate(nodeId: Value): Returned<M, unknown>
  /** `CLUSTER RESET [HARD | SOFT]`: Forgets the cluster. */
  cluster_reset(options?: { hard?: boolean; soft?: boolean }): Returned<M, unknown>
  /** `CLUSTER SAVECONFIG`: Writes what is known of the cluster to disk. */
  cluster_saveconfig(): Returned<M, unknown>
  /** `CLUSTER SET-CONFIG-EPOCH config-epoch`: Sets a new node's epoch. */
  cluster_set_config_epoch(configEpoch: number): Returned<M, unknown>
  /** `CLUSTER SETSLOT slot <IMPORTING | MIGRATING | NODE | STABLE> [node-id]`: Says whose a slot is, or where it goes. */
  cluster_setslot(
    slot: number,
    state: 'IMPORTING' | 'MIGRATING' | 'NODE' | 'STABLE',
    options?: { nodeId?: Value },
  ): Returned<M, unknown>
  /** `CLUSTER SHARDS`: Lists the shards, their slots and nodes. */
  cluster_shards(): Returned<M, unknown>
  /** `CLUSTER SLAVES node-id`: Lists the replicas of a node. */
  cluster_slaves(nodeId: Value): Returned<M, unknown>
  /** `CLUSTER SLOTS`: Lists slots and their nodes. */
  cluster_slots(): Returned<M, unknown>
}
