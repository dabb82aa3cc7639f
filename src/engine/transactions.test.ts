import { expect, test } from 'vitest'
import { bytes } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { NIL_ARRAY } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import { command } from '../commands/command.ts'
import { Later } from '../commands/outcome.ts'
import { any } from '../commands/shape.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Recorder } from '../testing/recorder.ts'
import { Engine } from './engine.ts'

const start = () => {
  const clock = new ManualClock()
  const later = command({
    name: 'LATER',
    group: 'server',
    since: '7.0.0',
    summary: 'Answers later.',
    flags: [],
    args: [],
    reply: any,
    run: () => new Later(Promise.resolve(bytes('late'))),
  })
  const engine = new Engine({ commands: [...allCommands, later], clock, random: seededRandom(1) })
  return { clock, engine, one: new Recorder(engine), two: new Recorder(engine) }
}

test('a watched key that expires breaks the transaction', () => {
  const { clock, one, two } = start()
  two.send('RPUSH k a')
  two.send('PEXPIRE k 10')
  one.send('WATCH k')
  clock.advance(10)
  one.send('MULTI')
  expect(one.send('EXEC')).toEqual([NIL_ARRAY])
})

test('a key that had expired when it was watched, and is removed since, has not changed', () => {
  const { clock, engine, one, two } = start()
  engine.expiry.active = false
  two.send('RPUSH k a')
  two.send('PEXPIRE k 10')
  clock.advance(10)
  one.send('WATCH k')
  two.send('LLEN k')
  one.send('MULTI')
  expect(one.send('EXEC')).toEqual([[]])
})

test('but made anew it has', () => {
  const { clock, engine, one, two } = start()
  engine.expiry.active = false
  two.send('RPUSH k a')
  two.send('PEXPIRE k 10')
  clock.advance(10)
  one.send('WATCH k')
  two.send('RPUSH k b')
  one.send('MULTI')
  expect(one.send('EXEC')).toEqual([NIL_ARRAY])
})

test('nobody is told of touched keys once no watcher is left to tell', () => {
  const { engine, one, two } = start()
  const listening = () => engine.keyspace.reports.onTouched !== undefined
  one.send('WATCH a b')
  two.send('WATCH b')
  expect(listening()).toBe(true)
  engine.disconnect(two.session)
  expect(listening()).toBe(true)
  one.send('UNWATCH')
  expect(listening()).toBe(false)
  one.send('WATCH a')
  one.send('RPUSH a x')
  expect(listening()).toBe(false)
})

test('a command that answers later is refused where nothing may wait', () => {
  const { one } = start()
  one.send('MULTI')
  one.send('LATER')
  expect(one.send('EXEC')).toMatchObject([[{ code: 'ERR' }]])
  expect(one.session.client.parked).toBe(false)
})
