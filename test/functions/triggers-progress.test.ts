/**
 * The progress of stream triggers, kept with the data: what a crash repeats, and that nothing is skipped.
 *
 * The log of a real store is played by what it is made of: the effects of units, in order, run again on a fresh engine.
 */
import { describe, expect, test } from 'vitest'
import { type Argv, bytes, raw } from '../../src/base/bytes.ts'
import { Client } from '../../src/commands/client.ts'
import { createEngine } from '../../src/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { Session } from '../../src/engine/session.ts'
import { type BackgroundApi, library } from '../../src/functions/index.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { ManualClock, Recorder, seededRandom } from '../../src/testing/index.ts'
import { PROLOGUE, trustingEngine, Wire } from './rig.ts'
import { streamFacts } from './trigger-facts.ts'

/** Everything that a log would hold. */
class Log {
  readonly units: (readonly Effect[])[] = []

  follow(engine: Engine): void {
    engine.keyspace.reports.wantsEffects = true
    engine.onEffects = (effects) => this.units.push([...effects])
  }

  /** Runs everything again, as recovery does: nothing is triggered meanwhile. */
  replay(engine: Engine, wanted = { data: true, extras: true }): void {
    const { persistence } = engine
    persistence.isLoading = true
    const outlet = new Recorder(engine)
    const session = new Session(new Client(0, outlet, engine.clock.now(), true), engine.keyspace, engine.random, engine)
    for (const unit of this.units) {
      for (const effect of unit) {
        if (effect.extra === undefined ? wanted.data : wanted.extras) apply(engine, session, effect)
      }
      engine.keyspace.reports.events = []
    }
    persistence.isLoading = false
    engine.events.follower?.resumed()
  }
}

function apply(engine: Engine, session: Session, { db, argv, extra }: Effect): void {
  if (extra !== undefined) {
    engine.extras.get(extra)!.apply(argv[0]!)
    return
  }
  session.client.db = db
  engine.table.find(argv)!.execute(session, argv as Argv)
}

const LIBRARY = `${PROLOGUE}
redis.registerStreamTrigger('t', 's', (c, d) => { c.call('rpush', 'seen', d.id.join('-')) }, { isStreamTrimmed: false })`

const withText = (body: string): { engine: Engine; wire: Wire; log: Log; clock: ManualClock } => {
  const clock = new ManualClock()
  const engine = trustingEngine({ libraries: [body] }, clock)
  const log = new Log()
  log.follow(engine)
  return { engine, wire: new Wire(engine), log, clock }
}

describe('progress', () => {
  test('row 68: after a snapshot nothing is delivered again, and reading goes on where it was', async () => {
    const first = withText(LIBRARY)
    for (let i = 1; i <= 4; i++) await first.wire.send('XADD', 's', `${i}-0`, 'f', 'v')
    const second = withText(LIBRARY)
    first.log.replay(second.engine, { data: true, extras: false })
    second.engine.extras.get('stream-triggers')!.load(first.engine.extras.get('stream-triggers')!.save())
    second.clock.advance(0)
    expect(streamFacts(second.engine)).toMatchObject([
      { id_to_read_from: '4-0', pending_ids: [], total_record_processed: 0 },
    ])
    expect(await second.wire.send('LLEN', 'seen')).toBe(':4')
    await second.wire.send('XADD', 's', '5-0', 'f', 'v')
    expect(await second.wire.send('LINDEX', 'seen', '-1')).toBe('$3 5-0')
    expect(await second.wire.send('LLEN', 'seen')).toBe(':5')
  })

  test('control: without what was kept all of it is delivered again', async () => {
    const first = withText(LIBRARY)
    for (let i = 1; i <= 4; i++) await first.wire.send('XADD', 's', `${i}-0`, 'f', 'v')
    const second = withText(LIBRARY)
    first.log.replay(second.engine, { data: true, extras: false })
    second.clock.advance(0)
    expect(await second.wire.send('LLEN', 'seen')).toBe(':8')
  })

  test('row 60: nothing fires while a log is read', async () => {
    const body = `${PROLOGUE}let n = 0; redis.registerFunction('n', () => n)
redis.registerKeySpaceTrigger('k', '', () => { n++ })
redis.registerStreamTrigger('t', 's', () => { n++ })`
    const first = withText(body)
    await first.wire.send('SET', 'x', '1')
    await first.wire.send('XADD', 's', '1-0', 'f', 'v')
    const second = withText(body)
    first.log.replay(second.engine)
    second.clock.advance(0)
    expect(await second.wire.send('TFCALL', 'L.n', '0')).toBe(':0')
    await second.wire.send('SET', 'x', '2')
    expect(await second.wire.send('TFCALL', 'L.n', '0')).toBe(':1')
  })

  test('what is finished out of order is kept only as far as everything before it is', async () => {
    const releases: (() => void)[] = []
    const slow = library('L', (redis) => {
      redis.registerStreamTrigger('t', 's', () => new Promise<void>((resolve) => releases.push(resolve)), { window: 3 })
    })
    const engine = createEngine({ clock: new ManualClock(), functions: { libraries: [slow] } })
    const wire = new Wire(engine)
    for (let i = 1; i <= 4; i++) await wire.send('XADD', 's', `${i}-0`, 'f', 'v')
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    await turn()
    const saved = (): unknown => JSON.parse(engine.extras.get('stream-triggers')!.save() ?? 'null')
    expect(saved()).toEqual([['L.t', 0, 's', '0-0']])
    releases[1]!()
    await turn()
    expect(saved()).toEqual([['L.t', 0, 's', '0-0']])
    expect(releases).toHaveLength(4)
    releases[0]!()
    await turn()
    expect(saved()).toEqual([['L.t', 0, 's', '2-0']])
    releases[3]!()
    releases[2]!()
    await turn()
    expect(saved()).toEqual([['L.t', 0, 's', '4-0']])
  })

  test('what was kept and cannot be read is told', () => {
    const { engine } = withText(LIBRARY)
    const extra = engine.extras.get('stream-triggers')!
    for (const bad of ['{}', '[["L.t"]]', '[["L.t",0,"s","x"]]', '[["L.t","0","s","1-0"]]', 'nonsense']) {
      expect(() => extra.load(raw(bad))).toThrow()
    }
    expect(() => extra.apply(raw('[1]'))).toThrow('cannot read')
  })

  test('keys of any bytes are kept', () => {
    const { engine } = withText(LIBRARY)
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')
    const wire = new Wire(engine)
    wire.sendRaw('XADD', `s${all}`, '1-0', 'f', 'v')
    const saved = engine.extras.get('stream-triggers')!.save()!
    const other = withText(LIBRARY)
    other.engine.extras.get('stream-triggers')!.load(saved)
    expect(other.engine.extras.get('stream-triggers')!.save()).toBe(saved)
    expect([...saved].every((char) => char.charCodeAt(0) < 256 && char !== '\n')).toBe(true)
  })
})

/** A trigger whose entries are finished in any order, and which counts what it was given. */
function counting(given: Map<string, number>, random: () => number): ReturnType<typeof library> {
  return library('L', (redis) => {
    redis.registerStreamTrigger(
      't',
      's',
      async (client: BackgroundApi, data) => {
        const id = data.id.join('-')
        given.set(id, (given.get(id) ?? 0) + 1)
        for (let turns = Math.floor(random() * 4); turns > 0; turns--)
          await new Promise((resolve) => setImmediate(resolve))
        client.block((c) => c.call('SADD', 'done', id))
      },
      { window: 4, isStreamTrimmed: true },
    )
  })
}

const SEEDS = process.env['SOAK'] === '1' ? 200 : 20

test(`a crash at any moment repeats entries and loses none (${SEEDS} seeds)`, async () => {
  let repeated = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const dice = seededRandom(seed)
    const random = (): number => dice.below(1000) / 1000
    const given = new Map<string, number>()
    const start = (log: Log): Engine => {
      const engine = createEngine({ clock: new ManualClock(), functions: { libraries: [counting(given, random)] } })
      log.replay(engine)
      return engine
    }
    const entries = 30
    let log = new Log()
    let engine = start(log)
    let next = 1
    for (let life = 0; life < 4; life++) {
      const after = new Log()
      after.units.push(...log.units)
      log = after
      log.follow(engine)
      for (let i = 0; i < entries / 3 && life < 3; i++) {
        new Recorder(engine).run(['XADD', 's', `${next++}-0`, 'f', 'v'].map(bytes))
        if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve))
      }
      if (life === 3) break
      // Killed: what the log has is all there is, and the old engine reads nothing more.
      engine.onEffects = undefined
      engine.setRole('replica')
      engine = start(log)
      const { clock } = engine
      if (clock instanceof ManualClock) clock.advance(0)
    }
    const wire = new Wire(engine)
    await expect.poll(() => wire.send('SCARD', 'done'), { timeout: 20_000, interval: 1 }).toBe(`:${entries}`)
    await expect.poll(() => wire.send('XLEN', 's'), { timeout: 20_000, interval: 1 }).toBe(':0')
    expect([...given.keys()].length).toBe(entries)
    repeated += [...given.values()].filter((times) => times > 1).length
  }
  // A control: crashes did fall between delivery and end.
  expect(repeated).toBeGreaterThan(0)
}, 120_000)
