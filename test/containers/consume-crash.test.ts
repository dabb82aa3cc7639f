/**
 * Crashes: four consumers over three streams, killed and started again at random, and the server too. Everything is handled
 * at least once and nothing stays pending; how much was handled twice is counted and told.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { type Database, open } from '../../src/index.ts'
import { RedisProcess } from '../backends/redis-process.ts'
import { oracleMissing } from '../oracle/available.ts'
import { bench, Mortal, turn } from './consume-rig.ts'

const isSoak = process.env.SOAK === '1'
const SEEDS = Array.from({ length: isSoak ? 20 : 2 }, (_, i) => i + 1)
const MESSAGES = isSoak ? 20_000 : 600
const KILLS = isSoak ? 30 : 4
const STREAMS = ['orders', 'refunds', 'mails']
const PATIENCE_MS = isSoak ? 300_000 : 60_000

type Ack = 'after' | 'before'

/** What a run showed. */
interface Outcome {
  readonly missing: number
  readonly pending: number
  readonly undelivered: number
  readonly dead: number
  readonly duplicates: number
}

async function added(db: Database, random: Random, count: number): Promise<Set<string>> {
  const all = new Set<string>()
  for (const stream of STREAMS) await db.consumerGroup('g', stream).create()
  while (all.size < count) {
    const stream = STREAMS[random.below(STREAMS.length)]!
    const ids = await db.stream(stream).addAll(Array.from({ length: 20 }, (_, n) => ({ n })))
    for (const id of ids) all.add(`${stream} ${id}`)
  }
  return all
}

/** Counts what is left to do; undefined while the server can't be asked. */
async function left(db: Database): Promise<{ pending: number; undelivered: number; dead: number } | undefined> {
  const sum = { pending: 0, undelivered: 0, dead: 0 }
  try {
    for (const stream of STREAMS) {
      const [group] = await db.xinfo_groups(stream)
      sum.pending += group!.pending
      sum.undelivered += group!.lag ?? 0
      sum.dead += await db.xlen(`{${stream}}:dead`)
    }
    return sum
  } catch {
    return undefined
  }
}

function outcome(all: Set<string>, handled: readonly string[], rest: NonNullable<Awaited<ReturnType<typeof left>>>) {
  const distinct = new Set(handled)
  const missing = [...all].filter((one) => !distinct.has(one)).length
  return { missing, duplicates: handled.length - distinct.size, ...rest }
}

function told(what: string, { duplicates }: Outcome): void {
  console.log(`${what}: ${duplicates} of ${MESSAGES} messages handled more than once`)
}

/** The child as one file, which starts in a moment. */
const PROGRAM = resolve('node_modules/.cache', `consume-crash-child-${process.pid}.mjs`)

async function bundle(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'consume-crash-child.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
}

/** Consumers as processes on a redis-server that is killed once. */
class Crash {
  readonly #folder = mkdtempSync(join(tmpdir(), 'geartrain-crash-'))
  readonly #file = join(this.#folder, 'handled')
  readonly #children = new Map<string, ChildProcess>()
  readonly #random: Random
  readonly #ack: Ack

  constructor(seed: number, ack: Ack) {
    this.#random = seededRandom(seed)
    this.#ack = ack
    appendFileSync(this.#file, '')
  }

  async run(): Promise<Outcome> {
    const server = await RedisProcess.start(['appendonly yes', 'appendfsync always'])
    const url = `redis://127.0.0.1:${server.port}`
    const db = await open(url)
    try {
      const all = await added(db, this.#random, MESSAGES)
      for (const name of ['a', 'b', 'c', 'd']) this.#start(name, url)
      const restartAt = 1 + this.#random.below(KILLS - 1)
      for (let kills = 1; kills <= KILLS; kills++) {
        await this.#until(() => this.#handled().length >= (all.size * kills) / (KILLS + 2))
        await this.#kill([...this.#children.keys()][this.#random.below(4)]!, url)
        if (kills !== restartAt) continue
        await server.kill()
        await server.start()
      }
      await this.#until(async () => {
        const rest = await left(db)
        return rest !== undefined && rest.pending + rest.undelivered === 0
      })
      for (const child of this.#children.values()) await stopped(child)
      return outcome(all, this.#handled(), (await left(db))!)
    } finally {
      for (const child of this.#children.values()) child.kill('SIGKILL')
      await db.close()
      await server.stop()
      rmSync(this.#folder, { recursive: true, force: true })
    }
  }

  #start(name: string, url: string): void {
    const words = [url, name, this.#file, this.#ack, isSoak ? '15' : '40', ...STREAMS]
    this.#children.set(name, fork(PROGRAM, words, { execArgv: [] }))
  }

  async #kill(name: string, url: string): Promise<void> {
    const child = this.#children.get(name)!
    if (child.exitCode !== null) throw new Error(`consumer ${name} has ended by itself, with ${child.exitCode}`)
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    this.#start(name, url)
  }

  #handled(): string[] {
    return readFileSync(this.#file, 'latin1').split('\n').slice(0, -1)
  }

  async #until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (const until = Date.now() + PATIENCE_MS; !(await isSo()); await sleep(20)) {
      const [gone] = [...this.#children.values()].filter(({ exitCode }) => exitCode !== null)
      if (gone !== undefined) throw new Error(`a consumer has ended by itself, with ${gone.exitCode}`)
      if (Date.now() > until) throw new Error(`not within ${PATIENCE_MS} ms; ${this.#handled().length} handled`)
    }
  }
}

/** Ends a child as it should end. One that was just started may not listen yet: it has nothing then. */
async function stopped(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  const ask = (): boolean => child.connected && child.send('stop')
  ask()
  const asking = setInterval(ask, 200)
  const [status] = await ended
  clearInterval(asking)
  expect(status).toBe(0)
}

describe.skipIf(oracleMissing)('four processes on redis-server', () => {
  beforeAll(bundle)
  afterAll(() => rmSync(PROGRAM, { force: true }))

  test.for(SEEDS)(
    'killed at random, the server once: nothing is lost (seed %i)',
    { timeout: 900_000 },
    async (seed) => {
      const found = await new Crash(seed, 'after').run()
      told(`redis-server, seed ${seed}`, found)
      expect(found).toMatchObject({ missing: 0, pending: 0, undelivered: 0, dead: 0 })
    },
  )

  test('control: acknowledged before they are handled, messages are lost', { timeout: 900_000 }, async () => {
    const found = await new Crash(1, 'before').run()
    expect(found.pending).toBe(0)
    expect(found.missing).toBeGreaterThan(0)
  })
})

/** The same in process: consumers whose store stops answering at a random call, on a clock that is moved. */
async function simulated(seed: number, ack: Ack): Promise<Outcome> {
  await using b = await bench()
  const random = seededRandom(seed)
  const all = await added(b.db, random, MESSAGES)
  const handled: string[] = []
  const start = (name: string) => {
    const mortal = new Mortal(b.db)
    const options = {
      ...b.on,
      ack,
      concurrency: 8,
      prefetch: 12,
      claimAfterMs: 1500,
      sweepMs: 300,
      maxDeliveries: 1000,
    }
    const consumer = mortal.db.consumerGroup('g', STREAMS, { consumer: name }).consume(async (message) => {
      for (let turns = random.below(4); turns > 0; turns--) await turn()
      if (mortal.isDead) return new Promise(() => {})
      handled.push(`${message.stream} ${message.id}`)
    }, options)
    return { mortal, consumer }
  }
  const alive = new Map(['a', 'b', 'c', 'd'].map((name) => [name, start(name)]))
  for (let kills = 1; kills <= KILLS * 5; kills++) {
    const name = [...alive.keys()][random.below(4)]!
    const { mortal } = alive.get(name)!
    mortal.dieIn(1 + random.below(12))
    for (let i = 0; i < 20 && !mortal.isDead; i++) await b.pass(20)
    mortal.die()
    alive.set(name, start(name))
  }
  for (let i = 0; i < 5000; i++) {
    const rest = await left(b.db)
    if (rest!.pending + rest!.undelivered === 0) break
    await b.pass(50)
  }
  for (const { consumer } of alive.values()) await consumer.stop()
  return outcome(all, handled, (await left(b.db))!)
}

describe('four consumers in process', () => {
  test.for(SEEDS)('dying at random calls: nothing is lost (seed %i)', { timeout: 900_000 }, async (seed) => {
    const found = await simulated(seed, 'after')
    told(`in process, seed ${seed}`, found)
    expect(found).toMatchObject({ missing: 0, pending: 0, undelivered: 0, dead: 0 })
  })

  test('control: acknowledged before they are handled, messages are lost', async () => {
    const found = await Promise.all([1, 2, 3].map((seed) => simulated(seed, 'before')))
    expect(found.reduce((sum, { missing }) => sum + missing, 0)).toBeGreaterThan(0)
  })
})
