/** Jobs of linked libraries, on a clock that is moved by hand. */
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { LibraryError, type LinkedRedis, library, type SectionApi } from '../../src/functions/index.ts'
import { ManualClock } from '../../src/testing/index.ts'
import { trustingEngine, Wire } from './rig.ts'

const MINUTE = 60_000
const START = Date.UTC(2024, 0, 1, 0, 0, 30)

function engineWith(register: (redis: LinkedRedis) => void) {
  const clock = new ManualClock(START)
  const logged: string[] = []
  const jobs = library('jobs', ({ redis }) => register(redis))
  const engine = trustingEngine({ libraries: [jobs], onLog: (text) => logged.push(text) }, clock)
  return { clock, engine, logged, wire: new Wire(engine) }
}

/** Lets background work go on to where it waits. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const jobsOf = async (engine: Engine): Promise<string> =>
  /\$5 crons (.*) \$6 engine/.exec(await new Wire(engine, 3).send('TFUNCTION', 'LIST', 'v'))![1]!

describe('a job', () => {
  test('runs at its times, in a section of its own or in the background', async () => {
    const { clock, wire } = engineWith((redis) => {
      redis.registerCron('plain', '*/5 * * * *', (client: SectionApi) => client.call('incr', 'plain'))
      redis.registerCron('async', '@hourly', async (client) => {
        await Promise.resolve()
        client.block((held) => held.call('incr', 'async'))
      })
    })
    clock.advance(4 * MINUTE)
    await settle()
    expect(await wire.send('EXISTS', 'plain', 'async')).toBe(':0')
    clock.advance(56 * MINUTE)
    await settle()
    expect(await wire.send('MGET', 'plain', 'async')).toBe('*2 $2 12 $1 1')
  })

  test('that runs still is not begun again', async () => {
    const { clock, wire, engine } = engineWith((redis) => {
      redis.registerCron('long', '* * * * *', async (client) => {
        client.block((held) => held.call('incr', 'begun'))
        await client.block((held) => held.callAsync('blpop', 'gate', 0))
      })
    })
    for (let i = 0; i < 3; i++) {
      clock.advance(MINUTE)
      await settle()
    }
    expect(await wire.send('GET', 'begun')).toBe('$1 1')
    await wire.send('LPUSH', 'gate', '1')
    await settle()
    clock.advance(MINUTE)
    await settle()
    expect(await wire.send('GET', 'begun')).toBe('$1 2')
    expect(await jobsOf(engine)).toContain('$11 num_trigger :2')
  })

  test('that fails is counted and told of, and runs again', async () => {
    const { clock, engine, logged } = engineWith((redis) => {
      redis.registerCron('fails', '* * * * *', async () => {
        throw new Error('on purpose')
      })
    })
    clock.advance(MINUTE)
    await settle()
    clock.advance(MINUTE)
    await settle()
    expect(logged).toEqual(Array(2).fill('The job jobs.fails failed: Error: on purpose'))
    expect(await jobsOf(engine)).toBe(
      `*1 %6 $10 last_error $17 Error: on purpose $4 name $10 jobs.fails $9 next_time :${Date.UTC(2024, 0, 1, 0, 3)} $10 num_failed :2 $11 num_trigger :2 $8 schedule $9 * * * * *`,
    )
  })

  test('rests on a replica and after the engine has stopped', async () => {
    const { clock, engine, wire } = engineWith((redis) => {
      redis.registerCron('f', '* * * * *', (client: SectionApi) => client.call('incr', 'n'))
    })
    engine.setRole('replica')
    clock.advance(2 * MINUTE)
    await settle()
    expect(await wire.send('GET', 'n')).toBe('$-1')
    engine.setRole('primary')
    clock.advance(MINUTE)
    await settle()
    expect(await wire.send('GET', 'n')).toBe('$1 1')
    engine.stop()
    clock.advance(MINUTE)
    await settle()
    expect(await wire.send('GET', 'n')).toBe('$1 1')
  })
})

test('a schedule that means nothing is told at start', () => {
  expect(() => engineWith((redis) => redis.registerCron('f', '61 * * * *', () => 1))).toThrow(LibraryError)
  expect(() => engineWith((redis) => redis.registerCron('f', '61 * * * *', () => 1))).toThrow(
    "'61' is no minute (0-59)",
  )
})
