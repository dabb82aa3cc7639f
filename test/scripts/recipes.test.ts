/** The stack, the cache and the moving average, on an embedded store and on redis-server. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { layered } from '../../examples/cache/cache.ts'
import { cached, type Database, MovingAverage, open, Stack } from '../../src/index.ts'
import { shadowMode } from '../../src/script/run/local.ts'
import { onEmbedded, onRedisServer } from '../oracle/stores.ts'

beforeAll(() => {
  shadowMode.isOn = true
})
afterAll(() => {
  shadowMode.isOn = false
})

/** A promise and what settles it. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

function recipes(database: () => Database): void {
  let db: Database
  beforeEach(async () => {
    db = database()
    await db.flushall()
  })
  const keys = async (): Promise<unknown> => [...(await db.keys('*'))].sort()

  test('a stack falls through to lower frames, and leaves no key when it is empty', async () => {
    const [stack, other] = [new Stack(db, 'foo'), new Stack(db, 'bar')]
    const holds = async (expected: Record<string, string | null>) => {
      for (const [field, value] of Object.entries(expected)) expect(await stack.find(field), field).toBe(value)
    }
    expect(await stack.set('a', 'hi')).toBe(true)
    expect(await keys()).toEqual(['foo:frame:0'])
    expect(await stack.get('a')).toBe('hi')
    expect(await stack.set('b', 'foo')).toBe(true)
    await holds({ a: 'hi', b: 'foo', z: null })
    expect(await other.find('a')).toBeNull()

    expect(await stack.push()).toBe(1)
    expect(await db.get('foo:size')).toBe('1')
    expect([await stack.get('a'), await stack.get('b')]).toEqual([null, null])
    expect(await stack.set('b', 'bb')).toBe(true)
    expect(await stack.set('b', 'bb')).toBe(false)
    await holds({ a: 'hi', b: 'bb', z: null })

    expect(await other.push()).toBe(1)
    expect(await other.push()).toBe(2)
    expect(await other.set('deep', 'x')).toBe(true)
    expect(await other.find('deep')).toBe('x')
    await holds({ deep: null })

    expect(await stack.push()).toBe(2)
    expect(await stack.set('c', 'cc')).toBe(true)
    await holds({ a: 'hi', b: 'bb', c: 'cc' })
    expect(await stack.pop()).toEqual({ c: 'cc' })
    await holds({ a: 'hi', b: 'bb', c: null })

    expect(await stack.pop()).toEqual({ b: 'bb' })
    expect(await db.get('foo:size')).toBe('0')
    expect(await db.exists('foo:frame:1')).toBe(0)
    await holds({ a: 'hi', b: 'foo' })
    expect(await stack.pop()).toEqual({ a: 'hi', b: 'foo' })
    expect(await stack.pop()).toEqual({})
    expect(await keys()).toEqual(['bar:frame:2', 'bar:size'])
    expect([await other.pop(), await other.pop(), await other.pop()]).toEqual([{ deep: 'x' }, {}, {}])
    expect(await keys()).toEqual([])
  })

  test('a moving average counts the last values only', async () => {
    const average = new MovingAverage(db, 'speed', 3)
    const means: number[] = []
    for (const value of [1, 2, 6, 4, -1, 0.5]) means.push(await average.add(value))
    expect(means).toEqual([1, 1.5, 3, 4, 3, 3.5 / 3])
    expect(await db.llen('speed')).toBe(3)
    expect(() => new MovingAverage(db, 'speed', 0)).toThrow(RangeError)
  })

  test('a cached function computes once, however many ask', async () => {
    let times = 0
    const compute = async (name: string) => ({ name, times: ++times })
    // Two caches are two processes: only the store is between them.
    const [one, other] = [cached(db, compute, { prefix: 'c:' }), cached(db, compute, { prefix: 'c:' })]
    const asked = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? one('x') : other('x')))
    expect(new Set((await Promise.all(asked)).map((value) => JSON.stringify(value)))).toEqual(
      new Set(['{"name":"x","times":1}']),
    )
    expect(await one('y')).toEqual({ name: 'y', times: 2 })
    expect(await keys()).toEqual(['c:{x}', 'c:{y}'])
  })

  test('an error goes to who computed, and whoever waits computes then', async () => {
    const first = deferred<string>()
    const failing = cached(db, () => first.promise, { prefix: 'c:' })
    const waiting = cached(db, async () => 'second', { prefix: 'c:', pollMs: 1 })
    const failed = failing('x')
    await expect.poll(() => db.exists('c:{x}:mark')).toBe(1)
    const later = waiting('x')
    first.reject(new Error('no'))
    await expect(failed).rejects.toThrow('no')
    expect(await later).toBe('second')
  })

  test('the mark of who died ends, and who was thought dead writes nothing', async () => {
    await db.set('c:{x}:mark', 'somebody who died', { px: 30 })
    const slow = deferred<string>()
    expect(await cached(db, async () => 'mine', { prefix: 'c:', pollMs: 1 })('x')).toBe('mine')
    const late = cached(db, () => slow.promise, { prefix: 'c:' })('y')
    await expect.poll(() => db.exists('c:{y}:mark')).toBe(1)
    await db.set('c:{y}:mark', 'another')
    slow.resolve('stale')
    expect(await late).toBe('stale')
    expect(await db.get('c:{y}')).toBeNull()
  })

  test('the same function is a local layer and the shared one behind it', async () => {
    await using local = await open()
    let times = 0
    const lookUp = layered(local, db, async (city) => ({ city, degrees: ++times }))
    expect(await lookUp('Oslo')).toEqual({ city: 'Oslo', degrees: 1 })
    expect(await lookUp('Oslo')).toEqual({ city: 'Oslo', degrees: 1 })
    expect(await local.get('weather:{Oslo}')).toBe(await db.get('weather:{Oslo}'))
    await local.flushall()
    expect(await lookUp('Oslo')).toEqual({ city: 'Oslo', degrees: 1 })
    expect(times).toBe(1)
  })
}

onEmbedded(recipes)
onRedisServer(recipes)
