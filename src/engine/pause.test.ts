/** CLIENT PAUSE on a clock that is moved by hand. */
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../base/random.ts'
import { OK, PONG, ReplyError } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Recorder } from '../testing/recorder.ts'
import { Engine } from './engine.ts'

function world(config: Record<string, string> = {}) {
  const clock = new ManualClock()
  const engine = new Engine({ commands: allCommands, clock, random: seededRandom(1), config })
  const client = (): Recorder => new Recorder(engine)
  return { clock, engine, client }
}

describe('a pause of all commands', () => {
  test('lets everyone wait until its time is up, UNPAUSE too, and then runs them in order', () => {
    const { clock, client } = world()
    const [a, b, c] = [client(), client(), client()]
    expect(a.send('CLIENT PAUSE 100')).toEqual([OK])
    expect([a.send('SET k 1'), b.send('CLIENT UNPAUSE'), c.send('APPEND k 2')]).toEqual([[], [], []])
    clock.advance(99)
    expect(c.take()).toEqual([])
    clock.advance(2)
    expect([a.take().at(-1), b.take(), c.take()]).toEqual([OK, [OK], [2]])
    expect([a.resumed, b.resumed, c.resumed]).toEqual([1, 1, 1])
    expect(c.send('GET k')).toEqual(['12'])
  })

  test('becomes longer and stricter by another one, never less', () => {
    const { clock, client } = world()
    const [a, b] = [client(), client()]
    a.send('CLIENT PAUSE 100 WRITE')
    a.send('CLIENT PAUSE 10 ALL')
    expect(b.send('PING')).toEqual([])
    clock.advance(90)
    expect(b.take()).toEqual([])
    clock.advance(20)
    expect(b.take()).toEqual([PONG])
  })

  test('is refused to a caller that cannot wait', () => {
    const { engine, client } = world()
    const a = client()
    a.send('CLIENT PAUSE 100')
    const caller = client()
    caller.session.denyBlocking = true
    const [reply] = caller.send('PING')
    expect(reply).toBeInstanceOf(ReplyError)
    engine.stop()
  })
})

describe('a pause of writes', () => {
  test('forgets a client that is gone: its command never runs', () => {
    const { clock, engine, client } = world()
    const [a, b] = [client(), client()]
    a.send('CLIENT PAUSE 50 WRITE')
    b.send('SET k 1')
    expect(engine.pause.count).toBe(1)
    engine.disconnect(b.session)
    expect(engine.pause.count).toBe(0)
    clock.advance(60)
    expect(a.send('EXISTS k')).toEqual([0])
  })

  test('keeps keys that expire until it is over, and shows none of them', () => {
    const { clock, engine, client } = world()
    const a = client()
    a.send('SET k 1 PX 10')
    a.send('CLIENT PAUSE 100 WRITE')
    clock.advance(50)
    expect(a.send('GET k')).toEqual([null])
    expect(a.send('DBSIZE')).toEqual([1])
    clock.advance(60)
    expect(engine.keyspace.databases[0]!.size).toBe(0)
  })

  test('evicts nothing', () => {
    const { client } = world()
    const a = client()
    for (let i = 0; i < 500; i++) a.send(`SET key:${i} ${'x'.repeat(100)}`)
    a.send('CLIENT PAUSE 100 WRITE')
    a.send('CONFIG SET maxmemory-policy allkeys-random')
    a.send('CONFIG SET maxmemory 1')
    expect(a.send('DBSIZE')).toEqual([500])
    a.send('CLIENT UNPAUSE')
    a.send('PING')
    expect(a.send('DBSIZE')).not.toEqual([500])
  })

  test('covers what a transaction holds, and withholds what CLIENT REPLY silenced', () => {
    const { client } = world()
    const [a, b, c] = [client(), client(), client()]
    for (const line of ['MULTI', 'INCR n']) b.send(line)
    c.send('CLIENT REPLY SKIP')
    a.send('CLIENT PAUSE 100 WRITE')
    expect([b.send('EXEC'), c.send('INCR n')]).toEqual([[], []])
    b.take()
    c.take()
    a.send('CLIENT UNPAUSE')
    expect([b.take(), c.take(), c.send('PING')]).toEqual([[[1]], [], [PONG]])
    expect(a.send('GET n')).toEqual(['2'])
  })
})
