/**
 * Order by key: under concurrency, failed attempts, several consumers and crashes.
 *
 * What is checked, per key: no two handlers run at once, and of two messages the later one never begins before the earlier
 * one has been handled. A message handled again after a crash may repeat, but only as the last of its key.
 */
import { expect, test } from 'vitest'
import { seededRandom } from '../../src/base/random.ts'
import type { ConsumeOptions, Consumer, Delivery } from '../../src/containers/index.ts'
import { bench, Mortal, pendingOf, turn } from './consume-rig.ts'

type M = Delivery<Record<string, string>>
const KEYS = 5

/** Watches handlers and says what was out of order. */
class Watch {
  readonly wrong: string[] = []
  readonly handled = new Set<string>()
  parallel = 0
  #running = new Map<string, string>()
  #last = new Map<string, number>()

  begin({ data: { key, n } }: M, who: string): void {
    const other = this.#running.get(key!)
    if (other !== undefined) this.wrong.push(`${key}: ${n} by ${who} beside ${other}`)
    this.#running.set(key!, `${n} by ${who}`)
    const last = this.#last.get(key!) ?? -1
    // The next of the key, or the last one again.
    if (Number(n) !== last && Number(n) !== last + 1) this.wrong.push(`${key}: ${n} after ${last}`)
    this.parallel = Math.max(this.parallel, this.#running.size)
  }

  end({ data: { key, n } }: M, isHandled: boolean): void {
    this.#running.delete(key!)
    if (!isHandled) return
    this.#last.set(key!, Number(n))
    this.handled.add(`${key} ${n}`)
  }

  /** A crash: what ran runs no more. */
  died(who: string): void {
    for (const [key, what] of this.#running) if (what.endsWith(who)) this.#running.delete(key)
  }
}

async function filled(b: Awaited<ReturnType<typeof bench>>, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, i) => ({ key: `u${i % KEYS}`, n: Math.floor(i / KEYS) }))
  await b.db.stream('s').addAll(items)
}

const byKey = (message: M): string => message.data.key!

test.for([1, 2, 3])('one consumer, eight at once, a third of the attempts fail (seed %i)', async (seed) => {
  await using b = await bench()
  await filled(b, 100)
  const random = seededRandom(seed)
  const watch = new Watch()
  const handler = async (message: M): Promise<void> => {
    watch.begin(message, 'a')
    for (let i = random.below(4); i > 0; i--) await turn()
    const fails = random.below(3) === 0
    watch.end(message, !fails)
    if (fails) throw new Error('by chance')
  }
  const options = { ...b.on, concurrency: 8, prefetch: 20, maxDeliveries: 100, backoff: () => 20, orderBy: byKey }
  const consumer = b.db.consumerGroup('g', 's').consume(handler, options)
  for (let i = 0; i < 2000 && watch.handled.size < 100; i++) await b.pass(10)
  await consumer.stop()
  expect(watch.wrong).toEqual([])
  expect(watch.handled.size).toBe(100)
  expect(watch.parallel).toBe(KEYS)
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
})

/** Three consumers, of which one dies now and then. Gives what was out of order. */
async function crashing(seed: number, more: Partial<ConsumeOptions<M>>): Promise<Watch> {
  await using b = await bench()
  await filled(b, 60)
  const random = seededRandom(seed)
  const watch = new Watch()
  const start = (name: string): { mortal: Mortal; name: string; consumer: Consumer<Record<string, string>> } => {
    const mortal = new Mortal(b.db)
    const handler = async (message: M): Promise<void> => {
      if (mortal.isDead) return new Promise(() => {})
      watch.begin(message, name)
      for (let i = random.below(6); i > 0; i--) await turn()
      // What is dead does nothing more.
      if (mortal.isDead) return new Promise(() => {})
      watch.end(message, true)
    }
    const options = {
      ...b.on,
      concurrency: 4,
      prefetch: 8,
      claimAfterMs: 600,
      maxDeliveries: 100,
      orderBy: byKey,
      ...more,
    }
    const consumer = mortal.db.consumerGroup('g', 's', { consumer: name }).consume(handler, options)
    return { mortal, name, consumer }
  }
  let alive = ['a', 'b', 'c'].map(start)
  for (let deaths = 0; deaths < 4; deaths++) {
    const victim = alive[random.below(alive.length)]!
    victim.mortal.dieIn(1 + random.below(20))
    for (let i = 0; i < 100 && !victim.mortal.isDead; i++) await b.pass(10)
    victim.mortal.die()
    watch.died(victim.name)
    alive = [...alive.filter((one) => one !== victim), start(`${victim.name}${deaths}`)]
  }
  // Who dies before it acknowledges leaves what it has handled pending.
  const isDone = async () => watch.handled.size === 60 && (await pendingOf(b.db, 's', 'g')) === 0
  for (let i = 0; i < 500 && !(await isDone()); i++) await b.pass(20)
  for (const { consumer } of alive) await consumer.stop()
  expect(watch.handled.size).toBe(60)
  expect(await pendingOf(b.db, 's', 'g')).toBe(0)
  return watch
}

test.for([1, 2, 3, 4])('three consumers, of which four die (seed %i)', async (seed) => {
  expect((await crashing(seed, {})).wrong).toEqual([])
})

test('control: where several consumers read at once the order does not hold', async () => {
  const wrong = await Promise.all([1, 2, 3].map(async (seed) => (await crashing(seed, { exclusive: false })).wrong))
  expect(wrong.flat().length).toBeGreaterThan(0)
})

test('control: where nothing says what the order is it does not hold', async () => {
  expect((await crashing(1, { orderBy: () => `${Math.random()}` })).wrong.length).toBeGreaterThan(0)
})
