/**
 * Stream triggers, on every host: the rows of RedisGears 2's behaviour that are about them, and what we add.
 */
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { ManualClock } from '../../src/testing/index.ts'
import { hosts, PROLOGUE, trustingEngine, Wire } from './rig.ts'
import { streamFacts, until } from './trigger-facts.ts'

/** A trigger `t` whose callback is `code`, for streams beginning with `prefix`. */
const strm = (prefix: string, code: string, options = '{}', name = 't'): string =>
  `redis.registerStreamTrigger('${name}', '${prefix}', ${code}, ${options})\n`
const COUNTER = "let n = 0; redis.registerFunction('n', () => n)\n"
/** Callbacks that wait in line until `release` lets the oldest go. */
const GATE = `const waiting = []
const wait = () => new Promise((resolve) => waiting.push(resolve))
redis.registerFunction('waiting', () => waiting.length)
redis.registerFunction('release', () => { waiting.shift()(); return 'OK' })
redis.registerFunction('releaseLast', () => { waiting.pop()(); return 'OK' })
`

interface Side {
  readonly engine: Engine
  readonly clock: ManualClock
  readonly wire: Wire
  readonly send: (line: string) => Promise<string>
}

const sideOf = (engine: Engine): Side => {
  const { clock } = engine
  if (!(clock instanceof ManualClock)) throw new Error('an engine on a clock that tests move')
  const wire = new Wire(engine)
  return { engine, clock, wire, send: (line) => wire.send(...line.split(' ')) }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe.each(hosts)('$name', (host) => {
  const open = (body: string): Side => sideOf(host.engineWith(body))

  test('row 61: entries are handled before their XADD is answered', async () => {
    const { send } = open(COUNTER + strm('s', '() => { n++ }'))
    await send('XADD s:1 * f v')
    expect(await send('TFCALL L.n 0')).toBe(':1')
    await send('XADD s:1 * f v')
    expect(await send('TFCALL L.n 0')).toBe(':2')
  })

  test('row 62: what is finished is trimmed, and the empty stream stays', async () => {
    const { send } = open(strm('s', '() => {}', '{ isStreamTrimmed: true }'))
    await send('XADD s 1-1 f v')
    expect(await send('XLEN s')).toBe(':0')
    expect(await send('EXISTS s')).toBe(':1')
  })

  test('row 63: an error finishes its entry', async () => {
    const { engine, send } = open(strm('s', "() => { throw 'E' }"))
    expect(await send('XADD s 1-1 f v')).toBe('$3 1-1')
    expect(streamFacts(engine)).toMatchObject([{ last_error: 'E', total_record_processed: 1, total_record_failed: 1 }])
    await send('XADD s 2-1 f v')
    expect(streamFacts(engine)).toMatchObject([{ total_record_processed: 2, id_to_read_from: '2-1', pending_ids: [] }])
  })

  test('rows 64 and 66: a window of entries is in work; the oldest decides what is trimmed; a deleted stream is forgotten', async () => {
    const { engine, send } = open(
      `${GATE}${strm('s', 'async () => { await wait() }', '{ window: 3, isStreamTrimmed: true }')}`,
    )
    for (let i = 1; i <= 5; i++) await send(`XADD s ${i}-0 f v`)
    await until(() => send('TFCALL L.waiting 0'), ':3')
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['1-0', '2-0', '3-0'], total_record_processed: 0 }])
    await send('TFCALL L.release 0')
    await until(() => send('TFCALL L.waiting 0'), ':3')
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['2-0', '3-0', '4-0'], total_record_processed: 1 }])
    expect(await send('XLEN s')).toBe(':4')
    await send('TFCALL L.releaseLast 0')
    await until(() => streamFacts(engine)[0]?.['total_record_processed'], 2)
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['2-0', '3-0', '5-0'] }])
    expect(await send('XLEN s')).toBe(':4')
    await send('TFCALL L.release 0')
    await until(() => send('XLEN s'), ':3')
    await send('TFCALL L.release 0')
    await until(() => send('XLEN s'), ':1')
    await send('DEL s')
    expect(streamFacts(engine)).toEqual([])
    await send('TFCALL L.release 0')
    await turn()
    expect(streamFacts(engine)).toEqual([])
    await send('XADD s 1-0 f v')
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['1-0'], total_record_processed: 0 }])
    await send('FLUSHALL')
    expect(streamFacts(engine)).toEqual([])
  })

  test('row 65: the slowest of all triggers decides', async () => {
    const { send } = open(
      `${GATE}${strm('s', '() => {}', '{ isStreamTrimmed: true }', 'fast')}${strm('s', 'async () => { await wait() }', '{}', 'slow')}`,
    )
    await send('XADD s 1-0 f v')
    await send('XADD s 2-0 f v')
    await until(() => send('TFCALL L.waiting 0'), ':1')
    expect(await send('XLEN s')).toBe(':2')
    await send('TFCALL L.release 0')
    await until(() => send('XLEN s'), ':1')
  })

  test('row 69: an entry whose plain callback waits for a command is pending until that is answered', async () => {
    const { engine, send } = open(strm('s', "(c) => c.callAsync('blpop', 'l', '0')"))
    await send('XADD s 1-0 f v')
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['1-0'], total_record_processed: 0 }])
    await send('LPUSH l 1')
    await until(() => streamFacts(engine)[0]?.['total_record_processed'], 1)
  })

  test('row 70: entries that library code adds are read too', async () => {
    const { send } = open(
      COUNTER +
        strm('s', "(c, d) => { n++; if (d.record[0][1] === 'first') c.call('xadd', 's', '*', 'f', 'second') }") +
        "redis.registerFunction('add', (c) => { c.call('xadd', 's', '*', 'f', 'a'); c.call('xadd', 's', '*', 'f', 'b') })\n",
    )
    await send('XADD s * f first')
    expect(await send('XLEN s')).toBe(':2')
    expect(await send('TFCALL L.n 0')).toBe(':2')
    await send('TFCALL L.add 0')
    expect(await send('TFCALL L.n 0')).toBe(':4')
  })

  test('row 71: a callback may delete its stream', async () => {
    const { engine, send } = open(strm('s', "(c, d) => { c.call('del', d.stream_name) }", '{ isStreamTrimmed: true }'))
    expect(await send('XADD s 1-0 f v')).toBe('$3 1-0')
    expect(await send('EXISTS s')).toBe(':0')
    expect(streamFacts(engine)).toEqual([])
  })

  test('row 72: bytes that are no text', async () => {
    const { wire } = open(
      "redis.registerStreamTrigger('t', new Uint8Array([255]).buffer, (c, d) => { const b = (x) => new Uint8Array(x).join(); c.call('set', 'seen', JSON.stringify([d.stream_name, b(d.stream_name_raw), d.record, d.record_raw.map((p) => p.map(b)), d.id.map(String)])) })\n",
    )
    wire.sendRaw('XADD', '\xff', '1-2', '\xff', '\xaa')
    expect(await wire.send('GET', 'seen')).toContain('[null,"255",[[null,null]],[["255","170"]],["1","2"]]')
  })

  test('a burst is read in order, each entry once, by one reader', async () => {
    const { send } = open(
      strm('s', "async (c, d) => { await null; c.block((b) => b.call('rpush', 'seen', d.id.join('-'))) }") +
        "redis.registerFunction('burst', (c) => { for (let i = 1; i <= 50; i++) c.call('xadd', 's', i + '-0', 'f', 'v') })\n",
    )
    await send('TFCALL L.burst 0')
    await send('XADD s 51-0 f v')
    await until(() => send('LLEN seen'), ':51')
    const seen = (await send('LRANGE seen 0 -1')).split(' ').filter((word) => word.includes('-'))
    expect(seen).toEqual(Array.from({ length: 51 }, (_, i) => `${i + 1}-0`))
  })

  test('a failed entry is tried again, twice as late each time, and then buried with what went wrong', async () => {
    const { clock, engine, send } = open(
      COUNTER +
        strm(
          's',
          "(c, d) => { n++; if (d.record[0][1] === 'bad') throw 'E' + n }",
          "{ retry: { attempts: 2, backoffMs: 100 }, deadLetter: 'dead' }",
        ),
    )
    await send('XADD s 1-0 f bad x y')
    await send('XADD s 2-0 f good')
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['1-0'], last_error: 'E1' }])
    clock.advance(99)
    expect(await send('TFCALL L.n 0')).toBe(':1')
    clock.advance(1)
    expect(await send('TFCALL L.n 0')).toBe(':2')
    clock.advance(199)
    expect(await send('TFCALL L.n 0')).toBe(':2')
    clock.advance(1)
    expect(streamFacts(engine)).toMatchObject([
      {
        pending_ids: [],
        total_record_processed: 2,
        total_record_failed: 1,
        total_record_retried: 2,
        total_dead_lettered: 1,
      },
    ])
    const dead = await send('XRANGE dead - +')
    expect(dead).toContain(
      '_stream $1 s $3 _id $3 1-0 $8 _trigger $3 L.t $6 _error $2 E3 $9 _attempts $1 3 $1 f $3 bad $1 x $1 y',
    )
  })

  test('an entry is not given up before its dead letter is written', async () => {
    const { clock, engine, send } = open(strm('s', "() => { throw 'E' }", "{ deadLetter: 'dead' }"))
    await send('SET dead in-the-way')
    await send('XADD s 1-0 f v')
    expect(streamFacts(engine)).toMatchObject([
      { pending_ids: ['1-0'], last_error: expect.stringContaining('WRONGTYPE') },
    ])
    await send('DEL dead')
    clock.advance(1000)
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: [], total_dead_lettered: 1 }])
    expect(await send('XLEN dead')).toBe(':1')
  })

  test('streams that are there already are read from their first entry', async () => {
    const { clock, send, wire } = open("redis.registerFunction('f', () => 1)")
    for (let i = 1; i <= 20; i++) await send(`XADD s:${i % 3} ${i}-0 f v`)
    await send('SET s:text 1')
    await wire.send(
      'TFUNCTION',
      'LOAD',
      `#!js api_version=1.0 name=A\n${strm('s:', "(c, d) => { c.call('incr', 'seen') }")}`,
    )
    expect(await send('EXISTS seen')).toBe(':0')
    clock.advance(0)
    expect(await send('GET seen')).toBe('$2 20')
  })

  test('another stream under the name is another stream: renamed, expired, overwritten, flushed, in another database', async () => {
    const { engine, send } = open(strm('s', "(c, d) => { c.call('rpush', 'seen', d.id.join('-')) }"))
    const seen = async (): Promise<string> =>
      (await send('LRANGE seen 0 -1')).replace(/^\*\d+ ?/, '').replace(/\$\d+ /g, '')
    await send('XADD s 9-0 f v')
    await send('RENAME s other')
    expect(streamFacts(engine)).toEqual([])
    await send('XADD s 1-0 f v')
    await send('SET s text')
    expect(streamFacts(engine)).toEqual([])
    await send('DEL s')
    for (const line of ['MULTI', 'XADD s 5-0 f v', 'DEL s', 'XADD s 2-0 f v', 'EXEC']) await send(line)
    expect(await seen()).toBe('9-0 1-0 2-0')
    await send('SELECT 1')
    await send('XADD s 3-0 f v')
    expect(streamFacts(engine)).toMatchObject([{ id_to_read_from: '2-0' }, { id_to_read_from: '3-0' }])
    await send('FLUSHDB')
    expect(streamFacts(engine)).toMatchObject([{ id_to_read_from: '2-0' }])
    await send('SWAPDB 0 1')
    await send('XADD s 4-0 f v')
    expect(await seen()).toBe('9-0 1-0 2-0 4-0')
  })

  test('a trigger that feeds its own stream does not stop the engine', async () => {
    const { clock, send } = open(strm('s', "(c) => { c.call('xadd', 's', '*', 'f', 'v') }"))
    await send('XADD s * f v')
    expect(await send('XLEN s')).toBe(':1001')
    await send('DEL s')
    clock.advance(1)
    expect(await send('EXISTS s')).toBe(':0')
  })

  test('row 75, streams: triggers act as their owner, who needs every right on the stream', async () => {
    const { engine, send } = open("redis.registerFunction('f', () => 1)")
    await send('ACL SETUSER alice on nopass ~a:* &* +@all')
    const alice = new Wire(engine)
    await alice.send('AUTH', 'alice', 'x')
    await alice.send('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=A\n${strm('', "(c) => { c.call('get', 'x') }")}`)
    await send('XADD b:s 1-0 f v')
    await send('XADD a:s 1-0 f v')
    expect(streamFacts(engine, 't', 'A').map((each) => each['last_error'])).toEqual([
      "User 'alice' has no permissions on key 'b:s', User does not have permissions on key.",
      'NOPERM No permissions to access a key',
    ])
  })

  test('row 67: a replica reads nothing; promoted it goes on where it was', async () => {
    const { clock, engine, send } = open(COUNTER + strm('s', '() => { n++ }', '{ isStreamTrimmed: true }'))
    await send('XADD s 1-0 f v')
    engine.setRole('replica')
    // What a primary's log would do here.
    const db = engine.keyspace.databases[0]!
    engine.setRole('primary')
    engine.setRole('replica')
    expect(db.size).toBe(1)
    expect(await send('TFCALL L.n 0')).toContain('replica')
    clock.advance(0)
    engine.setRole('primary')
    clock.advance(0)
    expect(await send('TFCALL L.n 0')).toBe(':1')
    await send('XADD s 2-0 f v')
    expect(await send('TFCALL L.n 0')).toBe(':2')
  })

  test('demoted, the entry in work is finished and counted, and nothing more is read', async () => {
    const { clock, engine, send } = open(GATE + strm('s', 'async () => { await wait() }'))
    await send('XADD s 1-0 f v')
    await send('XADD s 2-0 f v')
    await until(() => send('TFCALL L.waiting 0'), ':1')
    await send('TFCALL L.release 0')
    engine.setRole('replica')
    await until(() => streamFacts(engine)[0]?.['total_record_processed'], 1)
    await turn()
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: [], id_to_read_from: '1-0' }])
    engine.setRole('primary')
    clock.advance(0)
    await until(() => send('TFCALL L.waiting 0'), ':1')
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: ['2-0'] }])
  })

  test('while writes are paused nothing is read; then it is', async () => {
    const { clock, engine, send } = open(`${GATE}${strm('s', 'async () => { await wait() }')}`)
    await send('XADD s 1-0 f v')
    await send('XADD s 2-0 f v')
    await until(() => send('TFCALL L.waiting 0'), ':1')
    await send('TFCALL L.release 0')
    await send('CLIENT PAUSE 500 WRITE')
    await until(() => streamFacts(engine)[0]?.['total_record_processed'], 1)
    expect(streamFacts(engine)).toMatchObject([{ pending_ids: [], id_to_read_from: '1-0' }])
    clock.advance(501)
    await until(() => streamFacts(engine)[0]?.['pending_ids'], ['2-0'])
  })
})

describe('upgrades', () => {
  test('rows 41 and 42: progress and counts are kept, window and callback change, the prefix must not', async () => {
    const engine = trustingEngine()
    const { wire, send } = sideOf(engine)
    const load = (body: string): Promise<string> => wire.send('TFUNCTION', 'LOAD', 'REPLACE', PROLOGUE + body)
    await load(strm('p1', "(c) => { c.call('incr', 'old') }"))
    await send('XADD p1 1-0 f v')
    expect(await load(strm('p2', '() => {}'))).toBe(
      "-Failed loading library: Can not upgrade an existing consumer with different prefix, consumer: 't', old_prefix: p1, new_prefix: p2.",
    )
    expect(await load(strm('p1', "'no function'"))).toContain('must be a function')
    await send('XADD p1 2-0 f v')
    expect(await send('MGET old new')).toBe('*2 $1 2 $-1')
    expect(await load(strm('p1', "(c) => { c.call('incr', 'new') }", "{ window: 5, description: 'D' }"))).toBe('+OK')
    await send('XADD p1 3-0 f v')
    expect(await send('MGET old new')).toBe('*2 $1 2 $1 1')
    expect(streamFacts(engine)).toMatchObject([{ total_record_processed: 3, id_to_read_from: '3-0' }])
    await load("redis.registerFunction('f', () => 1)")
    await load(strm('p1', "(c) => { c.call('incr', 'again') }"))
    await send('XADD p1 4-0 f v')
    expect(await send('GET again')).toBe('$1 4')
    await send('TFUNCTION DELETE L')
    expect(engine.keyspace.reports.eventMask).toBe(0)
    expect(engine.extras.get('stream-triggers')?.save()).toBeUndefined()
  })

  test('an entry in work for the old text counts when it is done; the next goes to the new text', async () => {
    const engine = trustingEngine()
    const { wire, send } = sideOf(engine)
    const load = (body: string): Promise<string> => wire.send('TFUNCTION', 'LOAD', 'REPLACE', PROLOGUE + body)
    await load(strm('s', "(c) => c.callAsync('blpop', 'l', '0')"))
    await send('XADD s 1-0 f v')
    await load(strm('s', "(c, d) => { c.call('set', 'seen', d.id.join('-')) }"))
    await send('XADD s 2-0 f v')
    expect(await send('EXISTS seen')).toBe(':0')
    await send('LPUSH l go')
    await until(() => send('GET seen'), '$3 2-0')
    expect(streamFacts(engine)).toMatchObject([{ total_record_processed: 2, pending_ids: [] }])
  })
})
