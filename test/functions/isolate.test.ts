/**
 * What isolates promise beside the suites that go over all hosts: a background of their own, memory limits, the kill policy,
 * callers that wait, forgotten rejections, ends.
 */
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { isolatingEngine, PROLOGUE, Wire } from './rig.ts'

const STOPPED = '-Err Execution was terminated due to OOM or timeout'
const EXHAUSTED = '-JS engine reached OOM state and can not run any more code'

async function loaded(body: string, engine: Engine = isolatingEngine({ lockTimeoutMs: 300 })): Promise<Wire> {
  const wire = new Wire(engine)
  expect(await wire.send('TFUNCTION', 'LOAD', PROLOGUE + body)).toBe('+OK')
  return wire
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

describe('the background', () => {
  const BURN = `redis.registerAsyncFunction('burn', async () => { for (;;); })
    redis.registerFunction('one', (c) => c.call('incr', 'n'))`

  test('computes while others are served, and is cut at its limit', async () => {
    const wire = await loaded(BURN)
    const other = new Wire(wire.engine)
    let isDone = false
    const answer = wire.start('TFCALLASYNC', 'L.burn', '0').finally(() => {
      isDone = true
    })
    let served = 0
    while (!isDone) {
      expect(await other.send('INCR', 'served')).toBe(`:${++served}`)
      await turn()
    }
    expect(await answer).toBe(STOPPED)
    // The engine went round its loop all the while: with a thread held up it would have been a handful.
    expect(served).toBeGreaterThan(20)
  })

  test('lets callers of the same library wait, and fails who cannot', async () => {
    const wire = await loaded(BURN, isolatingEngine({ lockTimeoutMs: 300 }, systemClock))
    const answer = wire.start('TFCALLASYNC', 'L.burn', '0')
    await turn()
    const other = new Wire(wire.engine)
    await other.send('MULTI')
    await other.send('TFCALL', 'L.one', '0')
    await other.send('SET', 'k', 'v')
    expect(await other.send('EXEC')).toBe(
      '*2 -Err Library is busy: its background code is running and the caller can not wait for it +OK',
    )
    // Answered or failed, whichever comes first: the engine was not held up by it.
    expect(await other.send('TFCALL', 'L.one', '0')).toMatch(/^(:1|-Err Library is busy.*)$/)
    expect(await answer).toBe(STOPPED)
  })

  test('does not hold up who cannot wait, however late it computes and whatever the policy', async () => {
    const wire = await loaded(
      `redis.registerAsyncFunction('late', async () => {
        for (let i = 0; i < 100; i++) await undefined
        const end = Date.now() + 600
        while (Date.now() < end);
        return 'done'
      })
      redis.registerKeySpaceTrigger('t', 'k', () => {}, { onTriggerFired: (c) => { c.call('get', 'k') } })`,
      isolatingEngine({ lockTimeoutMs: 100 }, systemClock),
    )
    await wire.send('TCONFIG_SET', 'library-fatal-failure-policy', 'kill')
    let isDone = false
    const answer = wire.start('TFCALLASYNC', 'L.late', '0').finally(() => {
      isDone = true
    })
    const other = new Wire(wire.engine)
    let served = 0
    while (!isDone) {
      expect(await other.send('SET', 'k', `${served++}`)).toBe('+OK')
      await turn()
    }
    expect(await answer).toBe('$4 done')
    // One waits for some milliseconds; one that waited for the job would be the only one.
    expect(served).toBeGreaterThan(5)
    expect(await other.send('TFUNCTION', 'LIST', 'v')).toContain('Library is busy')
  })

  test('lets in who cannot wait as soon as its job is through', async () => {
    const wire = await loaded(`
      redis.registerKeySpaceTrigger('t', 'k', async (c) => { await undefined; c.block((b) => b.call('incr', 'n')) }, {
        onTriggerFired: (c, data) => { data.seen = c.call('get', 'k') },
      })`)
    for (let i = 0; i < 50; i++) {
      expect(await wire.send('SET', 'k', `${i}`)).toBe('+OK')
      await turn()
    }
    const statistics = async (): Promise<number[]> =>
      [...(await wire.send('TFUNCTION', 'LIST', 'v')).matchAll(/num_(?:finished|success) :(\d+)/g)].map(([, n]) =>
        Number(n),
      )
    await expect.poll(async () => (await statistics())[0], { timeout: 20_000 }).toBe(50)
    // Not all, since a thread may rest longer than anyone waits; without a word from it hardly any.
    expect((await statistics())[1]).toBeGreaterThan(25)
  })

  test('reaches the data a section at a time, and others come between', async () => {
    const wire = await loaded(`redis.registerAsyncFunction('f', async (c) => {
      const seen = []
      for (let i = 0; i < 50; i++) seen.push(c.block((b) => { b.call('incr', 'n'); return b.call('incr', 'n') }))
      return seen.length
    })`)
    const other = new Wire(wire.engine)
    const answer = wire.start('TFCALLASYNC', 'L.f', '0')
    let isDone = false
    void answer.then(() => {
      isDone = true
    })
    const between: string[] = []
    while (!isDone) {
      between.push(await other.send('GET', 'n'))
      await turn()
    }
    expect(await answer).toBe(':50')
    // Never in the middle of a section.
    for (const n of between.slice(1)) expect(Number(n.split(' ')[1] ?? 0) % 2).toBe(0)
    expect(await other.send('GET', 'n')).toBe('$3 100')
  })

  test('a rejection that nobody hears costs nothing', async () => {
    const wire = await loaded(`
      redis.registerFunction('f', () => { Promise.reject(new Error('Script execution timed.')); return 7 })
      redis.registerFunction('g', () => { (async () => { throw null })(); return { get a() { return 1 } } })
      redis.registerAsyncFunction('h', async () => { Promise.reject(1); return 8 })`)
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':7')
    expect(await wire.send('TFCALL', 'L.g', '0')).toBe('*2 $1 a :1')
    expect(await wire.send('TFCALLASYNC', 'L.h', '0')).toBe(':8')
  })

  test('a promise that has settled by then is answered at once, in MULTI too', async () => {
    const wire = await loaded(`redis.registerFunction('f', (c) => (async () => (await c.call('incr', 'n')))())`)
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':1')
    await wire.send('MULTI')
    await wire.send('TFCALL', 'L.f', '0')
    expect(await wire.send('EXEC')).toBe('*1 :2')
  })
})

describe('limits', () => {
  test('a library that takes all its memory is lost, and no other', async () => {
    const engine = isolatingEngine({ lockTimeoutMs: 20_000, libraryMemoryMb: 16 })
    const wire = await loaded(
      `redis.registerFunction('hog', (c) => { c.call('set', 'before', 1); const all = []; for (;;) all.push(new Array(1000).fill(all.length)) })
       redis.registerFunction('one', () => 1)`,
      engine,
    )
    const other = `#!js api_version=1.0 name=M\nredis.registerFunction('one', () => 1)`
    expect(await wire.send('TFUNCTION', 'LOAD', other)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.hog', '0')).toBe(STOPPED)
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(EXHAUSTED)
    expect(await wire.send('TFCALL', 'M.one', '0')).toBe(':1')
    expect(await wire.send('GET', 'before')).toBe('$1 1')
    expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
    expect(await wire.send('TFUNCTION', 'LOAD', `${PROLOGUE}redis.registerFunction('one', () => 1)`)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.one', '0')).toBe(':1')
  })

  test('buffers without end and endless recursion are errors', async () => {
    const wire = await loaded(`
      redis.registerFunction('buffers', () => { const all = []; for (;;) all.push(new ArrayBuffer(1e6)) })
      redis.registerFunction('deep', () => { const f = () => f() + 1; return f() })`)
    expect(await wire.send('TFCALL', 'L.deep', '0')).toBe('-RangeError: Maximum call stack size exceeded')
    expect(await wire.send('TFCALL', 'L.buffers', '0')).toMatch(/^-(RangeError|Err Execution was terminated)/)
    expect(await wire.send('PING')).toBe('+PONG')
  })

  test('under the policy kill nothing is stopped, and the log says so', async () => {
    const lines: string[] = []
    const engine = isolatingEngine({ lockTimeoutMs: 100, onLog: (line) => void lines.push(line) }, systemClock)
    const wire = await loaded(
      `redis.registerFunction('f', (c) => {
        const until = Date.now() + 250
        while (Date.now() < until);
        return c.call('incr', 'n')
      })`,
      engine,
    )
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(STOPPED)
    await wire.send('CONFIG', 'SET', 'redisgears_2.library-fatal-failure-policy', 'kill')
    lines.length = 0
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':1')
    expect(lines.join('\n')).toMatch(/Script locks Redis for about \d+ms .*\n.*we will allow the script to continue/)
  })

  test('a text that never ends is not loaded', async () => {
    const wire = new Wire(isolatingEngine({ lockTimeoutMs: 200 }))
    expect(await wire.send('TFUNCTION', 'LOAD', `${PROLOGUE}for (;;);`)).toBe(
      '-Failed loading library: Err Execution was terminated due to OOM or timeout.',
    )
    expect(await wire.send('TFUNCTION', 'LIST')).toBe('*0')
  })
})

test('an isolate ends with its library: many loads leave nothing behind', { timeout: 60_000 }, async () => {
  const wire = new Wire(isolatingEngine())
  const body = `${PROLOGUE}const ballast = new Array(1e5).fill(1); redis.registerFunction('f', () => ballast.length)`
  const rss: number[] = []
  for (let i = 0; i < 90; i++) {
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', body)).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(':100000')
    await turn()
    if (i === 29 || i === 89) rss.push(process.memoryUsage().rss)
  }
  // 60 isolates of 2 MB and more each, were they kept.
  expect(rss[1]! - rss[0]!).toBeLessThan(60 * 2 ** 20)
})

describe('a promise that nothing can settle any more', () => {
  const DROPPED = '-Promise was dropped without been resolved. Usually happened because of timeout or OOM.'
  const NEVER = `redis.registerAsyncFunction('never', async () => new Promise(() => {}))
    redis.registerFunction('plain', () => new Promise(() => {}))
    let all
    redis.registerAsyncFunction('churn', async () => { all = []; for (let i = 0; i < 1e5; i++) all.push({ i, n: [i] }); return 1 })`

  test('is told of to who waits for it, once V8 has collected it', { timeout: 60_000 }, async () => {
    const wire = await loaded(NEVER, isolatingEngine({ lockTimeoutMs: 20_000 }))
    const answers = ['L.never', 'L.plain'].map((name) => new Wire(wire.engine).start('TFCALLASYNC', name, '0'))
    let isOver = false
    void Promise.all(answers).then(() => {
      isOver = true
    })
    while (!isOver) {
      expect(await wire.send('TFCALLASYNC', 'L.churn', '0')).toBe(':1')
      await turn()
    }
    expect(await Promise.all(answers)).toEqual([DROPPED, DROPPED])
  })

  test('ends with its library', async () => {
    const wire = await loaded(NEVER)
    const answers = ['L.never', 'L.plain'].map((name) => new Wire(wire.engine).start('TFCALLASYNC', name, '0'))
    expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toBe('+OK')
    expect(await Promise.all(answers)).toEqual([DROPPED, DROPPED])
  })
})

test('what comes out of an isolate is looked at: forged registrations fail the load', async () => {
  const wire = new Wire(isolatingEngine())
  const forge = (json: string): string => `${PROLOGUE}redis.registerFunction('f', () => 1)
    Object.defineProperty(Array.prototype, 'toJSON', { value: () => (${json}) })`
  for (const json of [
    "'x'",
    "[{ name: 'a.b' }]",
    'null',
    '[1]',
    "[{ name: 'f', isAsync: 1, flags: [], callback: [-1, true] }]",
  ]) {
    expect(await wire.send('TFUNCTION', 'LOAD', forge(json))).toMatch(
      /^-Failed loading library: (Failed reading what the library registered|RangeError: Maximum call stack size exceeded)\.$/,
    )
  }
})
