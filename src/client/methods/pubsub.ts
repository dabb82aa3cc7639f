/** Typed methods of the pubsub commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The pubsub commands as methods. */
export interface PubsubMethods<M, S> {
  /** `PUBLISH channel message`: Sends a message to the subscribers of a channel and of matching patterns; gives how many got it. */
  publish(channel: Value, message: Value): Returned<M, number>
  /** `PUBSUB CHANNELS [pattern]`: Lists the channels that someone listens to. */
  pubsub_channels(options?: { pattern?: Text }): Returned<M, S[]>
  /** `PUBSUB HELP`: Describes the subcommands. */
  pubsub_help(): Returned<M, string[]>
  /** `PUBSUB NUMPAT`: Counts the patterns that someone listens to. */
  pubsub_numpat(): Returned<M, number>
  /** `PUBSUB NUMSUB [channel [channel ...]]`: Counts the subscribers of channels, patterns left out. */
  pubsub_numsub(channels?: Value | readonly Value[]): Returned<M, [S, number][]>
  /** `PUBSUB SHARDCHANNELS [pattern]`: Lists the shard channels that someone listens to. */
  pubsub_shardchannels(options?: { pattern?: Text }): Returned<M, S[]>
  /** `PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]`: Counts the subscribers of shard channels. */
  pubsub_shardnumsub(shardchannels?: Value | readonly Value[]): Returned<M, [S, number][]>
  /** `SPUBLISH shardchannel message`: Sends a message to the subscribers of a shard channel; gives how many got it. */
  spublish(shardchannel: Text, message: Value): Returned<M, number>
}
