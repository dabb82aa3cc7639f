import { expect, test } from 'vitest'
import { bytes, text } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { type Reply, ReplyError, Status, Verbatim } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import type { TransportFacts } from '../commands/client.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Recorder } from '../testing/recorder.ts'
import { Engine } from './engine.ts'

/** A client with an address of its own. */
class Addressed extends Recorder {
  address = ''
  override describe(): TransportFacts {
    return { ...super.describe(), address: this.address, localAddress: '10.0.0.1:6379' }
  }
}

function start() {
  const clock = new ManualClock()
  const engine = new Engine({ commands: allCommands, clock, random: seededRandom(1) })
  const connect = (address: string): Addressed => {
    const client = new Addressed(engine)
    client.address = address
    return client
  }
  return { engine, clock, connect, admin: connect('10.0.0.9:1') }
}

const plain = (reply: Reply | undefined): unknown => {
  if (reply instanceof Status) return reply.text
  if (reply instanceof ReplyError) return reply.message
  return reply instanceof Verbatim ? text(reply.text) : reply
}
const ask = (client: Recorder, line: string): unknown => plain(client.send(line).at(-1))
const idOf = (client: Recorder): number => client.session.client.id

test('CLIENT KILL by address closes that client only, which is gone at once', () => {
  const { admin, connect } = start()
  const [one, two] = [connect('10.0.0.2:5'), connect('10.0.0.3:5')]
  expect(ask(admin, 'CLIENT KILL 10.0.0.2:5')).toBe('OK')
  expect([one.closed, two.closed]).toEqual([true, false])
  expect(ask(admin, 'CLIENT LIST')).not.toContain('addr=10.0.0.2:5')
  expect(ask(admin, 'CLIENT KILL 10.0.0.2:5')).toBe('ERR No such client')
})

test('every filter of CLIENT KILL must fit, and the caller is spared unless told', () => {
  const { admin, connect } = start()
  const [one, two] = [connect('10.0.0.2:5'), connect('10.0.0.3:5')]
  expect(ask(admin, `CLIENT KILL ID ${idOf(one)} ADDR 10.0.0.3:5`)).toBe(0)
  expect(ask(admin, `CLIENT KILL ID ${idOf(one)} ADDR 10.0.0.2:5 USER default TYPE normal`)).toBe(1)
  expect(ask(admin, 'CLIENT KILL LADDR 10.0.0.1:6379')).toBe(1)
  expect([two.closed, admin.closed]).toEqual([true, false])
  expect(ask(admin, 'CLIENT KILL LADDR 10.0.0.1:6379 SKIPME no')).toBe(1)
  expect(admin.closed).toBe(true)
})

test('a killed client waits for nothing, hears nothing and watches nothing any more', () => {
  const { engine, admin, connect } = start()
  const client = connect('10.0.0.2:5')
  client.send('SUBSCRIBE news')
  const waiter = connect('10.0.0.2:6')
  waiter.send('BLPOP list 0')
  expect(ask(admin, 'CLIENT KILL TYPE pubsub')).toBe(1)
  expect(ask(admin, `CLIENT KILL ID ${idOf(waiter)}`)).toBe(1)
  expect(ask(admin, 'PUBLISH news hi')).toBe(0)
  expect(ask(admin, 'RPUSH list x')).toBe(1)
  expect(ask(admin, 'LLEN list')).toBe(1)
  expect(engine.blocking.count).toBe(0)
})

test('CLIENT UNBLOCK ends a wait as on timeout, or with an error', () => {
  const { admin, connect } = start()
  const client = connect('10.0.0.2:5')
  const id = idOf(client)
  expect(ask(admin, `CLIENT UNBLOCK ${id}`)).toBe(0)
  client.send('BLPOP list 0')
  expect(ask(admin, `CLIENT LIST ID ${id}`)).toContain(' flags=b ')
  expect(ask(admin, `CLIENT UNBLOCK ${id} TIMEOUT`)).toBe(1)
  expect(client.take().map(plain)).toEqual([{ kind: 'nil-array' }])
  client.send('BLPOP list 0')
  expect(ask(admin, `CLIENT UNBLOCK ${id} ERROR`)).toBe(1)
  expect(client.take().map(plain)).toEqual(['UNBLOCKED client unblocked via CLIENT UNBLOCK'])
})

test('CLIENT LIST shows age, idle time, name, database and queue', () => {
  const { admin, connect, clock } = start()
  const client = connect('/run/geartrain.sock:0')
  for (const line of ['SELECT 3', 'CLIENT SETNAME joe', 'MULTI', 'SET a 1']) client.send(line)
  clock.advance(5000)
  expect(ask(admin, `CLIENT LIST ID ${idOf(client)}`)).toMatch(
    / name=joe age=5 idle=5 flags=xU db=3 sub=0 psub=0 ssub=0 multi=1 .* cmd=set user=default redir=-1 resp=2 lib-name= lib-ver=\n$/,
  )
})

test('who came without a password stays when one is set; who came after it must give it', () => {
  const { admin, connect } = start()
  ask(admin, 'CONFIG SET requirepass secret')
  expect(ask(admin, 'PING')).toBe('PONG')
  const late = connect('10.0.0.2:5')
  expect(ask(late, 'PING')).toBe('NOAUTH Authentication required.')
  expect(ask(late, 'AUTH secre')).toContain('WRONGPASS')
  expect(ask(late, 'AUTH secretsecret')).toContain('WRONGPASS')
  admin.run(['CONFIG', 'SET', 'requirepass', ''].map(bytes))
  expect(ask(late, 'PING')).toBe('PONG')
  ask(admin, 'CONFIG SET requirepass again')
  expect(ask(late, 'PING')).toBe('NOAUTH Authentication required.')
  expect(ask(late, 'AUTH again')).toBe('OK')
})
