/** Typed methods of the pubsub commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The pubsub commands as methods. */
export interface PubsubMethods {
  /** `PSUBSCRIBE pattern [pattern ...]`: Listens to all channels whose names match a pattern. */
  psubscribe(patterns: readonly Text[]): Promise<unknown>
  /** `PUBLISH channel message`: Sends a message to the subscribers of a channel and of matching patterns; gives how many got it. */
  publish(channel: Text, message: Text): Promise<number>
  /** `PUBSUB CHANNELS [pattern]`: Lists the channels that someone listens to. */
  pubsub_channels(options?: { pattern?: Text }): Promise<string[]>
  /** `PUBSUB HELP`: Describes the subcommands. */
  pubsub_help(): Promise<string[]>
  /** `PUBSUB NUMPAT`: Counts the patterns that someone listens to. */
  pubsub_numpat(): Promise<number>
  /** `PUBSUB NUMSUB [channel [channel ...]]`: Counts the subscribers of channels, patterns left out. */
  pubsub_numsub(channels: readonly Text[]): Promise<unknown[]>
  /** `PUBSUB SHARDCHANNELS [pattern]`: Lists the shard channels that someone listens to. */
  pubsub_shardchannels(options?: { pattern?: Text }): Promise<string[]>
  /** `PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]`: Counts the subscribers of shard channels. */
  pubsub_shardnumsub(shardchannels: readonly Text[]): Promise<unknown[]>
  /** `PUNSUBSCRIBE [pattern [pattern ...]]`: Stops listening to patterns, or to all of them. */
  punsubscribe(patterns: readonly Text[]): Promise<unknown>
  /** `SPUBLISH shardchannel message`: Sends a message to the subscribers of a shard channel; gives how many got it. */
  spublish(shardchannel: Text, message: Text): Promise<number>
  /** `SSUBSCRIBE shardchannel [shardchannel ...]`: Listens to shard channels. */
  ssubscribe(shardchannels: readonly Text[]): Promise<unknown>
  /** `SUBSCRIBE channel [channel ...]`: Listens to channels. */
  subscribe(channels: readonly Text[]): Promise<unknown>
  /** `SUNSUBSCRIBE [shardchannel [shardchannel ...]]`: Stops listening to shard channels, or to all of them. */
  sunsubscribe(shardchannels: readonly Text[]): Promise<unknown>
  /** `UNSUBSCRIBE [channel [channel ...]]`: Stops listening to channels, or to all of them. */
  unsubscribe(channels: readonly Text[]): Promise<unknown>
}
