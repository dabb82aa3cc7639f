/**
 * Power is lost: at a random moment, in the middle of a rewrite or a snapshot, between an fsync and the rename that follows.
 * What anyone could see under `always` is there, under `everysec` what was seen a second before; units are whole, nothing is
 * there that nobody did, and a snapshot is the old one or the new one. Each fsync is needed: leaving out any kind of them is
 * seen.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, test } from 'vitest'
import { KeptBackend } from '../../src/backend/embedded/kept-backend.ts'
import { seededRandom } from '../../src/base/random.ts'
import { DurabilityError } from '../../src/durability/durable.ts'
import { Server } from '../../src/server/server.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { Trial, words } from './rig.ts'
import { type Death, Trail } from './trail.ts'
import { PAIRS, type Say, Witness } from './witness.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: SOAK ? 500 : 20 }, (_, i) => i + 1)
const AIMS: readonly Death[] = ['moment', 'rewrite', 'snapshot', 'between']
/** What the soak asks for, of 500 under each policy. */
const AT_LEAST = 50
/** How often the power was lost there. */
const deaths = { always: new Map<Death, number>(), everysec: new Map<Death, number>() }
type Policy = keyof typeof deaths

/** What an operation of the disk means for a trail. */
const EVENTS: Readonly<Record<string, string>> = {
  open: 'open',
  write: 'wrote',
  sync: 'synced',
  rename: 'renamed',
  remove: 'removed',
}
const TEMPORARY = /temp-[^/]*$/

/** A life of a store: clients that write, read, wait and listen, until the power is lost. */
class Life {
  readonly files = new SimulatedFiles()
  readonly clock = new ManualClock()
  readonly witness = new Witness(() => this.clock.now())
  readonly trail = new Trail()
  #trial!: Trial
  readonly #random
  readonly #clients: Say[] = []
  /** What a snapshot holds at least: the one that is being written, the one that has the name, the one on the disk. */
  #begun: readonly number[] = []
  #renamed: readonly number[] = []
  #saved: readonly number[] = []

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  async start(policy: Policy): Promise<void> {
    const { files, clock } = this
    files.syncing = async () => {
      // An fsync that takes long makes what may be lost under `everysec` more by as long.
      for (let turns = policy === 'always' ? this.#random.below(4) : 0; turns > 0; turns--) await turn()
    }
    this.#trial = await Trial.open({
      files,
      clock,
      config: { appendfsync: policy, 'auto-aof-rewrite-percentage': '0' },
    })
    const server = new Server(this.#trial.engine)
    for (let i = 0; i < 3; i++) this.#clients.push(this.witness.client(server.lend()))
    this.#clients[2]!(['SUBSCRIBE news'])
    await turn()
  }

  /** Lives for so many steps, or until the disk has done so many operations where it was aimed at; then the power is lost. */
  async live(steps: number, operations: number, aim: Death): Promise<void> {
    const { witness } = this
    const crash = this.#aim(operations, aim)
    const backend = new KeptBackend(this.#trial.engine, 'file:')
    for (let step = 0; step < steps && !witness.deaf; step++) {
      const before = this.clock.now()
      this.#step(backend, aim)
      if (this.clock.now() !== before) await turn()
      for (let turns = this.#random.below(3); turns > 0; turns--) await turn()
    }
    crash()
    this.#trial.engine.stop()
    this.#trial.engine.onEffects = undefined
  }

  /** Makes the disk fail there; also by the function that is returned. */
  #aim(operations: number, aim: Death): () => void {
    const { files, witness, trail } = this
    let left = operations
    const crash = (): void => {
      if (witness.deaf) return
      witness.deaf = true
      files.crash((unsynced) => this.#random.below(unsynced + 1))
    }
    files.fault = (operation, path) => {
      const name = TEMPORARY.exec(path)?.[0]
      if (operation !== 'rename' || name === undefined || witness.deaf) return undefined
      trail.push(`rename ${name}\n`)
      if (aim !== 'between' || --left > 0) return undefined
      crash()
      return 'EIO'
    }
    files.onOperation = (operation, path) => {
      if (witness.deaf) return
      const name = TEMPORARY.exec(path)?.[0]
      if (name !== undefined) trail.push(`${EVENTS[operation]} ${name}\n`)
      if (name?.startsWith('temp-bg-')) {
        if (operation === 'open') this.#begun = witness.highest()
        if (operation === 'rename') this.#renamed = this.#begun
      }
      if (operation === 'syncFolder' && path === '/data') this.#saved = this.#renamed
      if (aim !== 'between' && (aim === 'moment' || trail.death === aim) && --left <= 0) crash()
    }
    return crash
  }

  #step(backend: KeptBackend, aim: Death): void {
    const pair = this.#random.below(PAIRS)
    const often = aim === 'moment' ? 4 : 1
    switch (this.#random.below(8)) {
      case 0:
      case 1: {
        // What two clients send has no order: a pair is one client's.
        this.#clients[pair % 2]!([...this.witness.unit(pair), `GET b:${pair}`])
        break
      }
      case 2:
        this.#clients[this.#random.below(2)]!([`GET a:${pair}`, `GET b:${pair}`])
        break
      case 3:
        void Promise.resolve(backend.call(undefined, words(`GET a:${pair}`))).catch(() => {})
        void this.#look(backend, pair)
        break
      case 4:
        this.#clients[0]!(this.witness.queue())
        break
      case 5:
        if (this.#random.below(often) > 0) break
        if (aim === 'snapshot' || (aim !== 'rewrite' && this.#random.below(2) === 0)) this.#clients[0]!(['BGSAVE'])
        else void this.#trial.store.rewrite().catch(() => {})
        break
      default:
        this.clock.advance(this.#random.below(250))
    }
  }

  async #look(backend: KeptBackend, pair: number): Promise<void> {
    const { table } = this.#trial.engine
    const argv = words(`GET b:${pair}`)
    try {
      const reply = await backend.call(table.find(argv), argv)
      if (typeof reply === 'string') this.witness.saw(pair, Number(reply))
    } catch {
      // The disk has failed: nothing was answered.
    }
  }

  /** What is wrong with the store after the crash, and with its snapshot. `sinceMs`: what was seen from then on may be gone. */
  async wrongs(sinceMs: number): Promise<string[]> {
    this.files.onOperation = undefined
    this.files.fault = () => undefined
    this.files.powerOn()
    const wrongs = await this.#opened('yes', (after) => this.witness.wrongs((line) => after.ask(line), sinceMs))
    if (this.files.stat('/data/dump.rdb') === undefined) {
      return this.#saved.length === 0 ? wrongs : [...wrongs, 'lost: the snapshot']
    }
    const inSnapshot = await this.#opened(
      'no',
      async (after) => (await this.witness.pairs((line) => after.ask(line), this.#saved)).wrongs,
    )
    return [...wrongs, ...inSnapshot.map((wrong) => `in the snapshot: ${wrong}`)]
  }

  async #opened(appendonly: 'yes' | 'no', look: (after: Trial) => Promise<string[]>): Promise<string[]> {
    try {
      const clock = new ManualClock(this.clock.now())
      const after = await Trial.open({ files: this.files, clock, config: { appendonly } })
      const wrongs = await look(after)
      await after.close()
      return wrongs
    } catch (error) {
      if (!(error instanceof DurabilityError)) throw error
      return [`not opened: ${error.message}`]
    }
  }
}

interface Lost {
  readonly life: Life
  readonly wrongs: string[]
}

async function lost(seed: number, policy: Policy, aim: Death, before = (_life: Life): void => {}): Promise<Lost> {
  const life = new Life(seed)
  await life.start(policy)
  before(life)
  const random = seededRandom(seed + 1000)
  const operations = aim === 'moment' ? 1 + random.below(150) : 1 + random.below(5)
  await life.live(50 + random.below(200), operations, aim)
  const sinceMs = policy === 'always' ? Number.POSITIVE_INFINITY : life.clock.now() - 1000
  return { life, wrongs: await life.wrongs(sinceMs) }
}

const aimOf = (seed: number): Death => AIMS[seed % AIMS.length]!

async function wrongsOf(seed: number, policy: Policy): Promise<string[]> {
  const { life, wrongs } = await lost(seed, policy, aimOf(seed))
  const where = life.trail.death
  deaths[policy].set(where, (deaths[policy].get(where) ?? 0) + 1)
  return wrongs
}

it.each(SEEDS)('always: what anyone could see is there: seed %i', async (seed) => {
  expect(await wrongsOf(seed, 'always')).toEqual([])
})

it.each(SEEDS)('everysec: what was seen a second before is there: seed %i', async (seed) => {
  expect(await wrongsOf(seed, 'everysec')).toEqual([])
})

test('power was lost everywhere, as often as was asked for', () => {
  for (const [policy, places] of Object.entries(deaths)) {
    console.log(`power lost, ${policy}: ${[...places].map(([place, times]) => `${times} ${place}`).join(', ')}`)
    for (const aim of AIMS) {
      expect(places.get(aim) ?? 0, `${policy}, ${aim}`).toBeGreaterThanOrEqual(SOAK ? AT_LEAST : 1)
    }
  }
})

test('the trial sees something: lives are long enough, and without fsync something is lost', async () => {
  let seen = 0
  let popped = 0
  const wrongs: string[] = []
  for (const seed of SEEDS.slice(0, 20)) {
    const { life, wrongs: found } = await lost(seed, 'always', 'moment', ({ files }) => {
      files.syncs = () => false
    })
    seen += life.witness.seen.length
    popped += life.witness.popped.length
    wrongs.push(...found)
  }
  expect(seen).toBeGreaterThan(40)
  expect(popped).toBeGreaterThan(20)
  expect(wrongs.some((wrong) => wrong.startsWith('lost'))).toBe(true)
})

it.each([
  ['increment', 'sync', /incr\.aof$/],
  ['base', 'sync', /temp-rewriteaof-/],
  ['manifest', 'sync', /temp-.*manifest$/],
  ['snapshot', 'sync', /temp-bg-/],
  ['name in the log', 'syncFolder', /appendonlydir$/],
  ['name of the snapshot', 'syncFolder', /data$/],
] as const)('an fsync left out is seen: the %s', async (_what, left, path) => {
  for (let seed = 1; seed <= 200; seed++) {
    const { wrongs } = await lost(seed, 'always', aimOf(seed), ({ files }) => {
      files.syncs = (operation, asked) => operation !== left || !path.test(asked)
    })
    if (wrongs.length > 0) return
  }
  throw new Error('nothing was lost')
})
