/**
 * Power is lost at a random moment, also in the middle of rewrites: what anyone could see under `always` is there, under
 * `everysec` what was seen a second before; units are whole, and nothing is there that nobody did.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, test } from 'vitest'
import { KeptBackend } from '../../src/backend/embedded/kept-backend.ts'
import { seededRandom } from '../../src/base/random.ts'
import { Server } from '../../src/server/server.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { Trial, words } from './rig.ts'
import { PAIRS, type Say, Witness } from './witness.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: SOAK ? 500 : 20 }, (_, i) => i + 1)

/** A life of a store: clients that write, read, wait and listen, until the power is lost. */
class Life {
  readonly files = new SimulatedFiles()
  readonly clock = new ManualClock()
  readonly witness = new Witness(() => this.clock.now())
  #trial!: Trial
  readonly #random
  readonly #clients: Say[] = []

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  async start(policy: string): Promise<void> {
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

  /** Lives for so many steps or until the disk has done so many operations; then the power is lost. */
  async live(steps: number, operations: number): Promise<void> {
    const { files, witness } = this
    const end = files.operations + operations
    const crash = (): void => {
      if (witness.deaf) return
      witness.deaf = true
      files.crash((unsynced) => this.#random.below(unsynced + 1))
    }
    files.onOperation = () => {
      if (files.operations >= end) crash()
    }
    const backend = new KeptBackend(this.#trial.engine, 'file:')
    for (let step = 0; step < steps && !witness.deaf; step++) {
      const before = this.clock.now()
      this.#step(backend)
      if (this.clock.now() !== before) await turn()
      for (let turns = this.#random.below(3); turns > 0; turns--) await turn()
    }
    crash()
    this.#trial.engine.stop()
    this.#trial.engine.onEffects = undefined
  }

  #step(backend: KeptBackend): void {
    const pair = this.#random.below(PAIRS)
    switch (this.#random.below(8)) {
      case 0:
      case 1: {
        this.#clients[this.#random.below(2)]!([...this.witness.unit(pair), `GET b:${pair}`])
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
        if (this.#random.below(4) === 0) void this.#trial.store.rewrite().catch(() => {})
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

  /** What is wrong with the store after the crash. `sinceMs`: what was seen from then on may be gone. */
  async wrongs(sinceMs: number): Promise<string[]> {
    this.files.onOperation = undefined
    this.files.powerOn()
    const after = await Trial.open({ files: this.files, clock: new ManualClock(this.clock.now()) })
    const wrongs = await this.witness.wrongs((line) => after.ask(line), sinceMs)
    await after.close()
    return wrongs
  }
}

async function lost(seed: number, policy: string, before = (_life: Life): void => {}): Promise<[Life, string[]]> {
  const life = new Life(seed)
  await life.start(policy)
  before(life)
  const random = seededRandom(seed + 1000)
  await life.live(50 + random.below(200), 1 + random.below(150))
  const sinceMs = policy === 'always' ? Number.POSITIVE_INFINITY : life.clock.now() - 1000
  return [life, await life.wrongs(sinceMs)]
}

it.each(SEEDS)('always: what anyone could see is there: seed %i', async (seed) => {
  const [, wrongs] = await lost(seed, 'always')
  expect(wrongs).toEqual([])
})

it.each(SEEDS)('everysec: what was seen a second before is there: seed %i', async (seed) => {
  const [, wrongs] = await lost(seed, 'everysec')
  expect(wrongs).toEqual([])
})

test('the trial sees something: lives are long enough, and without fsync something is lost', async () => {
  let seen = 0
  let popped = 0
  const wrongs: string[] = []
  for (const seed of SEEDS.slice(0, 20)) {
    const [life, found] = await lost(seed, 'always', ({ files }) => {
      files.syncs = false
    })
    seen += life.witness.seen.length
    popped += life.witness.popped.length
    wrongs.push(...found)
  }
  expect(seen).toBeGreaterThan(40)
  expect(popped).toBeGreaterThan(20)
  expect(wrongs.some((wrong) => wrong.startsWith('lost'))).toBe(true)
})
