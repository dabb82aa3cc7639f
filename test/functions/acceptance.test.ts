/**
 * The acceptance rows of RedisGears 2's behaviour that are about calling functions, on every host. The numbers are those
 * of the table the rows come from; `rows.test.ts` sees that none is forgotten.
 */
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { hosts, Wire } from './rig.ts'

/** A plain function `f`, an async one, and a plain one that may answer with a promise. */
const fn = (code: string, options = '{}'): string => `redis.registerFunction('f', ${code}, ${options})`
const afn = (code: string, options = '{}'): string => `redis.registerAsyncFunction('f', ${code}, ${options})`

/** Row, library, and commands with their replies over RESP2 (`~` contains, else equal), or over RESP3 where they differ. */
type Row = readonly [row: number, body: string, ...steps: readonly (readonly [line: string, ...replies: string[]])[]]

const ROWS: readonly Row[] = [
  [1, fn('() => 1'), ['TFCALL L.f 0', ':1']],
  [2, fn("(c) => c.call('ping')"), ['TFCALL L.f 0', '$4 PONG']],
  [3, fn("(c) => c.call('get', 'nokey')"), ['TFCALL L.f 0', '$-1', '_']],
  [4, fn('() => 1.1'), ['TFCALL L.f 0', '$3 1.1', ',1.1']],
  [5, fn("(c) => c.call('incr', 'n')"), ['TFCALL L.f 0', ':1']],
  [6, fn('() => 3000000000'), ['TFCALL L.f 0', '$10 3000000000', ',3000000000']],
  [7, fn('() => true'), ['TFCALL L.f 0', ':1', '#t']],
  [8, fn("() => Object.assign(new String('x'), { __reply_type: 'status' })"), ['TFCALL L.f 0', '+x']],
  [9, fn('() => {}'), ['TFCALL L.f 0', '$9 undefined']],
  [
    10,
    fn('() => { const a = []; a.push(a); return a }'),
    ['TFCALL L.f 0', '-nesting level reached'],
    ['PING', '+PONG'],
  ],
  [12, fn("(c, k) => c.call('hgetall', k)"), ['HSET k f v', ':1'], ['TFCALL L.f 1 k', '*2 $1 f $1 v', '%1 $1 f $1 v']],
  [14, fn("(c, k) => c.call('smembers', k) instanceof Set"), ['TFCALL L.f 1 k', ':1', '#t']],
  [
    17,
    fn('() => 1'),
    ['TFCALL L.two 0', '-Unknown function two'],
    ['TFCALL M.f 0', '-Unknown library M'],
    ['TFCALL L 0', '-Failed extracting function name'],
  ],
  [
    18,
    fn('() => 1'),
    ['TFCALL L.f 10 x', '~Not enough arguments was given'],
    ['TFCALL L.f', '~wrong number of arguments'],
    ['TFCALL L.f zz', '~ERR invalid digit'],
  ],
  [19, afn("async () => 'x'"), ['TFCALL L.f 0', '~declared as async'], ['TFCALLASYNC L.f 0', '$1 x']],
  [
    20,
    fn('(c) => c.executeAsync(async () => 1)'),
    ['TFCALL L.f 0', '~Can not block client for background execution'],
    ['TFCALLASYNC L.f 0', ':1'],
  ],
  [21, fn("(c) => c.executeAsync(async () => { throw 'Boom' })"), ['TFCALLASYNC L.f 0', '-Boom']],
  [
    22,
    fn('(c) => c.isBlockAllowed()'),
    ['TFCALL L.f 0', ':0', '#f'],
    ['TFCALLASYNC L.f 0', ':1', '#t'],
    ['MULTI', '+OK'],
    ['TFCALL L.f 0', '+QUEUED'],
    ['TFCALLASYNC L.f 0', '+QUEUED'],
    ['EXEC', '*2 :0 :0', '*2 #f #f'],
  ],
  [23, afn('async () => 1'), ['MULTI', '+OK'], ['TFCALLASYNC L.f 0', '+QUEUED'], ['EXEC', '~Blocking is not allow']],
  [25, afn('async (c) => c.block(() => c.block(() => 1))'), ['TFCALLASYNC L.f 0', '~Main thread is already blocked']],
  [26, fn("(c) => c.executeAsync(async () => c.call('ping'))"), ['TFCALLASYNC L.f 0', '~Main thread is not locked']],
  [
    27,
    fn("(c) => c.executeAsync(async (a) => a.block(() => c.call('ping')))"),
    ['TFCALLASYNC L.f 0', '~Used on invalid client'],
  ],
  [28, fn("(c) => c.call('tfcall', 'L.f', '0')"), ['TFCALL L.f 0', '~is not allowed on script mode']],
  [
    29,
    fn("(c) => c.call('set', 'x', '1')", "{ flags: ['no-writes'] }"),
    ['TFCALL L.f 0', '~was called while write is not allowed'],
  ],
  [
    30,
    `redis.registerAsyncFunction('f', (c) => c.callAsync('blpop', 'l', '0'))`,
    ['LPUSH l 1', ':1'],
    ['TFCALLASYNC L.f 0', '*2 $1 l $1 1'],
  ],
]

describe.each(hosts)('acceptance on the $name host:', (host) => {
  describe.each([2, 3] as const)('RESP%i', (protocol) => {
    test.each(ROWS.map(([row, body, ...steps]) => ({ row, body, steps })))(
      'row $row: $body',
      async ({ body, steps }) => {
        const wire = new Wire(host.engineWith(body), protocol)
        for (const [line, resp2 = '', resp3 = resp2] of steps) {
          const reply = await wire.send(...line.split(' '))
          const expected = protocol === 2 ? resp2 : resp3
          if (expected.startsWith('~')) expect(reply).toContain(expected.slice(1))
          else expect(reply).toBe(expected)
        }
      },
    )
  })

  test('rows 11, 13, 15, 16: bytes that are no text', async () => {
    const body = `
      redis.registerFunction('ff', () => new Uint8Array([255, 255]).buffer)
      redis.registerFunction('h', (c, k) => c.call('hgetall', k))
      redis.registerFunction('raw', (c, k) => c.callRaw('hgetall', k))
      redis.registerFunction('set', (c, k, v) => c.call('set', k, v), { flags: ['raw-arguments'] })
      redis.registerFunction('e', () => 1)`
    const wire = new Wire(host.engineWith(body))
    expect(await wire.send('TFCALL', 'L.ff', '0')).toBe('$2 \xff\xff')
    wire.sendRaw('HSET', 'k', '\xff', 'v')
    expect(await wire.send('TFCALL', 'L.h', '1', 'k')).toMatch(
      /Could not decode value as string|Binary map key is not supported/,
    )
    expect(await wire.send('TFCALL', 'L.raw', '1', 'k')).toContain('Binary map key is not supported')
    expect(wire.sendRaw('TFCALL', 'L.set', '1', '\xaa', '\xaa')).toBe('$2 OK')
    expect(wire.sendRaw('GET', '\xaa')).toBe('$1 \xaa')
    expect(wire.sendRaw('TFCALL', 'L.e', '0', '\xaa')).toBe('-Can not convert argument to string')
  })

  test('row 24: the writes of a section are one unit', async () => {
    const engine = host.engineWith(
      afn(`async (c) => c.block((b) => { b.call('set', 'x', '1'); return b.call('set', 'y', '2') })`),
    )
    const units: Bytes[][] = []
    engine.keyspace.reports.wantsEffects = true
    engine.onEffects = (effects: readonly Effect[]) => units.push(effects.map(({ argv }) => argv[1]!))
    const wire = new Wire(engine)
    expect(await wire.send('TFCALLASYNC', 'L.f', '0')).toBe('$2 OK')
    expect(units).toEqual([['x', 'y']])
  })

  const WAITING = afn(`async (c) => {
    const [, value] = await c.block((b) => b.callAsync('blpop', 'l', '0'))
    return c.block((b) => b.call('lpush', 'l1', value))
  }`)
  const pendingOf = async (wire: Wire): Promise<string | undefined> =>
    /pending_async_calls (.*?) \$12 pending_jobs/.exec(await wire.send('TFUNCTION', 'LIST', 'vvv'))?.[1]
  const until = async (wire: Wire, pending: string): Promise<void> => {
    while ((await pendingOf(wire)) !== pending) await new Promise((resolve) => setImmediate(resolve))
  }

  test('row 31: a command that waits is listed until it is answered', async () => {
    const wire = new Wire(host.engineWith(WAITING))
    const answer = wire.start('TFCALLASYNC', 'L.f', '0')
    const other = new Wire(wire.engine)
    await until(other, '*1 $9 blpop l 0')
    await other.send('LPUSH', 'l', '1')
    expect(await answer).toBe(':1')
    expect(await other.send('LRANGE', 'l1', '0', '-1')).toBe('*1 $1 1')
    await until(other, '*0')
  })

  test('row 32: a command that waits ends when the engine becomes a replica', async () => {
    const wire = new Wire(host.engineWith(WAITING))
    const answer = wire.start('TFCALLASYNC', 'L.f', '0')
    const other = new Wire(wire.engine)
    await until(other, '*1 $9 blpop l 0')
    wire.engine.setRole('replica')
    expect(await answer).toContain('instance state changed')
    await until(other, '*0')
  })

  test('rows 73 and 74: functions act for their caller, for as long as there is one', async () => {
    const body = `
      redis.registerFunction('get', (c, _, k) => c.call('get', k))
      redis.registerAsyncFunction('held', async (c, _, k) => c.block((b) => b.call('get', k)))
      redis.registerAsyncFunction('late', async (c) => {
        await c.block((b) => b.callAsync('blpop', 'cached:gate', '0'))
        return c.block((b) => b.call('get', 'cached:x'))
      })`
    const admin = new Wire(host.engineWith(body))
    const alice = new Wire(admin.engine)
    await admin.send('ACL', 'SETUSER', 'alice', 'on', 'nopass', '~cached:*', '+@all')
    await admin.send('SET', 'cached:x', 'v')
    expect(await alice.send('AUTH', 'alice', 'x')).toBe('+OK')
    for (const call of [['TFCALL', 'L.get'] as const, ['TFCALLASYNC', 'L.held'] as const]) {
      expect(await alice.send(...call, '1', 'cached:x', 'x')).toContain('No permissions to access a key')
      expect(await alice.send(...call, '1', 'cached:x', 'cached:x')).toBe('$1 v')
    }
    // Whoever is deleted is sent away: what the function meets is seen by what it does.
    const answer = alice.start('TFCALLASYNC', 'L.late', '0')
    await until(admin, '*1 $19 blpop cached:gate 0')
    await admin.send('ACL', 'SETUSER', 'alice', 'off')
    await admin.send('LPUSH', 'cached:gate', '1')
    expect(await answer).toContain('User does not exists or disabled')
  })

  test('row 76: on a replica only functions that do not write are called', async () => {
    const body = `${fn('() => 1')}; redis.registerFunction('g', () => 1, { flags: ['no-writes'] })`
    const wire = new Wire(host.engineWith(body))
    wire.engine.setRole('replica')
    expect(await wire.send('TFCALL', 'L.f', '0')).toContain(
      'can not run a function that might perform writes on a replica',
    )
    expect(await wire.send('TFCALL', 'L.g', '0')).toBe(':1')
    expect(await wire.send('TFUNCTION', 'DELETE', 'L')).toContain('READONLY')
  })

  test('row 76, in the background: no section that may write begins on a replica', async () => {
    const body = `
      redis.registerAsyncFunction('f', async (c) => c.block(() => 1))
      redis.registerAsyncFunction('g', async (c) => c.block(() => 1), { flags: ['no-writes'] })
      redis.registerAsyncFunction('late', async (c) => {
        try { await c.block((b) => b.callAsync('blpop', 'l', 0)) } catch {}
        return c.block(() => 1)
      })`
    const wire = new Wire(host.engineWith(body))
    const answer = wire.start('TFCALLASYNC', 'L.late', '0')
    const other = new Wire(wire.engine)
    await until(other, '*1 $9 blpop l 0')
    wire.engine.setRole('replica')
    expect(await answer).toContain('Can not lock Redis, Can not lock redis for write on replica')
    expect(await other.send('TFCALLASYNC', 'L.g', '0')).toBe(':1')
  })

  test('row 77: without memory only functions that may', async () => {
    const body = `${fn('() => 1')}
      redis.registerFunction('allowed', () => 1, { flags: ['allow-oom'] })
      redis.registerFunction('reads', () => 1, { flags: ['no-writes'] })
      redis.registerAsyncFunction('late', async (c) => {
        await c.block((b) => b.callAsync('blpop', 'l', 0))
        return c.block(() => 1)
      })`
    const wire = new Wire(host.engineWith(body))
    const answer = wire.start('TFCALLASYNC', 'L.late', '0')
    const other = new Wire(wire.engine)
    await until(other, '*1 $9 blpop l 0')
    await other.send('LPUSH', 'keep', '1')
    await other.send('MULTI')
    await other.send('LPUSH', 'l', '1')
    await other.send('CONFIG', 'SET', 'maxmemory', '1')
    await other.send('EXEC')
    expect(await other.send('TFCALL', 'L.f', '0')).toContain('can not run the function when out of memory')
    expect(await other.send('TFCALL', 'L.allowed', '0')).toBe(':1')
    expect(await other.send('TFCALL', 'L.reads', '0')).toBe(':1')
    expect(await answer).toContain('OOM Can not lock redis for write')
  })

  test('rows 79 and 80: with one shard cluster functions run here', async () => {
    const body = `
      redis.registerClusterFunction('get', async (c, k) => c.block((b) => b.call('get', k)))
      redis.registerClusterFunction('size', async (c) => c.block((b) => b.call('dbsize').toString()))
      redis.registerAsyncFunction('t', async (c, k) => c.runOnKey(k, 'get', k))
      redis.registerAsyncFunction('total', async (c) => {
        const [sizes, errors] = await c.runOnShards('size')
        return sizes.reduce((sum, size) => sum + Number(size), 0) + errors.length
      })`
    const wire = new Wire(host.engineWith(body))
    for (let i = 0; i < 1000; i++) await wire.send('SET', `k${i}`, String(i))
    expect(await wire.send('TFCALLASYNC', 'L.t', '1', 'k7')).toBe('$1 7')
    expect(await wire.send('TFCALLASYNC', 'L.total', '0')).toBe(':1000')
  })

  test('row 81: what goes to a cluster function and back is serialised, and what fails is told', async () => {
    const body = `
      redis.registerClusterFunction('fails', async () => { throw 'E' })
      redis.registerClusterFunction('gives', async () => () => 1)
      redis.registerClusterFunction('echo', async (c, x) => x)
      redis.registerClusterFunction('nothing', async () => {})
      redis.registerClusterFunction('writes', async (c) => c.block((b) => b.call('set', 'x', '1')))
      redis.registerAsyncFunction('key', async (c, name, ...args) => c.runOnKey('k', name, ...args))
      redis.registerAsyncFunction('fun', async (c) => c.runOnKey('k', 'echo', () => 1))
      redis.registerAsyncFunction('big', async (c) => c.runOnKey('k', 'echo', 1n))
      redis.registerAsyncFunction('bytes', async (c) => c.runOnKey('k', 'echo', new Uint8Array([255]).buffer))
      redis.registerAsyncFunction('all', async (c, name) => c.runOnShards(name))`
    const wire = new Wire(host.engineWith(body))
    const call = (...words: string[]): Promise<string> => wire.send('TFCALLASYNC', words[0]!, '0', ...words.slice(1))
    expect(await call('L.key', 'none')).toContain('Remote function none does not exists on library L')
    expect(await call('L.fun')).toContain('Failed deserializing remote function argument')
    expect(await call('L.key', 'gives')).toContain('Failed deserializing remote function result')
    expect(await call('L.big')).toContain('Failed serializing arguments')
    expect(await call('L.key', 'fails')).toBe('-E')
    expect(await call('L.key', 'nothing')).toBe('$-1')
    expect(await call('L.bytes')).toBe('$1 \xff')
    expect(await call('L.key', 'writes')).toContain('was called while write is not allowed')
    expect(await call('L.all', 'fails')).toBe('*2 *0 *1 $1 E')
    expect(await call('L.all', 'nothing')).toBe('*2 *1 $-1 *0')
  })

  test('row 83, calls: with verbosity 2 errors say where', async () => {
    if (host.name === 'linked') return
    const wire = new Wire(host.engineWith(`redis.registerFunction('f', () => {\n  undefined.x })`))
    expect(await wire.send('TFCALL', 'L.f', '0')).not.toContain(':3:')
    await wire.send('TCONFIG_SET', 'error-verbosity', '2')
    expect(await wire.send('TFCALL', 'L.f', '0')).toContain(':3:')
  })
})
