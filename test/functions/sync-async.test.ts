/**
 * The samples of RedisGears 2's page "Sync & Async", on every host: each gives the reply that the page says.
 */
import { describe, expect, test } from 'vitest'
import { Recorder } from '../../src/testing/index.ts'
import { hosts, Wire } from './rig.ts'

/** Counts hashes by name, inside whatever gives it a client. */
const COUNT_BATCH = `
  const batch = (client, state, expected) => {
    const [next, keys] = client.call('scan', state.cursor)
    state.cursor = next
    for (const key of keys) if (client.call('hget', key, 'name') == expected) state.count += 1
  }
`
const STORE = `
  const store = (client, name, count) => {
    client.call('set', name + '_count', count)
    client.call('expire', name + '_count', 5)
  }
`
const COUNT_IN_BACKGROUND = `
  const countAll = async (background, expected) => {
    const state = { cursor: '0', count: 0 }
    do {
      background.block((client) => batch(client, state, expected))
    } while (state.cursor != '0')
    return state.count
  }
`

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

async function withPeople(wire: Wire): Promise<void> {
  for (let i = 0; i < 30; i++) await wire.send('HSET', `p:${i}`, 'name', i % 3 === 0 ? 'ada' : 'bob')
}

describe.each(hosts)('Sync & Async on the $name host', ({ engineWith, capabilities }) => {
  test('an async function answers TFCALLASYNC', async () => {
    const wire = new Wire(engineWith(`redis.registerAsyncFunction('test', async function () { return 'test' })`))
    expect(await wire.send('TFCALLASYNC', 'L.test', '0')).toBe('$4 test')
  })

  test('a section gives what its function returns', async () => {
    const wire = new Wire(
      engineWith(`redis.registerAsyncFunction('test', async (client) => client.block((c) => c.call('ping')))`),
    )
    expect(await wire.send('TFCALLASYNC', 'L.test', '0')).toBe('$4 PONG')
  })

  test('a plain function counts hashes by name in one go', async () => {
    const wire = new Wire(
      engineWith(`${COUNT_BATCH}
        redis.registerFunction('test', (client, expected) => {
          const state = { cursor: '0', count: 0 }
          do batch(client, state, expected)
          while (state.cursor != '0')
          return state.count
        })`),
    )
    await withPeople(wire)
    expect(await wire.send('TFCALL', 'L.test', '0', 'ada')).toBe(':10')
    expect(await wire.send('TFCALL', 'L.test', '0', 'bob')).toBe(':20')
  })

  test('an async function counts them a section at a time', async () => {
    const wire = new Wire(
      engineWith(`${COUNT_BATCH}${COUNT_IN_BACKGROUND} redis.registerAsyncFunction('test', countAll)`),
    )
    await withPeople(wire)
    expect(await wire.send('TFCALLASYNC', 'L.test', '0', 'ada')).toBe(':10')
  })

  test('an async function keeps the count for five seconds', async () => {
    const engine = engineWith(`${COUNT_BATCH}${COUNT_IN_BACKGROUND}${STORE}
      redis.registerAsyncFunction('test', async (background, name) => {
        const cached = background.block((client) => client.call('get', name + '_count'))
        if (cached != null) return cached
        const count = await countAll(background, name)
        background.block((client) => store(client, name, count))
        return count
      })`)
    const wire = new Wire(engine)
    await withPeople(wire)
    expect(await wire.send('TFCALLASYNC', 'L.test', '0', 'ada')).toBe(':10')
    expect(await wire.send('TFCALLASYNC', 'L.test', '0', 'ada')).toBe('$2 10')
    expect(await wire.send('TTL', 'ada_count')).toBe(':5')
  })

  test('a plain function answers from the cache at once and else goes on in the background', async () => {
    const engine = engineWith(`${COUNT_BATCH}${COUNT_IN_BACKGROUND}${STORE}
      redis.registerAsyncFunction('test', (client, name) => {
        const cached = client.call('get', name + '_count')
        if (cached != null) return cached
        return client.executeAsync(async (background) => {
          const count = await countAll(background, name)
          background.block((section) => store(section, name, count))
          return count
        })
      })`)
    const wire = new Wire(engine)
    await withPeople(wire)
    expect(await wire.start('TFCALLASYNC', 'L.test', '0', 'ada')).toBe(':10')
    // Where the background has a thread, it may not have come to rest, and the caller waits for that.
    if (capabilities.background) expect(await wire.send('TFCALLASYNC', 'L.test', '0', 'ada')).toBe('$2 10')
    else expect(wire.recorder.send('TFCALLASYNC L.test 0 ada')).toEqual(['10'])
    expect(await wire.send('TFCALL', 'L.test', '0', 'ada')).toMatch('-The function is declared as async')
  })

  test('a function asks whether its caller can wait', async () => {
    const wire = new Wire(engineWith(`redis.registerFunction('f', (client) => client.isBlockAllowed())`))
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':0')
    expect(await wire.send('TFCALLASYNC', 'L.f', '0')).toBe(':1')
    await wire.send('MULTI')
    await wire.send('TFCALL', 'L.f', '0')
    await wire.send('TFCALLASYNC', 'L.f', '0')
    expect(await wire.send('EXEC')).toBe('*2 :0 :0')
  })

  test('a blocking command is awaited until the wanted element comes, and others are served meanwhile', async () => {
    const engine = engineWith(`
      redis.registerAsyncFunction('my_blpop', async (client, key, wanted) => {
        let popped
        do popped = await client.block((c) => c.callAsync('blpop', key, '0'))
        while (popped[1] != wanted)
        return popped
      })`)
    const wire = new Wire(engine)
    const other = new Wire(engine)
    const answer = wire.start('TFCALLASYNC', 'L.my_blpop', '1', 'l', 'b')
    expect(await other.send('PING')).toBe('+PONG')
    while (!(await other.send('TFUNCTION', 'LIST')).includes('blpop l 0')) await turn()
    await other.send('LPUSH', 'l', 'a')
    expect(await other.send('SET', 'k', 'v')).toBe('+OK')
    while ((await other.send('LLEN', 'l')) !== ':0' || !(await other.send('TFUNCTION', 'LIST')).includes('blpop'))
      await turn()
    expect(await other.send('LPUSH', 'l', 'b')).toBe(':1')
    expect(await answer).toBe('*2 $1 l $1 b')
    expect(await other.send('TFUNCTION', 'LIST')).not.toContain('blpop l 0')
  })

  test('a section wakes clients that wait for what it wrote', async () => {
    const engine = engineWith(
      `redis.registerAsyncFunction('f', async (client) => client.block((c) => c.call('lpush', 'l', 1)))`,
    )
    const waiter = new Recorder(engine)
    waiter.send('BLPOP l 0')
    expect(await new Wire(engine).send('TFCALLASYNC', 'L.f', '0')).toBe(':1')
    expect(waiter.received).toEqual([['l', '1']])
    expect(waiter.resumed).toBe(1)
  })

  test('the writes of a section are one unit', async () => {
    const engine = engineWith(`redis.registerAsyncFunction('f', async (client) => {
      client.block((c) => { c.call('set', 'a', 1); c.call('incr', 'a') })
      return client.block((c) => c.call('incr', 'a'))
    })`)
    const units: string[][] = []
    engine.keyspace.reports.wantsEffects = true
    engine.onEffects = (effects) => units.push(effects.map(({ argv }) => argv.join(' ')))
    expect(await new Wire(engine).send('TFCALLASYNC', 'L.f', '0')).toBe(':3')
    expect(units).toEqual([['set a 1', 'incr a'], ['incr a']])
  })

  test('an async callback of registerFunction is refused: the page shows one, the original never took it', () => {
    expect(() => engineWith(`redis.registerFunction('test', async () => 1)`)).toThrow(
      "'registerFunction' can not be used with async function, use 'registerAsyncFunction' instead.",
    )
  })
})
