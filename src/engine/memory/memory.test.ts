import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bytes, raw } from '../../base/bytes.ts'
import { seededRandom } from '../../base/random.ts'
import { allCommands } from '../../commands/all.ts'
import { bytesOf } from '../../keyspace/account.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { Recorder } from '../../testing/recorder.ts'
import { Engine } from '../engine.ts'

function start(config: Record<string, string> = {}) {
  const clock = new ManualClock()
  const engine = new Engine({ commands: allCommands, clock, random: seededRandom(1), config })
  return { engine, clock, client: new Recorder(engine), say: sayer(engine) }
}

/** Sends a line and gives its reply. */
function sayer(engine: Engine): (line: string) => unknown {
  const client = new Recorder(engine)
  return (line) => client.send(line)[0]
}

/** What the account holds, brought up to date. */
const held = ({ memory }: Engine): number => memory.used - memory.clients.bytes

/** What the account should hold: all tables and values, looked at one by one. */
function counted({ keyspace }: Engine): number {
  let sum = 0
  for (const db of keyspace.databases) {
    db.recount()
    sum += db.tableBytes
    for (const key of db.keys()) sum += bytesOf(db.peek(key)!)
  }
  return sum
}

const LINES = [
  'SET k v',
  'SET k 12345678901',
  'SET k 5',
  'APPEND k tail',
  'SETRANGE k 200 x',
  'INCR n',
  'SET n 2147483647',
  'RPUSH l a bb ccc',
  'LPOP l',
  'LMOVE l m LEFT RIGHT',
  'RENAME l m',
  'MOVE m 1',
  'COPY m l REPLACE',
  'HSET h f1 v1 f2 v2',
  'HDEL h f1',
  'SADD s 1 2 3',
  'SADD s x y z',
  'SMOVE s t x',
  'SUNIONSTORE t s t',
  'ZADD z 1 a 2 b',
  'ZPOPMIN z',
  'ZUNIONSTORE y 2 z s',
  'XADD x * f v',
  'XGROUP CREATE x g 0',
  'XREADGROUP GROUP g c COUNT 1 STREAMS x >',
  'XTRIM x MAXLEN 1',
  'SORT s ALPHA STORE l',
  'DEL k h',
  'EXPIRE s 10',
  'PERSIST s',
  'SWAPDB 0 1',
  'FLUSHDB',
  'SELECT 1',
  'SELECT 0',
  'MULTI',
  'EXEC',
]

describe('the account', () => {
  test('holds what a look at every key finds, whatever was done', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 120 }), (lines) => {
        const { engine, client } = start({ maxmemory: '1gb' })
        for (const line of lines) client.send(line)
        expect(held(engine)).toBe(counted(engine))
      }),
      { numRuns: 150 },
    )
  })

  test('is right at once when a limit is set on a store that had none, and when somebody asks without one', () => {
    const { engine, client, clock } = start()
    for (let i = 0; i < 3000; i++) client.send(`RPUSH list:${i % 7} element-${i}`)
    clock.advance(2000)
    client.send('PING')
    expect(held(engine)).toBe(counted(engine))
    for (let i = 0; i < 3000; i++) client.send(`HSET hash:${i % 7} field-${i} x`)
    client.send('CONFIG SET maxmemory 1gb')
    expect(engine.keyspace.account.used).toBe(counted(engine))
  })

  test('of an empty store is what a fresh one has', () => {
    const { engine, client } = start({ maxmemory: '1gb' })
    const fresh = held(engine)
    for (let i = 0; i < 5000; i++) client.send(`SADD set:${i} a b c`)
    expect(held(engine)).toBeGreaterThan(fresh + 5000 * 100)
    client.send('FLUSHALL')
    expect(held(engine)).toBe(fresh)
  })
})

const POLICIES = [
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
]

describe.each(POLICIES)('%s', (policy) => {
  test('keeps what is used within 2 % of the limit between commands, whatever the values are', () => {
    const limit = 4_000_000
    const { engine, client } = start({ maxmemory: `${limit}`, 'maxmemory-policy': policy })
    const random = seededRandom(7)
    let most = 0
    for (let i = 0; i < 6000; i++) {
      const size = random.below(10) === 0 ? random.below(200_000) : random.below(500)
      const key = raw(`key:${random.below(3000)}`)
      const value = raw('x'.repeat(size))
      const kind = random.below(4)
      if (kind === 0) client.run([raw('RPUSH'), raw(`l${key}`), value])
      else if (kind === 1) client.run([raw('HSET'), raw(`h${key}`), raw(`${i}`), value])
      else client.run([raw('SET'), key, value])
      if (policy.startsWith('volatile'))
        for (const p of ['', 'l', 'h']) client.run([raw('EXPIRE'), raw(p + key), raw('1000')])
      most = Math.max(most, engine.memory.used)
    }
    expect(most).toBeGreaterThan(limit * 0.9)
    expect(most).toBeLessThan(limit * 1.02)
    expect(engine.memory.eviction.evictedKeys).toBeGreaterThan(100)
    expect(held(engine)).toBe(counted(engine))
  })
})

describe('eviction', () => {
  const full = (policy: string) => {
    const started = start({ 'maxmemory-policy': policy, 'notify-keyspace-events': 'KEA' })
    for (let i = 0; i < 200; i++) started.say(`SET key:${i} ${'x'.repeat(1000)}`)
    return started
  }

  test('without a key that may go refuses writes, and allows them again when there is room', () => {
    const { say, engine } = full('volatile-lru')
    say('CONFIG SET maxmemory 100kb')
    expect(say('SET a 1')).toMatchObject({ code: 'OOM' })
    expect(say('GET key:1')).toBe('x'.repeat(1000))
    for (let i = 0; i < 190; i++) say(`DEL key:${i}`)
    expect(say('SET a 1')).toMatchObject({ text: 'OK' })
    expect([engine.gate, engine.memory.eviction.evictedKeys]).toEqual([0, 0])
  })

  test('takes the key that expires first', () => {
    const { say, clock } = full('volatile-ttl')
    for (let i = 0; i < 200; i++) say(`EXPIRE key:${i} ${1000 + i}`)
    say('CONFIG SET maxmemory-samples 1000')
    say('CONFIG SET maxmemory 150kb')
    clock.advance(1)
    const left = Number(say('DBSIZE'))
    expect(left).toBeLessThan(150)
    for (let i = 200 - left; i < 200; i++) expect(say(`EXISTS key:${i}`)).toBe(1)
  })

  test('is an effect, and is undone by nothing', () => {
    const { say, engine, clock } = full('allkeys-random')
    const gone: Bytes[] = []
    engine.keyspace.reports.wantsEffects = true
    engine.onEffects = (effects) => {
      for (const { argv } of effects) if (argv[0] === 'DEL') gone.push(argv[1]!)
    }
    say('CONFIG SET maxmemory 100kb')
    clock.advance(1)
    expect(gone.length).toBe(200 - Number(say('DBSIZE')))
    expect(gone.length).toBe(engine.memory.eviction.evictedKeys)
  })

  test('goes on beside the clients when the time for it is up, who are served meanwhile', () => {
    let micros = 0
    const clock = new ManualClock()
    const slow = {
      now: () => clock.now(),
      micros: () => clock.micros(),
      elapsed: () => (micros += 100),
      at: (when: number, wake: () => void) => clock.at(when, wake),
    }
    const engine = new Engine({
      commands: allCommands,
      clock: slow,
      random: seededRandom(1),
      config: { 'maxmemory-policy': 'allkeys-lru', 'maxmemory-eviction-tenacity': '0' },
    })
    const say = sayer(engine)
    for (let i = 0; i < 2000; i++) say(`SET key:${i} ${'x'.repeat(1000)}`)
    say('CONFIG SET maxmemory 100kb')
    expect(say('SET fresh 1')).toMatchObject({ text: 'OK' })
    expect(Number(say('DBSIZE'))).toBeGreaterThan(1500)
    for (let i = 0; i < 200; i++) clock.advance(1)
    expect(engine.memory.used).toBeLessThanOrEqual(100 * 1024)
  })

  test('inside a transaction waits for its end', () => {
    const { say, engine } = start({ maxmemory: '200kb', 'maxmemory-policy': 'allkeys-lru' })
    say('MULTI')
    for (let i = 0; i < 50; i++) say(`SET key:${i} ${'x'.repeat(10_000)}`)
    say('DBSIZE')
    const replies = say('EXEC')
    expect(Array.isArray(replies) ? replies.at(-1) : replies).toBe(50)
    expect(Number(say('DBSIZE'))).toBeLessThan(20)
    expect(engine.memory.used).toBeLessThanOrEqual(200 * 1024)
  })
})

test('a limit beyond what V8 can hold is refused with what to do, and a bad one changes nothing', () => {
  const { say } = start()
  const refused = say('CONFIG SET maxmemory 1000gb')
  expect(refused).toMatchObject({ message: expect.stringContaining('start node with --max-old-space-size=') })
  expect(say('CONFIG GET maxmemory')).toMatchObject({ items: ['maxmemory', '0'] })
})

test('a script is told what its commands may do by the state it was let in at', () => {
  const { engine, say } = start()
  const [set, get] = ['SET', 'GET'].map((name) => engine.table.find([raw(name)])!)
  expect([engine.memory.refusal(set!), engine.memory.isShort]).toEqual([undefined, false])
  say('CONFIG SET maxmemory 1')
  expect([engine.memory.refusal(set!)?.code, engine.memory.refusal(get!)]).toEqual(['OOM', undefined])
})
