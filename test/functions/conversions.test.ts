/**
 * Values between functions and the wire, and the errors of misuse, on every host.
 */
import { describe, expect, test } from 'vitest'
import { hosts, Wire } from './rig.ts'

/** What a function's body answers over RESP2 and RESP3. */
const RESULTS: readonly (readonly [body: string, resp2: string, resp3: string])[] = [
  ['1', ':1', ':1'],
  ['12345678901n', ':12345678901', ':12345678901'],
  ['1.1', '$3 1.1', ',1.1'],
  ['3000000000', '$10 3000000000', ',3000000000'],
  ['-0', '$2 -0', ',-0'],
  ['NaN', '$3 nan', ',nan'],
  ['true', ':1', '#t'],
  ['false', ':0', '#f'],
  ["'x'", '$1 x', '$1 x'],
  ['null', '$-1', '_'],
  ['undefined', '$9 undefined', '$9 undefined'],
  ["Object.assign(new String('x'), { __reply_type: 'status' })", '+x', '+x'],
  ["Object.assign(new String('x'), { __reply_type: 'verbatim' })", '$1 x', '=5 txt:x'],
  ["new String('x')", '$1 x', '$1 x'],
  ['new Uint8Array([104, 105]).buffer', '$2 hi', '$2 hi'],
  ['[1, [2]]', '*2 :1 *1 :2', '*2 :1 *1 :2'],
  ["new Set(['a', 1])", '*2 $1 a :1', '~2 $1 a :1'],
  ['new Set([{}])', '-Give value is not a key', '-Give value is not a key'],
  ["({ a: 1, 5: 'x' })", '*4 :5 $1 x $1 a :1', '%2 :5 $1 x $1 a :1'],
  ['new Map([[1, 2]])', '*0', '%0'],
  ['(() => { const a = []; a.push(a); return a })()', '-nesting level reached', '-nesting level reached'],
  ["(() => { throw 'Boom' })()", '-Boom', '-Boom'],
  ["(() => { throw new TypeError('a\\nb') })()", '-TypeError: a b', '-TypeError: a b'],
  ["Symbol('s')", '-Can not convert a Symbol into a reply', '-Can not convert a Symbol into a reply'],
]

/** Commands of a function, and what it sees. */
const SEEN: readonly (readonly [expression: string, reply: string])[] = [
  ["c.call('ping')", '$4 PONG'],
  ["c.call('get', 'nokey')", '$-1'],
  ["typeof c.call('incr', 'n')", '$6 bigint'],
  ["c.call('smembers', 's') instanceof Set", ':1'],
  ["c.call('hgetall', 'h')", '*2 $1 f $1 v'],
  ["Object.keys(c.call('hgetall', 'odd')).includes('__proto__')", ':1'],
  ["c.call('zscore', 'z', 'm') === 1.5", ':1'],
  ["c.call('type', 'h') === 'hash'", ':1'],
  ["Array.isArray(c.call('lrange', 'l', 0, -1)) && c.call('lrange', 'l', 0n, -1) instanceof Array", ':1'],
  ["c.call('blpop', 'nokey', 0)", '$-1'],
  ["c.call('set', 'b', new Uint8Array([255]).buffer)", '$2 OK'],
  ["(c.call('set', 'b', new Uint8Array([255])), new Uint8Array(c.callRaw('get', 'b'))[0])", ':255'],
  ["(c.call('set', 'b', new Uint8Array([255])), c.call('get', 'b'))", '-Could not decode value as string'],
  ["(c.call('hset', 'bh', new Uint8Array([255]), 1), c.callRaw('hgetall', 'bh'))", '-Binary map key is not supported'],
  ["c.call('incr', 'h')", '-WRONGTYPE Operation against a key holding the wrong kind of value'],
  ["c.call('nope', 1)", "-ERR unknown command 'nope', with args beginning with: '1' "],
  ["c.call('get')", "-ERR wrong number of arguments for 'get' command"],
  ["c.call('multi')", "-ERR command 'multi' is not allowed on script mode"],
  ["c.call('tfcall', 'L.f', 0)", "-ERR command 'tfcall' is not allowed on script mode"],
  ["c.call('set', 'k', true)", '-Failed consuming arguments. Can not convert value into bytes buffer.'],
  ["c.call('set', 'k', undefined)", '-Failed consuming arguments. Can not convert value into bytes buffer.'],
  ['c.call(1)', '-Can not convert value at position 0 into string. Value is not string.'],
  ["(() => { try { c.call('incr', 'h') } catch (e) { return typeof e } })()", '$6 string'],
]

/** What an async function `c => …` answers. */
const MISUSE: readonly (readonly [expression: string, reply: string])[] = [
  ['c.block(() => c.block(() => 1))', '-Main thread is already blocked'],
  ['c.block(1)', "-Argument to 'block' must be a function"],
  ["c.block((b) => { keep = b }), keep.call('ping')", '-Main thread is not locked'],
  ["c.block((b) => { keep = b }), c.block(() => keep.call('ping'))", '-Used on invalid client'],
  ['c.block((b) => { keep = b }), c.block(() => keep.isBlockAllowed())', '-Used on invalid client'],
  ['c.block((b) => { keep = b }), keep.executeAsync(async () => 1)', "-Called 'executeAsync' out of context"],
  ['c.block((b) => b.executeAsync(() => 1))', "-First argument to 'executeAsync' must be an async function"],
  ["c.block((b) => b.executeAsync(async () => { throw 'Boom' }))", '-Boom'],
  ["c.block((b) => b.callAsync('incr', 'h'))", '-WRONGTYPE Operation against a key holding the wrong kind of value'],
  ["c.block((b) => { throw 'x' })", '-x'],
  ["c.call('ping')", '-TypeError: c.call is not a function'],
]

describe.each(hosts)('functions on the $name host', ({ engineWith, name }) => {
  test.each(RESULTS)('%s is answered as %s and %s', async (body, resp2, resp3) => {
    const engine = engineWith(`redis.registerFunction('f', () => { return ${body} })`)
    expect(await new Wire(engine, 2).send('TFCALL', 'L.f', '0')).toBe(resp2)
    expect(await new Wire(engine, 3).send('TFCALL', 'L.f', '0')).toBe(resp3)
  })

  test.each(SEEN)('%s gives %s', async (expression, reply) => {
    const wire = new Wire(engineWith(`redis.registerFunction('f', (c) => ${expression})`))
    await wire.send('HSET', 'h', 'f', 'v')
    await wire.send('HSET', 'odd', '__proto__', 'v')
    await wire.send('SADD', 's', 'a')
    await wire.send('ZADD', 'z', '1.5', 'm')
    await wire.send('RPUSH', 'l', 'a')
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(reply.trimEnd())
  })

  test.each(MISUSE)('async: %s gives %s', async (expression, reply) => {
    const wire = new Wire(engineWith(`let keep; redis.registerAsyncFunction('f', async (c) => (${expression}))`))
    await wire.send('HSET', 'h', 'f', 'v')
    expect(await wire.send('TFCALLASYNC', 'L.f', '0')).toBe(reply)
  })

  test('the client of a plain function is good for its run only', async () => {
    const engine = engineWith(`
      redis.registerFunction('early', (c) => c.executeAsync(async () => c.call('ping')))
      redis.registerFunction('late', (c) => c.executeAsync(async (a) => a.block(() => c.call('ping'))))`)
    const wire = new Wire(engine)
    expect(await wire.send('TFCALLASYNC', 'L.early', '0')).toBe('-Main thread is not locked')
    expect(await wire.send('TFCALLASYNC', 'L.late', '0')).toBe('-Used on invalid client')
  })

  test('a HGETALL is a map over RESP3', async () => {
    const wire = new Wire(engineWith(`redis.registerFunction('f', (c, key) => c.call('hgetall', key))`), 3)
    await wire.send('HSET', 'h', 'f', 'v')
    expect(await wire.send('TFCALL', 'L.f', '1', 'h')).toBe('%1 $1 f $1 v')
  })

  test('RAW_ARGUMENTS gives buffers; without it bytes that are no text are refused', async () => {
    const wire = new Wire(
      engineWith(`
        redis.registerFunction('raw', (c, key, value) => c.call('set', key, value), { flags: [redis.functionFlags.RAW_ARGUMENTS] })
        redis.registerFunction('text', () => 1)`),
    )
    expect(wire.sendRaw('TFCALL', 'L.raw', '1', '\xaa', '\xab')).toBe('$2 OK')
    expect(wire.sendRaw('GET', '\xaa')).toBe('$1 \xab')
    expect(wire.sendRaw('TFCALL', 'L.text', '0', '\xaa')).toBe('-Can not convert argument to string')
  })

  test('NO_WRITES keeps a function and its background from writing', async () => {
    const wire = new Wire(
      engineWith(`const options = { flags: ['no-writes'], description: 'D' }
        redis.registerFunction('f', (c) => c.call('set', 'x', 1), options)
        redis.registerFunction('g', (c) => c.executeAsync(async (a) => a.block((b) => b.call('set', 'x', 1))), options)`),
    )
    const refused = "-ERR Write command 'set' was called while write is not allowed."
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe(refused)
    expect(await wire.send('TFCALLASYNC', 'L.g', '0')).toBe(refused)
    expect(await wire.send('EXISTS', 'x')).toBe(':0')
  })

  test('a function acts in the database of its caller and leaves it there', async () => {
    const wire = new Wire(
      engineWith(`redis.registerFunction('f', (c) => { c.call('set', 'k', 1); c.call('select', 5) })`),
    )
    await wire.send('SELECT', '3')
    await wire.send('TFCALL', 'L.f', '0')
    expect(await wire.send('GET', 'k')).toBe('$1 1')
  })

  test('what a function wrote stays when it fails', async () => {
    const wire = new Wire(engineWith(`redis.registerFunction('f', (c) => { c.call('set', 'k', 1); throw 'no' })`))
    expect(await wire.send('TFCALL', 'L.f', '0')).toBe('-no')
    expect(await wire.send('GET', 'k')).toBe('$1 1')
  })

  test('the library of another kind is told by its listing', async () => {
    const wire = new Wire(engineWith(`redis.registerFunction('f', () => 1)`))
    expect(await wire.send('TFUNCTION', 'LIST')).toContain(name === 'linked' ? 'linked' : 'js')
  })
})
