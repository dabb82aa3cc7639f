/** `db.functions`: libraries loaded, listed and called as typed methods, on every store that has them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BackgroundApi, library, type SectionApi } from '../../src/functions/index.ts'
import { type Database, open, RedisError } from '../../src/index.ts'

const people = library('people', ({ redis, log }) => {
  redis.registerFunction('byHand', () => 'registered')
  return {
    count: (client: SectionApi, name: string) => client.call<bigint>('incr', `count:${name}`),
    facts: (_client: SectionApi, name: string) => ({ name, half: 0.5, isFine: true, tags: ['a', 'b'], none: null }),
    set: () => new Set([1, 2]),
    big: () => 2n ** 60n,
    fails: (): string => {
      throw new TypeError('on purpose')
    },
    noted: (_client: SectionApi) => log('x'),
    kept: {
      run: (client: SectionApi) => client.call('set', 'k', 'v'),
      flags: ['no-writes'],
      description: 'writes, which it may not',
    },
    later: async (client: BackgroundApi, name: string) => {
      await Promise.resolve()
      return client.block((held) => held.call<string>('get', `count:${name}`))
    },
  }
})

declare module '../../src/client/functions/typed.ts' {
  interface Libraries {
    people: typeof people
  }
}

describe.each(['embedded', 'port', 'served'] as const)('functions of a library, %s', (way) => {
  let store: Database
  let db: Database

  beforeAll(async () => {
    store = await open('memory:', { engine: { functions: { libraries: [people], trustLibraries: true } } })
    if (way === 'embedded') db = store
    else if (way === 'port') db = await open(store.port())
    else db = await open((await store.listen()).url)
  })
  afterAll(async () => {
    if (db !== store) await db.close()
    await store.close()
  })

  test('are methods, with types', async () => {
    const { people: lib } = db.functions
    const first: number | bigint = await lib.count('Ada')
    expect([first, await lib.count('Ada')]).toEqual([1, 2])
    expect(await lib.later('Ada')).toBe('2')
    const facts: { name: string; half: number; isFine: boolean; tags: string[]; none: null } = await lib.facts('Ada')
    expect(facts).toEqual({ name: 'Ada', half: 0.5, isFine: true, tags: ['a', 'b'], none: null })
    const set: Set<number> = await lib.set()
    expect(set).toEqual(new Set([1, 2]))
    expect(await lib.big()).toBe(2n ** 60n)
    expect(await lib.noted()).toBe('undefined')
    expect(await db.functions.of(people).count('Bob')).toBe(1)
    expect(await db.functions.call('people.byHand')).toBe('registered')
  })

  test('reject with what they threw', async () => {
    await expect(db.functions.people.fails()).rejects.toThrow('TypeError: on purpose')
    await expect(db.functions.people.fails()).rejects.toThrow(RedisError)
    await expect(db.functions.people.kept()).rejects.toThrow('was called while write is not allowed')
    await expect(db.functions.call('people.none')).rejects.toThrow('Unknown function none')
  })

  test('texts are loaded, listed, called and deleted', async () => {
    const code = `#!js api_version=1.0 name=sent\nredis.registerFunction('f', (c, k) => [k, redis.config.by ?? 0])`
    await db.functions.load(code, { config: { by: 7 } })
    await expect(db.functions.load(code)).rejects.toThrow('Library sent already exists.')
    expect(await db.functions.call('sent.f', { keys: ['k'] })).toEqual(['k', 7])
    await db.functions.load(code, { replace: true })
    expect(await db.functions.call('sent.f', { args: ['a'] })).toEqual(['a', 0])
    const [facts, ...others] = await db.functions.list({ library: 'sent', verbosity: 3, withCode: true })
    expect(others).toEqual([])
    expect(facts).toMatchObject({ name: 'sent', engine: 'js', user: 'default', code, configuration: null })
    expect((await db.functions.list()).map(({ name }) => name)).toEqual(['people', 'sent'])
    await db.functions.delete('sent')
    await expect(db.functions.delete('sent')).rejects.toThrow('library does not exists')
    await expect(db.functions.call('sent.f')).rejects.toThrow('Unknown library sent')
  })

  test('that wait do not hold up others of the same database', async () => {
    const code = `#!js api_version=1.0 name=waits
      redis.registerAsyncFunction('f', async (c) => c.block((b) => b.callAsync('blpop', 'gate', 0)))`
    await db.functions.load(code, { replace: true })
    const answer = db.functions.call('waits.f')
    const pending = async (): Promise<number> => {
      const [facts] = await db.functions.list({ library: 'waits' })
      return facts!.pending_async_calls.length
    }
    // What fails is told, not waited for.
    while ((await Promise.race([answer.then(() => 1), pending()])) === 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    await db.lpush('gate', ['open'])
    expect(await answer).toEqual(['gate', 'open'])
  })
})

test('a library returns functions, or things with a function', async () => {
  const odd = library('odd', () => ({ f: 1 }) as never)
  await expect(open('memory:', { engine: { functions: { libraries: [odd] } } })).rejects.toThrow(
    "'f' of library odd is neither a function nor { run, … }",
  )
})

test('a store without libraries says so', async () => {
  await using db = await open('memory:')
  await expect(db.functions.call('none.f')).rejects.toThrow('Unknown library none')
  await expect(db.functions.load('#!js')).rejects.toThrow(RedisError)
  // A promise may be made of it without harm.
  expect(await db.functions).toBeDefined()
})
