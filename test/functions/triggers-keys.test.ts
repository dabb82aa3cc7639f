/**
 * Key space triggers, on every host: the rows of RedisGears 2's behaviour that are about them, and what we add.
 */
import { describe, expect, test } from 'vitest'
import { raw } from '../../src/base/bytes.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { ManualClock } from '../../src/testing/index.ts'
import { hosts, PROLOGUE, trustingEngine, Wire, WornClock } from './rig.ts'
import { keyFacts, streamFacts, until } from './trigger-facts.ts'

/** A trigger `t` whose callback is `code`, for keys beginning with `prefix`. */
const kst = (prefix: string, code: string, options = '{}'): string =>
  `redis.registerKeySpaceTrigger('t', '${prefix}', ${code}, ${options})\n`
/** A counter that triggers raise, and the function that tells it. */
const COUNTER = "let n = 0; redis.registerFunction('n', () => n)\n"

/** Takes the effects of every unit from now on. */
function effectsOf(engine: Engine): string[][] {
  const units: string[][] = []
  engine.keyspace.reports.wantsEffects = true
  engine.onEffects = (effects: readonly Effect[]) => units.push(effects.map(({ argv }) => argv.join(' ')))
  return units
}

describe.each(hosts)('$name', (host) => {
  const open = (body: string): { engine: Engine; wire: Wire; send: (line: string) => Promise<string> } => {
    const engine = host.engineWith(body)
    const wire = new Wire(engine)
    return { engine, wire, send: (line) => wire.send(...line.split(' ')) }
  }

  test('row 51: every event fires, also that a key is missing', async () => {
    const { send } = open(COUNTER + kst('', '() => { n++ }'))
    await send('SET x 1')
    expect(await send('TFCALL L.n 0')).toBe(':1')
    await send('GET nokey')
    expect(await send('TFCALL L.n 0')).toBe(':2')
  })

  test('row 52: what functions write fires nothing', async () => {
    const { send } = open(
      COUNTER +
        kst('', '() => { n++ }') +
        "redis.registerFunction('w', (c) => c.call('set', 'x', '1'))\n" +
        "redis.registerAsyncFunction('w2', async (c) => c.block((b) => b.call('set', 'x', '1')))\n",
    )
    expect(await send('TFCALL L.w 0')).toBe('$2 OK')
    expect(await send('TFCALLASYNC L.w2 0')).toBe('$2 OK')
    expect(await send('TFCALL L.n 0')).toBe(':0')
  })

  test('row 53: what triggers write fires nothing', async () => {
    const { send } = open(COUNTER + kst('', "(c) => { c.call('set', 'x', '1'); n++ }"))
    await send('SET y 1')
    expect(await send('TFCALL L.n 0')).toBe(':1')
    expect(await send('EXISTS x')).toBe(':1')
  })

  test('row 54: a callback runs when the transaction ends and sees what it left', async () => {
    const { send } = open(kst('h:', "(c, d) => { c.call('incr', 'name_' + c.call('hget', d.key, 'name')) }"))
    for (const line of ['MULTI', 'HSET h:1 name tom', 'HSET h:1 name ann', 'EXEC']) await send(line)
    expect(await send('MGET name_tom name_ann')).toBe('*2 $-1 $1 2')
  })

  test('row 55: onTriggerFired runs at the instant', async () => {
    const { send } = open(
      kst(
        'h:',
        "(c, d) => { c.call('incr', 'name_' + d.name) }",
        "{ onTriggerFired: (c, d) => { d.name = c.call('hget', d.key, 'name') } }",
      ),
    )
    for (const line of ['MULTI', 'HSET h:1 name tom', 'HSET h:1 name ann', 'EXEC']) await send(line)
    expect(await send('MGET name_tom name_ann')).toBe('*2 $1 1 $1 1')
  })

  test('row 56: onTriggerFired must not write; then the callback does not run', async () => {
    const { engine, send } = open(
      COUNTER + kst('', '() => { n++ }', "{ onTriggerFired: (c) => { c.call('set', 'x', '2') } }"),
    )
    expect(await send('SET x 1')).toBe('+OK')
    expect(await send('GET x')).toBe('$1 1')
    expect(await send('TFCALL L.n 0')).toBe(':0')
    expect(keyFacts(engine)).toMatchObject({
      num_trigger: 1,
      num_finished: 1,
      num_failed: 1,
      num_success: 0,
      last_error: expect.stringContaining("Write command 'set' was called while write is not allowed"),
    })
  })

  test('row 58: a binary prefix, and a key that is no text', async () => {
    const { wire } = open(
      "redis.registerKeySpaceTrigger('t', new Uint8Array([255]).buffer, (c, d) => { c.call('set', 'seen', d.key + ' ' + new Uint8Array(d.key_raw).join()) })\n",
    )
    wire.sendRaw('SET', '\xff\xff', 'v')
    wire.sendRaw('SET', '\xfe\xff', 'v')
    expect(await wire.send('GET', 'seen')).toBe('$12 null 255,255')
  })

  test('row 59: what a callback throws or rejects with is kept, and the client never hears of it', async () => {
    const { engine, send } = open(
      kst('', "async () => { throw 'SomeError' }") +
        "redis.registerKeySpaceTrigger('p', '', (c) => c.executeAsync(async () => { throw 'Other' }))\n" +
        "redis.registerKeySpaceTrigger('s', '', () => { throw new TypeError('Plain') })\n",
    )
    expect(await send('SET x 1')).toBe('+OK')
    await until(() => keyFacts(engine)?.['last_error'], 'SomeError')
    await until(() => keyFacts(engine, 'p')?.['last_error'], 'Other')
    expect(keyFacts(engine, 's')).toMatchObject({
      last_error: expect.stringContaining('TypeError: Plain'),
      num_failed: 1,
    })
  })

  test('an async callback runs after the unit, its sections are units of their own', async () => {
    const { engine, send } = open(
      kst(
        'x',
        "async (c, d) => { c.block((b) => b.call('set', 'first', d.event)); await null; c.block((b) => b.call('set', 'last', d.key)) }",
      ),
    )
    const units = effectsOf(engine)
    await send('SET x1 1')
    await until(() => keyFacts(engine)?.['num_success'], 1)
    expect(units).toEqual([['SET x1 1'], ['set first set'], ['set last x1']])
  })

  test('what a trigger does stands in the unit of its cause', async () => {
    const { engine, send } = open(kst('x', "(c, d) => { c.call('incr', 'n'); c.call('lpush', 'l', d.key) }"))
    const units = effectsOf(engine)
    await send('SET x1 1')
    for (const line of ['MULTI', 'SET a 1', 'SET x2 1', 'SET b 1', 'EXEC']) await send(line)
    expect(units).toEqual([
      ['SET x1 1', 'incr n', 'lpush l x1'],
      ['SET a 1', 'SET x2 1', 'SET b 1', 'incr n', 'lpush l x2'],
    ])
  })

  test('a client that waits is served after the triggers', async () => {
    const { engine, send } = open(
      kst('l', "(c, d) => { if (d.event === 'lpush') c.call('lpush', 'l', 'from trigger') }"),
    )
    const waiting = new Wire(engine)
    const popped = waiting.start('BLPOP', 'l', '0')
    await send('LPUSH l mine')
    expect(await popped).toBe('*2 $1 l $12 from trigger')
  })

  test('triggers fire in the order in which they were registered, and keep their place', async () => {
    const { send } = open(
      ['b', 'a', 'c']
        .map((name) => `redis.registerKeySpaceTrigger('${name}', '', (c) => { c.call('append', 'order', '${name}') })`)
        .join('\n'),
    )
    await send('SET x 1')
    expect(await send('GET order')).toBe('$3 bac')
  })

  test('only the events that were asked for fire', async () => {
    const { send } = open(COUNTER + kst('', '() => { n++ }', "{ events: ['set', 'expired'] }"))
    for (const line of ['SET x 1', 'DEL x', 'GET x', 'LPUSH l 1', 'SET y 1']) await send(line)
    expect(await send('TFCALL L.n 0')).toBe(':2')
  })

  test('the old value of what was deleted or has expired, of every type', async () => {
    const { engine, wire, send } = open(
      kst(
        'k:',
        "(c, d) => { c.call('rpush', 'seen', JSON.stringify([d.event, d.key, d.old && d.old.type, d.old && d.old.value])) }",
        '{ oldValue: true }',
      ),
    )
    for (const line of [
      'SET k:s v',
      'RPUSH k:l a b',
      'SADD k:set m',
      'HSET k:h f v',
      'ZADD k:z 1.5 m',
      'XADD k:x 1-1 f v',
    ]) {
      await send(line)
    }
    await send('DEL k:s k:l k:set k:h k:z')
    await send('UNLINK k:x')
    wire.sendRaw('SET', 'k:b', '\xff')
    await send('PEXPIREAT k:b 1')
    const seen = new Wire(engine)
    const all = seen.recorder.send('LRANGE seen 0 -1')[0]
    expect(all).toEqual([
      ...['set', 'rpush', 'sadd', 'hset', 'zadd', 'xadd'].map((event, i) =>
        JSON.stringify([event, `k:${['s', 'l', 'set', 'h', 'z', 'x'][i]}`, null, null]).replace(
          ',null,null',
          ',null,null',
        ),
      ),
      '["del","k:s","string","v"]',
      '["del","k:l","list",["a","b"]]',
      '["del","k:set","set",["m"]]',
      '["del","k:h","hash",[["f","v"]]]',
      '["del","k:z","zset",[["m","1.5"]]]',
      '["del","k:x","stream",[["1-1",[["f","v"]]]]]',
      '["set","k:b",null,null]',
      '["del","k:b","string",null]',
    ])
  })

  test('writes of libraries fire what asks for them, and only so deep', async () => {
    const { engine, send } = open(
      COUNTER +
        kst(
          '',
          "(c, d) => { n++; c.call('incr', 'next') }",
          "{ events: ['set', 'incrby'], includeLibraryWrites: true }",
        ) +
        "redis.registerFunction('w', (c) => c.call('set', 'x', '1'))\n" +
        "redis.registerKeySpaceTrigger('deaf', '', () => {}, { events: ['incrby'] })\n",
    )
    expect(await send('TFCALL L.w 0')).toBe('$2 OK')
    expect(await send('TFCALL L.n 0')).toBe(':16')
    expect(keyFacts(engine)).toMatchObject({
      num_trigger: 17,
      num_failed: 1,
      last_error: 'Err Triggers fire one another more than 16 deep',
    })
    expect(keyFacts(engine, 'deaf')).toMatchObject({ num_trigger: 0 })
  })

  test('for a library’s writes onTriggerFired runs just before the callback', async () => {
    const { send } = open(
      `${kst(
        'x',
        "(c, d) => { c.call('append', 'seen', d.value) }",
        "{ includeLibraryWrites: true, onTriggerFired: (c, d) => { d.value = c.call('get', d.key) } }",
      )}redis.registerFunction('w', (c) => { c.call('set', 'x', 'a'); c.call('set', 'x', 'b') })\n`,
    )
    await send('TFCALL L.w 0')
    expect(await send('GET seen')).toBe('$2 bb')
    await send('MULTI')
    await send('SET x c')
    await send('SET x d')
    await send('EXEC')
    expect(await send('GET seen')).toBe('$4 bbcd')
  })

  test('a command that waited for a library fires triggers when it is served', async () => {
    const { engine, send } = open(
      COUNTER +
        kst('l', '() => { n++ }', "{ events: ['lpop'] }") +
        "redis.registerAsyncFunction('pop', async (c) => c.block((b) => b.callAsync('blpop', 'l', '0')))\n",
    )
    const popped = new Wire(engine).start('TFCALLASYNC', 'L.pop', '0')
    await until(() => engine.blocking.count, 1)
    await send('LPUSH l v')
    expect(await popped).toBe('*2 $1 l $1 v')
    expect(await send('TFCALL L.n 0')).toBe(':1')
  })

  test('row 75: triggers act as their owner, who needs every right on the key', async () => {
    const { engine, send } = open('redis.registerFunction("f", () => 1)')
    await send('ACL SETUSER alice on nopass ~a:* &* +@all')
    const alice = new Wire(engine)
    await alice.send('AUTH', 'alice', 'x')
    const text = `#!js api_version=1.0 name=A\n${kst('', "(c, d) => { c.call('get', d.key === 'a:out' ? 'x' : 'a:y') }", "{ events: ['set'] }")}`
    expect(await alice.send('TFUNCTION', 'LOAD', text)).toBe('+OK')
    await send('SET b:1 1')
    expect(keyFacts(engine, 't', 'A')).toMatchObject({
      last_error: "User 'alice' has no permissions on key 'b:1', User does not have permissions on key.",
    })
    await send('SET a:out 1')
    expect(keyFacts(engine, 't', 'A')?.['last_error']).toContain('No permissions to access a key')
    await send('SET a:1 1')
    expect(keyFacts(engine, 't', 'A')).toMatchObject({ num_success: 1, num_failed: 2 })
    await send('ACL DELUSER alice')
    expect(await send('SET a:1 1')).toBe('+OK')
    expect(keyFacts(engine, 't', 'A')?.['last_error']).toContain('User does not exists or disabled')
    await send('ACL SETUSER alice on nopass ~a:* &* +@all')
    await send('SET a:1 1')
    expect(keyFacts(engine, 't', 'A')).toMatchObject({ num_success: 2 })
  })

  test('a replica fires nothing, and what came to be a primary does', async () => {
    const { engine, send } = open(COUNTER + kst('', '() => { n++ }', "{ events: ['set', 'keymiss'] }"))
    engine.setRole('replica')
    await send('GET nokey')
    engine.setRole('primary')
    expect(await send('TFCALL L.n 0')).toBe(':0')
    await send('SET x 1')
    expect(await send('TFCALL L.n 0')).toBe(':1')
  })

  test('a library that is deleted between the event and the end of the unit fires nothing more', async () => {
    const { engine, send } = open("redis.registerFunction('f', () => 1)")
    const text = `#!js api_version=1.0 name=A\n${kst('', "(c) => { c.call('set', 'late', '1') }", "{ events: ['set'] }")}`
    await new Wire(engine).send('TFUNCTION', 'LOAD', text)
    for (const line of ['MULTI', 'SET x 1', 'TFUNCTION DELETE A', 'EXEC']) await send(line)
    expect(await send('EXISTS late')).toBe(':0')
    await send('SET x 1')
    expect(await send('EXISTS late')).toBe(':0')
  })
})

const load = async (wire: Wire, body: string, ...options: string[]): Promise<string> =>
  wire.send('TFUNCTION', 'LOAD', ...options, PROLOGUE + body)

describe('upgrades', () => {
  test('rows 41 and 50: a namesake keeps counts and place, takes prefix, callback and description over', async () => {
    const engine = trustingEngine()
    const wire = new Wire(engine)
    const two = (first: string): string =>
      `${first}\nredis.registerKeySpaceTrigger('u', '', (c) => { c.call('append', 'order', 'u') })`
    await load(wire, two(kst('a', "(c) => { c.call('append', 'order', 't') }", "{ description: 'first' }")))
    await wire.send('SET', 'a', '1')
    expect(keyFacts(engine)).toMatchObject({ description: 'first', num_success: 1, prefix: 'a' })
    expect(await load(wire, "redis.registerKeySpaceTrigger('t', 'b', 'no function')", 'REPLACE')).toContain(
      'must be a function',
    )
    await wire.send('SET', 'a', '1')
    expect(await wire.send('GET', 'order')).toBe('$4 tutu')
    await load(wire, two(kst('b', "(c) => { c.call('append', 'order', 'T') }", "{ description: 'second' }")), 'REPLACE')
    await wire.send('SET', 'b', '1')
    expect(await wire.send('GET', 'order')).toBe('$6 tutuTu')
    expect(keyFacts(engine)).toMatchObject({ description: 'second', num_success: 3, prefix: 'b' })
    await load(wire, "redis.registerFunction('f', () => 1)", 'REPLACE')
    await wire.send('SET', 'b', '1')
    expect(await wire.send('GET', 'order')).toBe('$6 tutuTu')
    expect(engine.keyspace.reports.eventMask).toBe(0)
  })

  test('row 44, triggers: names are letters, digits and underscores', async () => {
    const wire = new Wire(trustingEngine())
    expect(await load(wire, "redis.registerKeySpaceTrigger('a.b', '', () => {})")).toContain(
      "Unallowed key space trigger name 'a.b'",
    )
    expect(await load(wire, "redis.registerStreamTrigger('a.b', '', () => {})")).toContain(
      "Unallowed stream trigger name 'a.b'",
    )
  })

  test.each([
    [
      "redis.registerKeySpaceTrigger('a', 1, () => {})",
      "Second argument to 'registerKeySpaceTrigger' must be a string",
    ],
    ["redis.registerKeySpaceTrigger('a', '', 1)", "Third argument to 'registerKeySpaceTrigger' must be a function"],
    ["redis.registerKeySpaceTrigger('a', '', () => {}, { onTriggerFired: 1 })", "'onTriggerFired' argument"],
    [
      "redis.registerKeySpaceTrigger('a', '', () => {}, { onTriggerFired: async () => {} })",
      "'onTriggerFired' argument",
    ],
    ["redis.registerKeySpaceTrigger('a', '', () => {}, { foo: 1 })", 'Unknown properties given: foo'],
    ["redis.registerKeySpaceTrigger('a', '', () => {}, undefined)", 'Given argument must be an object'],
    ["redis.registerKeySpaceTrigger('a', '', () => {}, { events: 'set' })", 'Failed getting field events'],
    [
      "for (const p of ['', 'x']) redis.registerKeySpaceTrigger('a', p, () => {})",
      'Notification consumer already exists',
    ],
    ["redis.registerStreamTrigger('a', 1, () => {})", "Second argument to 'registerStreamTrigger' must be a String"],
    ["redis.registerStreamTrigger('a', '', 1)", "The fifth argument to 'registerStreamTrigger' must be a function"],
    ["redis.registerStreamTrigger('a', '', () => {}, { window: 0 })", 'window argument must be a positive number'],
    [
      "redis.registerStreamTrigger('a', '', () => {}, { window: 'x' })",
      'Failed getting field window, Value is not long',
    ],
    ["redis.registerStreamTrigger('a', '', () => {}, { isStreamTrimmed: 1 })", 'Value is not a boolean'],
    ["redis.registerStreamTrigger('a', '', () => {}, { retry: { attempts: 0 } })", 'attempts of retry'],
    ["redis.registerStreamTrigger('a', '', () => {}, { retry: { often: 1 } })", 'Unknown properties given: often'],
    ["redis.registerStreamTrigger('a', '', () => {}, { deadLetter: 1 })", 'Failed getting field deadLetter'],
    ["for (const p of ['', 'x']) redis.registerStreamTrigger('a', p, () => {})", 'Stream registration already exists'],
  ])('%s', async (body, text) => {
    expect(await load(new Wire(trustingEngine()), body)).toContain(text)
  })

  test.each([
    ["redis.registerKeySpaceTrigger('x', '', () => {})", "Called 'registerKeySpaceTrigger' out of context"],
    ["redis.registerStreamTrigger('x', '', () => {})", "Called 'registerFunction' out of context"],
  ])('too late: %s', async (call, text) => {
    const wire = new Wire(trustingEngine())
    await load(wire, `redis.registerFunction('f', () => { ${call} })`)
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(`-${text}`)
  })
})

test('row 83, triggers: with verbosity 2 errors say where', async () => {
  const body = `
redis.registerKeySpaceTrigger('t', 'k', () => {
  null.x })
redis.registerStreamTrigger('t', 's', () => {
  null.x })`
  const engine = trustingEngine({ libraries: [PROLOGUE + body] })
  const wire = new Wire(engine)
  await wire.send('CONFIG', 'SET', 'redisgears_2.error-verbosity', '2')
  await wire.send('SET', 'k', '1')
  await wire.send('XADD', 's', '*', 'f', 'v')
  expect(keyFacts(engine)?.['last_error']).toContain(':4:')
  expect(streamFacts(engine)[0]?.['last_error']).toContain(':6:')
})

describe('time', () => {
  test('row 57: onTriggerFired that never ends is stopped, and the callback does not run', async () => {
    const engine = trustingEngine(
      { libraries: [PROLOGUE + COUNTER + kst('', '() => { n++ }', '{ onTriggerFired: () => { for (;;); } }')] },
      new WornClock(),
    )
    const wire = new Wire(engine)
    expect(await wire.send('SET', 'x', '1')).toBe('+OK')
    expect(keyFacts(engine)?.['last_error']).toContain('terminated due to OOM or timeout')
    expect(await wire.send('TFCALL', 'L.n', '0')).toBe(':0')
  })

  test('a callback that never ends is stopped; what it did stays, and others run', async () => {
    const body =
      kst('', "(c) => { c.call('incr', 'n'); for (;;); }", "{ events: ['set'] }") +
      "redis.registerKeySpaceTrigger('u', '', (c) => { c.call('incr', 'u') }, { events: ['set'] })\n"
    const engine = trustingEngine({ libraries: [PROLOGUE + body] }, new WornClock())
    const wire = new Wire(engine)
    expect(await wire.send('SET', 'x', '1')).toBe('+OK')
    expect(await wire.send('MGET', 'n', 'u')).toBe('*2 $1 1 $1 1')
    expect(keyFacts(engine)).toMatchObject({ num_failed: 1 })
  })

  test('keys that expire fire on time, a thousand at once too, and nobody has to meet them', async () => {
    const clock = new ManualClock()
    const engine = trustingEngine(
      {
        libraries: [
          PROLOGUE +
            kst(
              's:',
              "(c, d) => { c.call('rpush', 'gone', d.key + '=' + d.old.value) }",
              "{ events: ['expired'], oldValue: true }",
            ),
        ],
      },
      clock,
    )
    const wire = new Wire(engine)
    for (let i = 0; i < 1000; i++) await wire.send('SET', `s:${i}`, `v${i}`, 'PX', '1000')
    clock.advance(999)
    expect(await wire.send('EXISTS', 'gone')).toBe(':0')
    clock.advance(100)
    expect(await wire.send('LLEN', 'gone')).toBe(':1000')
    const gone = wire.recorder.send('LRANGE gone 0 -1')[0]
    const wanted = Array.from({ length: 1000 }, (_, i) => raw(`s:${i}=v${i}`))
    expect(new Set(Array.isArray(gone) ? gone : [])).toEqual(new Set(wanted))
  })

  test('keys that make room fire with their old value', async () => {
    const body = kst(
      '',
      "(c, d) => { c.call('incr', 'count:' + typeof d.old.value) }",
      "{ events: ['evicted'], oldValue: true }",
    )
    const engine = trustingEngine({ libraries: [PROLOGUE + body] })
    const wire = new Wire(engine)
    await wire.send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    for (let i = 0; i < 50; i++) await wire.send('SET', `k${i}`, 'v'.repeat(2000))
    const { used } = engine.memory
    await wire.send('CONFIG', 'SET', 'maxmemory', String(used - 20_000))
    await wire.send('SET', 'one', 'more')
    expect(keyFacts(engine)?.['num_success']).toBeGreaterThan(0)
    expect(keyFacts(engine)?.['num_failed']).toBe(0)
  })
})
