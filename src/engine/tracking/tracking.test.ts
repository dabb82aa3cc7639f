/**
 * Caches under random histories: clients that track in every mode read, write and wait, and drop from their caches what
 * they are told to. After every step whatever a cache still holds must be what the store holds.
 */
import { describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../base/random.ts'
import { isArray, PushReply, Replies, type Reply } from '../../base/reply.ts'
import { allCommands } from '../../commands/all.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { Recorder } from '../../testing/recorder.ts'
import { Engine } from '../engine.ts'

const KEYS = ['a', 'b', 'c', 'ab', 'ac', 'd']
const MODES = [
  'ON',
  'ON NOLOOP',
  'ON OPTIN',
  'ON OPTOUT',
  'ON BCAST PREFIX a',
  'ON BCAST NOLOOP',
  'ON REDIRECT',
] as const
/** Histories per size of the table; many in the long form. */
const SEEDS = process.env.SOAK === '1' ? 500 : 8
type Mode = (typeof MODES)[number]

/** A client with a cache, as a careful author would write it. */
class Cacher {
  readonly mode: Mode
  readonly cache = new Map<string, Reply>()
  readonly recorder: Recorder
  /** Who hears in its place. */
  readonly ear: Recorder
  deaf = false
  dropped = 0

  constructor(engine: Engine, mode: Mode) {
    this.mode = mode
    this.recorder = new Recorder(engine)
    this.recorder.send('HELLO 3')
    this.ear = mode === 'ON REDIRECT' ? new Recorder(engine) : this.recorder
    if (this.ear !== this.recorder) this.ear.send('HELLO 3')
    const target = mode === 'ON REDIRECT' ? ` ${this.ear.session.client.id}` : ''
    this.recorder.send(`CLIENT TRACKING ${mode}${target}`)
    this.listen()
  }

  read(key: string, chosen: boolean): void {
    if (chosen && this.mode === 'ON OPTIN') this.recorder.send('CLIENT CACHING YES')
    if (chosen && this.mode === 'ON OPTOUT') this.recorder.send('CLIENT CACHING NO')
    this.recorder.take()
    this.recorder.send(`GET ${key}`)
    this.#hear(this.recorder.take(), (reply) => {
      if (this.#mayCache(key, chosen)) this.cache.set(key, reply)
    })
  }

  /** Reads, writes and reads again, all in one transaction. */
  transact(key: string, value: string): void {
    for (const line of ['MULTI', `GET ${key}`, `SET ${key} ${value}`, `GET ${key}`]) this.recorder.send(line)
    this.recorder.take()
    this.recorder.send('EXEC')
    this.#hear(this.recorder.take(), (reply) => {
      if (isArray(reply) && this.#mayCache(key, false)) this.cache.set(key, reply[2]!)
    })
    this.#wrote()
  }

  write(line: string): void {
    this.recorder.send(line)
    this.listen()
    this.#wrote()
  }

  /** Takes what has come. */
  listen(): void {
    this.#hear(this.ear.take(), () => undefined)
  }

  /** Who asks not to be told of its own writes has to mind them. */
  #wrote(): void {
    if (this.mode === 'ON NOLOOP' || this.mode === 'ON BCAST NOLOOP') this.cache.clear()
  }

  #mayCache(key: string, chosen: boolean): boolean {
    if (this.mode === 'ON OPTIN') return chosen
    if (this.mode === 'ON OPTOUT') return !chosen
    return this.mode !== 'ON BCAST PREFIX a' || key.startsWith('a')
  }

  #hear(received: readonly Reply[], take: (reply: Reply) => void): void {
    for (const reply of received) {
      if (reply instanceof Replies) this.#hear(reply.items, take)
      else if (!(reply instanceof PushReply)) take(reply)
      else if (!this.deaf) this.#drop(reply.items[1] ?? null)
    }
    if (this.ear !== this.recorder) for (const push of this.ear.take()) this.#hear([push], take)
  }

  #drop(keys: Reply): void {
    this.dropped++
    if (keys === null) this.cache.clear()
    else if (isArray(keys)) for (const key of keys) this.cache.delete(String(key))
  }
}

class World {
  readonly clock = new ManualClock()
  readonly engine: Engine
  readonly random: Random
  readonly cachers: readonly Cacher[]
  readonly #reader: Recorder
  #value = 0

  constructor(seed: number, mostKeys: number) {
    this.random = seededRandom(seed)
    const config = { 'tracking-table-max-keys': `${mostKeys}` }
    this.engine = new Engine({ commands: allCommands, clock: this.clock, random: this.random, config })
    this.cachers = MODES.map((mode) => new Cacher(this.engine, mode))
    this.#reader = new Recorder(this.engine)
  }

  step(): void {
    const cacher = this.pick(this.cachers)
    const key = this.pick(KEYS)
    const kind = this.random.below(12)
    if (kind < 6) cacher.read(key, this.random.below(2) === 0)
    else if (kind < 9) cacher.write(this.#change(key))
    else if (kind < 10) cacher.transact(key, `t${this.#value++}`)
    else if (kind < 11) this.clock.advance(this.random.below(40))
    else this.#reader.send(this.#change(key))
    for (const each of this.cachers) each.listen()
  }

  /** What a cache holds and the store does not. */
  stale(): string[] {
    return this.cachers.flatMap(({ mode, cache }) =>
      [...cache].filter(([key, value]) => this.#stored(key) !== value).map(([key]) => `${mode}: ${key}`),
    )
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.random.below(choices.length)]!
  }

  #stored(key: string): Reply {
    return this.#reader.send(`GET ${key}`)[0]!
  }

  #change(key: string): string {
    const value = `v${this.#value++}`
    return this.pick([
      `SET ${key} ${value}`,
      `SET ${key} ${value} PX 20`,
      `APPEND ${key} x`,
      `DEL ${key}`,
      `MSET ${key} ${value} ${this.pick(KEYS)} ${value}`,
      `COPY ${this.pick(KEYS)} ${key} REPLACE`,
      `PEXPIRE ${key} 10`,
      this.random.below(8) === 0 ? 'FLUSHDB' : `GETDEL ${key}`,
    ])
  }
}

describe('caches', () => {
  test.each([0, 1, 3, 1000])('with at most %i tracked keys never hold what has changed', (mostKeys) => {
    // By mode: in a single history one of them may be told of nothing.
    const dropped = new Map<Mode, number>(MODES.map((mode) => [mode, 0]))
    for (let seed = 0; seed < SEEDS; seed++) {
      const world = new World(seed, mostKeys)
      for (let step = 0; step < 150; step++) {
        world.step()
        expect(world.stale(), `seed ${seed}, step ${step}`).toEqual([])
      }
      for (const cacher of world.cachers) dropped.set(cacher.mode, dropped.get(cacher.mode)! + cacher.dropped)
      if (mostKeys > 0) expect(world.engine.tracking.totals.keys).toBeLessThanOrEqual(mostKeys)
      world.engine.stop()
    }
    expect(Math.min(...dropped.values())).toBeGreaterThan(SEEDS)
  })

  test.each(MODES)('of clients in mode %s that do not listen hold such', (mode) => {
    const world = new World(1, 0)
    for (const cacher of world.cachers) if (cacher.mode === mode) cacher.deaf = true
    const found = Array.from({ length: 300 }, () => {
      world.step()
      return world.stale().length
    })
    expect(Math.max(...found)).toBeGreaterThan(0)
    world.engine.stop()
  })
})

describe('the table', () => {
  const engineWith = (mostKeys: string): Engine =>
    new Engine({
      commands: allCommands,
      clock: new ManualClock(),
      random: seededRandom(1),
      config: { 'tracking-table-max-keys': mostKeys },
    })

  test('forgets a key once its readers are told, and readers that are gone when their keys change', () => {
    const engine = engineWith('0')
    const client = new Recorder(engine)
    for (const line of ['HELLO 3', 'CLIENT TRACKING ON', 'MGET a b', 'SET a 1']) client.send(line)
    expect(engine.tracking.totals).toEqual({ keys: 1, items: 1, prefixes: 0 })
    engine.disconnect(client.session)
    const other = new Recorder(engine)
    other.send('CLIENT TRACKING ON')
    other.send('SET b 1')
    expect(engine.tracking.totals).toEqual({ keys: 0, items: 0, prefixes: 0 })
    engine.stop()
  })

  test('tells of keys that it drops for its limit, when the limit is lowered too', () => {
    const engine = engineWith('2')
    const client = new Recorder(engine)
    for (const line of ['HELLO 3', 'CLIENT TRACKING ON']) client.send(line)
    expect(client.send('MGET a b c')).toHaveLength(1)
    expect(engine.tracking.totals.keys).toBe(2)
    const other = new Recorder(engine)
    client.take()
    other.send('CONFIG SET tracking-table-max-keys 1')
    expect(client.take()).toHaveLength(1)
    engine.stop()
  })

  test('is not listened to while nobody tracks', () => {
    const engine = engineWith('0')
    const client = new Recorder(engine)
    client.send('CLIENT TRACKING ON')
    expect(engine.keyspace.reports.onTouched).toBeDefined()
    client.send('CLIENT TRACKING OFF')
    expect(engine.keyspace.reports.onTouched).toBeUndefined()
    engine.stop()
  })
})
