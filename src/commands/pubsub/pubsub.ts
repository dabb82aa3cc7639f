/** PUBSUB: who listens to what. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import { bytes, many, optional } from '../args/nodes.ts'
import { command, container } from '../command.ts'
import type { PubSubPort } from '../context.ts'
import { helpOf } from '../help.ts'
import { arrayOf, int, keyName, pairsOf } from '../shape.ts'

const common = {
  group: 'pubsub',
  flags: ['pubsub', 'loading', 'stale'],
} as const

/** Refuses more words than one pattern; the arity has no upper end, and Redis names the subcommand as it was sent. */
function atMostOne(argv: Argv): undefined {
  if (argv.length > 3) {
    throw err(`unknown subcommand or wrong number of arguments for '${argv[1]!.slice(0, 128)}'. Try PUBSUB HELP.`)
  }
  return undefined
}

/** `[channel, subscribers, channel, subscribers …]`, flat in both protocols. */
const counts = (channels: readonly Bytes[], count: (channel: Bytes) => number): Reply =>
  channels.flatMap((channel): Reply[] => [channel, count(channel)])

const numbered = (pubsub: PubSubPort, shard: boolean) => (channel: Bytes) =>
  shard ? pubsub.shardSubscribers(channel) : pubsub.subscribers(channel)

/** PUBSUB CHANNELS [pattern] */
const channels = command({
  ...common,
  name: 'PUBSUB|CHANNELS',
  since: '2.8.0',
  summary: 'Lists the channels that someone listens to.',
  complexity: 'O(N), N channels',
  args: [optional(bytes('pattern', 'pattern'))],
  reply: arrayOf(keyName),
  run: ({ server }, { pattern }) => server.pubsub.channels(pattern),
  fast: (_ctx, argv) => atMostOne(argv),
})

/** PUBSUB SHARDCHANNELS [pattern] */
const shardchannels = command({
  ...common,
  name: 'PUBSUB|SHARDCHANNELS',
  since: '7.0.0',
  summary: 'Lists the shard channels that someone listens to.',
  complexity: 'O(N), N channels',
  args: [optional(bytes('pattern', 'pattern'))],
  reply: arrayOf(keyName),
  run: ({ server }, { pattern }) => server.pubsub.shardChannels(pattern),
  fast: (_ctx, argv) => atMostOne(argv),
})

/** PUBSUB NUMSUB [channel [channel ...]] */
const numsub = command({
  ...common,
  name: 'PUBSUB|NUMSUB',
  since: '2.8.0',
  summary: 'Counts the subscribers of channels, patterns left out.',
  complexity: 'O(N), N channels asked for',
  args: [many('channels', bytes('channel'), 0)],
  reply: pairsOf(keyName, int),
  run: ({ server }, { channels }) => counts(channels, numbered(server.pubsub, false)),
})

/** PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]] */
const shardnumsub = command({
  ...common,
  name: 'PUBSUB|SHARDNUMSUB',
  since: '7.0.0',
  summary: 'Counts the subscribers of shard channels.',
  complexity: 'O(N), N channels asked for',
  args: [many('shardchannels', bytes('shardchannel'), 0)],
  reply: pairsOf(keyName, int),
  run: ({ server }, { shardchannels }) => counts(shardchannels, numbered(server.pubsub, true)),
})

/** PUBSUB NUMPAT */
const numpat = command({
  ...common,
  name: 'PUBSUB|NUMPAT',
  since: '2.8.0',
  summary: 'Counts the patterns that someone listens to.',
  complexity: 'O(1)',
  args: [],
  reply: int,
  run: ({ server }) => server.pubsub.patternCount,
})

/** PUBSUB HELP */
const help = helpOf(
  'PUBSUB',
  {
    group: 'pubsub',
    since: '6.2.0',
    // Redis puts neither the container nor its help into @pubsub.
    override: { groupAcl: [] },
  },
  [
    ['CHANNELS [<pattern>]', 'Channels with listeners whose names match <pattern> (all when none is given).'],
    ['NUMPAT', 'How many patterns are listened to.'],
    ['NUMSUB [<channel> ...]', 'How many listen to each channel,', 'patterns not counted.'],
    ['SHARDCHANNELS [<pattern>]', 'Shard channels with listeners whose names match <pattern>.'],
    ['SHARDNUMSUB [<shardchannel> ...]', 'How many listen to each shard channel.'],
  ],
)

/** PUBSUB */
export const pubsub = container({
  name: 'PUBSUB',
  group: 'pubsub',
  since: '2.8.0',
  summary: 'Tells who listens to what.',
  subcommands: [channels, numpat, numsub, shardchannels, shardnumsub, help],
  override: { groupAcl: [] },
})
