/** PUBLISH and SPUBLISH: messages to whoever listens. */
import { bytes, key } from '../args/nodes.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'

const common = {
  group: 'pubsub',
  flags: ['pubsub', 'loading', 'stale', 'fast'],
  reply: int,
} as const

/** PUBLISH channel message */
export const publish = command({
  ...common,
  name: 'PUBLISH',
  since: '2.0.0',
  summary: 'Sends a message to the subscribers of a channel and of matching patterns; gives how many got it.',
  complexity: 'O(N+M), N subscribers of the channel, M patterns',
  args: [bytes('channel'), bytes('message')],
  run: ({ server }, { channel, message }) => server.pubsub.publish(channel, message),
})

/** SPUBLISH shardchannel message */
export const spublish = command({
  ...common,
  name: 'SPUBLISH',
  since: '7.0.0',
  summary: 'Sends a message to the subscribers of a shard channel; gives how many got it.',
  complexity: 'O(N), N subscribers',
  args: [key('shardchannel', 'not_key'), bytes('message')],
  run: ({ server }, { shardchannel, message }) => server.pubsub.spublish(shardchannel, message),
})
