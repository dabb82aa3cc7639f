/** SUBSCRIBE and its family: joining and leaving channels, patterns and shard channels. Every name gets a reply of its own. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { PushReply, Replies, type Reply } from '../../base/reply.ts'
import { bytes, key, many } from '../args/nodes.ts'
import type { Client } from '../client.ts'
import { command } from '../command.ts'
import { any } from '../shape.ts'

type Change = (client: Client, name: Bytes) => void

/** Changes one subscription after the other; `kind` is the reply's first word, `count` what stands last in it. */
function each(
  client: Client,
  kind: string,
  names: readonly Bytes[],
  change: Change,
  count: (client: Client) => number,
): Reply {
  return new Replies(
    names.map((name) => {
      change(client, name)
      return new PushReply([kind as Bytes, name, count(client)])
    }),
  )
}

/** Leaves the named ones, or all; leaving all of none is answered too. */
function leave(
  client: Client,
  kind: string,
  names: readonly Bytes[],
  mine: ReadonlySet<Bytes>,
  change: Change,
  count: (client: Client) => number,
): Reply {
  if (names.length === 0 && mine.size === 0) return new PushReply([kind as Bytes, null, count(client)])
  return each(client, kind, names.length > 0 ? names : [...mine], change, count)
}

const channelsAndPatterns = (client: Client): number => client.channels.size + client.patterns.size
const shardChannels = (client: Client): number => client.shardChannels.size

const refused = (name: string) => err(`${name} isn't allowed for a DENY BLOCKING client`)
const SUBSCRIBE_REFUSED = refused('SUBSCRIBE')
const PSUBSCRIBE_REFUSED = refused('PSUBSCRIBE')
const SSUBSCRIBE_REFUSED = refused('SSUBSCRIBE')

const common = {
  group: 'pubsub',
  flags: ['pubsub', 'noscript', 'loading', 'stale'],
  reply: any,
} as const

/** SUBSCRIBE channel [channel ...] */
export const subscribe = command({
  ...common,
  name: 'SUBSCRIBE',
  since: '2.0.0',
  summary: 'Listens to channels.',
  complexity: 'O(N), N channels',
  args: [many('channels', bytes('channel'))],
  run: ({ client, server }, { channels }) => {
    // The client's own mark, not the context's: inside MULTI Redis lets a client subscribe.
    if (client.denyBlocking) throw SUBSCRIBE_REFUSED
    return each(client, 'subscribe', channels, (c, name) => server.pubsub.subscribe(c, name), channelsAndPatterns)
  },
})

/** UNSUBSCRIBE [channel [channel ...]] */
export const unsubscribe = command({
  ...common,
  name: 'UNSUBSCRIBE',
  since: '2.0.0',
  summary: 'Stops listening to channels, or to all of them.',
  complexity: 'O(N), N channels',
  args: [many('channels', bytes('channel'), 0)],
  run: ({ client, server }, { channels }) =>
    leave(
      client,
      'unsubscribe',
      channels,
      client.channels,
      (c, name) => server.pubsub.unsubscribe(c, name),
      channelsAndPatterns,
    ),
})

/** PSUBSCRIBE pattern [pattern ...] */
export const psubscribe = command({
  ...common,
  name: 'PSUBSCRIBE',
  since: '2.0.0',
  summary: 'Listens to all channels whose names match a pattern.',
  complexity: 'O(N), N patterns',
  args: [many('patterns', bytes('pattern', 'pattern'))],
  run: ({ client, server }, { patterns }) => {
    if (client.denyBlocking) throw PSUBSCRIBE_REFUSED
    return each(client, 'psubscribe', patterns, (c, name) => server.pubsub.psubscribe(c, name), channelsAndPatterns)
  },
})

/** PUNSUBSCRIBE [pattern [pattern ...]] */
export const punsubscribe = command({
  ...common,
  name: 'PUNSUBSCRIBE',
  since: '2.0.0',
  summary: 'Stops listening to patterns, or to all of them.',
  complexity: 'O(N), N patterns',
  args: [many('patterns', bytes('pattern', 'pattern'), 0)],
  run: ({ client, server }, { patterns }) =>
    leave(
      client,
      'punsubscribe',
      patterns,
      client.patterns,
      (c, name) => server.pubsub.punsubscribe(c, name),
      channelsAndPatterns,
    ),
})

/** SSUBSCRIBE shardchannel [shardchannel ...] */
export const ssubscribe = command({
  ...common,
  name: 'SSUBSCRIBE',
  since: '7.0.0',
  summary: 'Listens to shard channels.',
  complexity: 'O(N), N channels',
  args: [many('shardchannels', key('shardchannel', 'not_key'))],
  run: ({ client, server, denyBlocking }, { shardchannels }) => {
    if (denyBlocking) throw SSUBSCRIBE_REFUSED
    return each(client, 'ssubscribe', shardchannels, (c, name) => server.pubsub.ssubscribe(c, name), shardChannels)
  },
})

/** SUNSUBSCRIBE [shardchannel [shardchannel ...]] */
export const sunsubscribe = command({
  ...common,
  name: 'SUNSUBSCRIBE',
  since: '7.0.0',
  summary: 'Stops listening to shard channels, or to all of them.',
  complexity: 'O(N), N channels',
  args: [many('shardchannels', key('shardchannel', 'not_key'), 0)],
  run: ({ client, server }, { shardchannels }) =>
    leave(
      client,
      'sunsubscribe',
      shardchannels,
      client.shardChannels,
      (c, name) => server.pubsub.sunsubscribe(c, name),
      shardChannels,
    ),
})
