import { expect, test } from 'vitest'
import { bytes } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { PushReply, Replies, type Reply } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import { GATE } from '../commands/client.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Recorder } from '../testing/recorder.ts'
import { Engine } from './engine.ts'

const start = (events = '') => {
  const engine = new Engine({ commands: allCommands, clock: new ManualClock(), random: seededRandom(1) })
  engine.config.set([[bytes('notify-keyspace-events'), bytes(events)]])
  const client = new Recorder(engine)
  client.session.client.protocol = 3
  return { engine, client }
}

/** A reply as words: messages by their last item, arrays nested. */
const seen = (reply: Reply): unknown => {
  if (reply instanceof Replies) return reply.items.map(seen)
  if (reply instanceof PushReply) return `>${String(reply.items.at(-1))}`
  return Array.isArray(reply) ? reply.map(seen) : reply
}

test('a message that a client sends to itself comes before the reply', () => {
  const { client } = start()
  client.send('SUBSCRIBE news')
  client.take()
  expect(client.send('PUBLISH news hi').map(seen)).toEqual([['>hi', 1]])
})

test('events of its own commands stand where Redis writes them: around the reply of LMOVE', () => {
  const { client } = start('El')
  client.send('RPUSH from x')
  client.send('PSUBSCRIBE *')
  client.take()
  expect(client.send('LMOVE from to LEFT LEFT').map(seen)).toEqual([['>to', 'x', '>from']])
})

test('inside EXEC they stand beside the reply of their command', () => {
  const { client } = start('El')
  client.send('PSUBSCRIBE *')
  client.send('MULTI')
  client.send('RPUSH a x')
  client.send('LPOP a')
  client.take()
  expect(client.send('EXEC').map(seen)).toEqual([
    [
      [1, '>a'],
      ['x', '>a'],
    ],
  ])
})

test('a client is behind the gate exactly while it has a subscription of any kind', () => {
  const { client, engine } = start()
  const gated = () => (client.session.client.gate & GATE.subscribed) !== 0
  client.send('SUBSCRIBE a')
  client.send('PSUBSCRIBE b')
  client.send('SSUBSCRIBE c')
  client.send('UNSUBSCRIBE')
  client.send('PUNSUBSCRIBE b')
  expect(gated()).toBe(true)
  client.send('SUNSUBSCRIBE c')
  expect(gated()).toBe(false)
  client.send('SUBSCRIBE a')
  engine.pubsub.forget(client.session.client)
  expect(gated()).toBe(false)
  expect(engine.pubsub.channels(undefined)).toEqual([])
})

test('subscriptions are confirmed in CLIENT REPLY OFF, replies are not', () => {
  const { client, engine } = start()
  engine.clients.setReplyMode(client.session.client, 'off')
  expect(client.send('SUBSCRIBE a').map(seen)).toEqual([['>1']])
  expect(client.send('PUBLISH a hi').map(seen)).toEqual([['>hi']])
  expect(client.send('LLEN a').map(seen)).toEqual([[]])
})

test('a subscriber that wakes another keeps its own messages in order', () => {
  const { client, engine } = start('El')
  const sleeper = new Recorder(engine)
  sleeper.session.client.protocol = 3
  sleeper.send('SSUBSCRIBE any')
  sleeper.send('BLPOP k 0')
  client.send('PSUBSCRIBE *')
  client.take()
  expect(client.send('RPUSH k x').map(seen)).toEqual([[1, '>k', '>k']])
})
