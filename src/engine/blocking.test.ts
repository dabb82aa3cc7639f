/**
 * Blocking under random interleavings: many clients push, pop, move, wait, give up and leave, while time is moved by
 * hand. What is checked after every step holds for any history: no element is lost or given twice, the oldest waiter of
 * a key is served first, nobody waits beside a list that has something, and a wait ends at its own instant.
 */
import { describe, expect, test } from 'vitest'
import { type Bytes, bytes } from '../base/bytes.ts'
import { type Random, seededRandom } from '../base/random.ts'
import { isArray, NIL_ARRAY, type Reply, ReplyError } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Recorder } from '../testing/recorder.ts'
import { Engine } from './engine.ts'

const KEYS = ['a', 'b', 'c', 'd']

interface Wait {
  readonly order: number
  readonly keys: readonly string[]
  readonly deadline: number
}

/** Faults put in on purpose, to see that the checks find them. */
type Fault = 'none' | 'loses' | 'doubles' | 'newest first' | 'late'

class World {
  readonly #clock = new ManualClock()
  readonly #engine: Engine
  readonly #random: Random
  readonly #fault: Fault
  readonly #clients: Recorder[] = []
  readonly #waits = new Map<Recorder, Wait>()
  readonly #delivered: string[] = []
  #pushed = 0
  #order = 0
  #unblocking = false
  served = 0
  timedOut = 0

  constructor(seed: number, fault: Fault) {
    this.#random = seededRandom(seed)
    this.#fault = fault
    this.#engine = new Engine({ commands: allCommands, clock: this.#clock, random: this.#random })
    for (let i = 0; i < 8; i++) this.#join(i)
  }

  step(): void {
    const client = this.#clients[this.#random.below(this.#clients.length)]!
    if (this.#waits.has(client)) this.#disturb(client)
    else this.#act(client)
    this.#checkNobodyWaitsInVain()
    this.#checkElements()
  }

  #join(at: number): void {
    const client = new Recorder(this.#engine)
    client.onLate = (reply) => this.#late(client, reply)
    this.#clients[at] = client
  }

  #act(client: Recorder): void {
    const roll = this.#random.below(10)
    if (roll < 2) this.#deliver(client.send(this.#push()))
    else if (roll < 3) this.#transaction(client)
    else if (roll < 5) this.#deliver(client.send(`LPOP ${this.#key()} 3`))
    else this.#wait(client)
  }

  #transaction(client: Recorder): void {
    client.send('MULTI')
    for (let i = this.#random.below(4); i >= 0; i--) {
      client.send(this.#random.below(2) > 0 ? this.#push() : `RPOPLPUSH ${this.#key()} ${this.#key()}`)
    }
    client.send('EXEC')
  }

  #wait(client: Recorder): void {
    const keys = Array.from({ length: 1 + this.#random.below(3) }, () => this.#key())
    const seconds = this.#random.below(4) / 100
    const source = keys[0]!
    const lines: [line: string, keys: string[]][] = [
      [`BLPOP ${keys.join(' ')} ${seconds}`, keys],
      [`BRPOP ${keys.join(' ')} ${seconds}`, keys],
      [`BLMPOP ${seconds} ${keys.length} ${keys.join(' ')} LEFT COUNT 2`, keys],
      [`BLMOVE ${source} ${this.#key()} RIGHT LEFT ${seconds}`, [source]],
      [`BRPOPLPUSH ${source} ${this.#key()} ${seconds}`, [source]],
    ]
    const [line, waitsFor] = lines[this.#random.below(lines.length)]!
    const order = this.#order++
    const deadline = seconds === 0 ? Number.POSITIVE_INFINITY : this.#clock.now() + seconds * 1000
    const wait = { order: this.#fault === 'newest first' ? -order : order, keys: waitsFor, deadline }
    const replies = client.send(line)
    if (client.session.client.parked) this.#waits.set(client, wait)
    else this.#deliver(replies)
  }

  /** What happens to a client that waits: time passes, it is woken from outside, or it goes away. */
  #disturb(client: Recorder): void {
    const roll = this.#random.below(12)
    if (roll < 8) this.#clock.advance(this.#random.below(12))
    else if (roll < 10) {
      this.#unblocking = true
      expect(this.#engine.blocking.unblock(client.session, roll === 9)).toBe(true)
      this.#unblocking = false
      this.#engine.idle()
    } else {
      this.#waits.delete(client)
      this.#engine.disconnect(client.session)
      this.#join(this.#clients.indexOf(client))
    }
  }

  #push(): string {
    const count = 1 + this.#random.below(2)
    const elements = Array.from({ length: count }, () => `${this.#pushed++}`)
    return `${this.#random.below(2) === 0 ? 'LPUSH' : 'RPUSH'} ${this.#key()} ${elements.join(' ')}`
  }

  #key(): string {
    return KEYS[this.#random.below(KEYS.length)]!
  }

  #late(client: Recorder, reply: Reply): void {
    const wait = this.#waits.get(client)!
    this.#waits.delete(client)
    if (reply === NIL_ARRAY || reply instanceof ReplyError) {
      if (this.#unblocking) return
      this.timedOut++
      expect(this.#clock.now(), 'a wait ends at its own instant').toBe(
        this.#fault === 'late' ? wait.deadline + 1 : wait.deadline,
      )
      return
    }
    this.served++
    const key = isArray(reply) ? (reply[0] as string) : wait.keys[0]!
    for (const other of this.#waits.values()) {
      if (other.keys.includes(key)) expect(other.order, 'the oldest waiter is served first').toBeGreaterThan(wait.order)
    }
    this.#deliver([reply])
  }

  /** Keeps the elements that left the lists; a moved element (a bulk) stays in one. */
  #deliver(replies: readonly Reply[]): void {
    const [reply] = replies
    if (reply === undefined || !isArray(reply)) return
    const elements = reply.length === 2 && KEYS.includes(reply[0] as string) ? [reply[1]!].flat() : reply
    const texts = elements.map(String)
    if (this.#fault === 'loses' && texts.length > 0 && this.#random.below(20) === 0) texts.pop()
    if (this.#fault === 'doubles' && texts.length > 0 && this.#random.below(20) === 0) texts.push(texts[0]!)
    this.#delivered.push(...texts)
  }

  #list(key: string): string[] {
    const value = this.#engine.keyspace.databases[0]!.editAny(bytes(key))
    if (typeof value !== 'object' || !('type' in value) || value.type !== 'list') return []
    return value.slice(0, value.size - 1)
  }

  #checkNobodyWaitsInVain(): void {
    expect(this.#engine.blocking.count).toBe(this.#waits.size)
    for (const { keys } of this.#waits.values()) {
      for (const key of keys) expect(this.#list(key), 'nobody waits beside a list that has something').toEqual([])
    }
  }

  #checkElements(): void {
    const all = [...this.#delivered, ...KEYS.flatMap((key) => this.#list(key))]
    expect(all.length, 'no element is lost or given twice').toBe(this.#pushed)
    expect(new Set(all).size, 'no element is lost or given twice').toBe(this.#pushed)
  }
}

function simulate(seed: number, steps: number, fault: Fault = 'none'): World {
  const world = new World(seed, fault)
  for (let i = 0; i < steps; i++) world.step()
  return world
}

describe('random interleavings', () => {
  test('keep every promise of blocking', () => {
    let served = 0
    let timedOut = 0
    for (let seed = 1; seed <= 40; seed++) {
      const world = simulate(seed, 200)
      served += world.served
      timedOut += world.timedOut
    }
    expect(served).toBeGreaterThan(500)
    expect(timedOut).toBeGreaterThan(100)
  })

  test.each<Fault>(['loses', 'doubles', 'newest first', 'late'])(
    'are checked: a world that %s is found out',
    (fault) => {
      expect(() => {
        for (let seed = 1; seed <= 5; seed++) simulate(seed, 300, fault)
      }).toThrow()
    },
  )
})

describe('a client that waits', () => {
  const start = () => {
    const clock = new ManualClock()
    const engine = new Engine({ commands: allCommands, clock, random: seededRandom(1) })
    return { clock, engine, join: () => new Recorder(engine) }
  }
  const words = (...parts: (string | readonly string[])[]): unknown => parts

  test('may run its pipeline only when every waiter has been served', () => {
    const { join } = start()
    const [first, second, pusher] = [join(), join(), join()]
    first.send('BLPOP k 0')
    second.send('BLPOP k 0')
    const order: string[] = []
    first.resume = () => order.push(`resumed, second has ${second.received.length}`)
    pusher.send('RPUSH k 1 2')
    expect(order).toEqual(['resumed, second has 1'])
    expect(second.take()).toEqual([words('k', '2')])
  })

  test('gets nothing in CLIENT REPLY OFF, but its element is taken', () => {
    const { engine, join } = start()
    const [silent, pusher] = [join(), join()]
    engine.clients.setReplyMode(silent.session.client, 'off')
    silent.send('BLPOP k 0')
    pusher.send('RPUSH k 1')
    expect(silent.take()).toEqual([])
    expect(silent.resumed).toBe(1)
    expect(pusher.send('LLEN k')).toEqual([0])
  })

  test('skips the late reply after CLIENT REPLY SKIP, and only that one', () => {
    const { engine, join } = start()
    const [silent, pusher] = [join(), join()]
    engine.clients.setReplyMode(silent.session.client, 'skip')
    silent.send('BLPOP k 0')
    pusher.send('RPUSH k 1')
    expect(silent.take()).toEqual([])
    expect(silent.send('LLEN k')).toEqual([0])
  })

  test('that leaves is not resumed and takes nothing', () => {
    const { engine, join } = start()
    const [leaver, pusher] = [join(), join()]
    leaver.send('BLPOP k 0')
    engine.disconnect(leaver.session)
    pusher.send('RPUSH k 1')
    expect(leaver.resumed).toBe(0)
    expect(pusher.send('LLEN k')).toEqual([1])
  })

  test('waits as long as it says, however long that is', () => {
    const { clock, engine, join } = start()
    const patient = join()
    patient.send('BLPOP k 8640000')
    clock.advance(8_640_000_000 - 1)
    expect(patient.take()).toEqual([])
    clock.advance(1)
    expect(patient.take()).toEqual([NIL_ARRAY])
    expect(engine.blocking.count).toBe(0)
  })

  test('costs others nothing once it is gone', () => {
    const { engine, join } = start()
    const [waiter, pusher] = [join(), join()]
    expect(engine.keyspace.reports.onTouched).toBeUndefined()
    waiter.send('BLPOP k 0')
    expect(engine.keyspace.reports.onTouched).toBeDefined()
    pusher.send('RPUSH k 1')
    expect(engine.keyspace.reports.onTouched).toBeUndefined()
  })

  test('hears of its own pop after the reply to it', () => {
    const { engine, join } = start()
    const [waiter, pusher] = [join(), join()]
    engine.config.set([[bytes('notify-keyspace-events') as Bytes, bytes('El') as Bytes]])
    waiter.session.client.protocol = 3
    waiter.send('SUBSCRIBE __keyevent@0__:lpop')
    waiter.take()
    waiter.send('BLPOP k 0')
    pusher.send('RPUSH k 1')
    const [reply] = waiter.take()
    expect(reply).toMatchObject({ items: [['k', '1'], { items: ['message', '__keyevent@0__:lpop', 'k'] }] })
  })
})
