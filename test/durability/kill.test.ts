/**
 * `geartrain serve` is killed, as by `kill -9`, again and again, and started again on what it left: at random moments, during
 * rewrites and snapshots, between an fsync and the rename that follows, in the middle of a write. Everything that any client
 * or subscriber had seen is there, under `everysec` all but what came while an fsync went on; units are whole, nothing is
 * invented; the snapshot is the old one or the new one, whole; and once in a while a redis-server is started on the same
 * folder, and has the same data. Where each process died is known by what it told until then (trail.ts), and counted.
 */
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { type Random, seededRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { diskFiles } from '../../src/durability/disk-files.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { contentsOf, contrast, TheirSide, words } from '../rdb/sides.ts'
import { bundleServer, MortalServer, removeBundle } from './mortal-server.ts'
import { Trial } from './rig.ts'
import type { Death } from './trail.ts'
import { type Ask, type Say, Witness } from './witness.ts'

const SOAK = process.env.SOAK === '1'
const SEEDS = Array.from({ length: SOAK ? 10 : 2 }, (_, i) => i + 1)
const KILLS = SOAK ? 50 : 6
const PAIRS = 6
const WRITERS = 2
/** A life without its death goes on for so many chunks of replies. */
const LONGEST = 1_500
const LONG_MS = SOAK ? 6 * 3_600_000 : 300_000

/** Where a process is to be killed; the first is anywhere. */
const PLACES = [
  'moment',
  'rewrite',
  'snapshot',
  'between',
  'sync',
  'write',
  'rewrite',
  'snapshot',
  'between',
  'renamed',
] as const
type Place = (typeof PLACES)[number]
/** What the soak asks for, of 500. */
const AT_LEAST = 50

/** How often a process has died there. */
const deaths = new Map<Place | Death, number>()
/** How often it has died while an fsync of the log went on that nobody waits for. */
let excused = 0
/** Of which kind the file was that had no name yet. */
const between = new Map<string, number>()

function count<T>(map: Map<T, number>, what: T): void {
  map.set(what, (map.get(what) ?? 0) + 1)
}

const told = (map: ReadonlyMap<string, number>): string =>
  [...map].map(([what, times]) => `${times} ${what}`).join(', ')

/** For kill-hook-child.ts; empty where the process is killed from outside. */
function holdAt(place: Place, random: Random): string {
  if (place === 'between') return `rename before ${1 + random.below(6)}`
  if (place === 'renamed') return `rename after ${1 + random.below(6)}`
  if (place === 'write') return `writeSync within ${1 + random.below(150)}`
  if (place !== 'sync') return ''
  const call = random.below(2) === 0 ? 'fdatasync' : 'fdatasyncSync'
  return `${call} ${random.below(2) === 0 ? 'after' : 'before'} ${1 + random.below(5)}`
}

/** A store that is killed time and again, and who uses it. */
class Victim {
  readonly witness = new Witness(() => Number(process.hrtime.bigint()) / 1e6, PAIRS)
  readonly #folder = mkdtempSync(join(tmpdir(), 'geartrain-kill-'))
  readonly #random: Random
  readonly #policy: string
  readonly #filled = new Set<number>()
  #server: MortalServer | undefined
  /** From when on what was seen may be gone. */
  #sinceMs = Number.POSITIVE_INFINITY
  /** What the pairs were in the snapshot that is there, or more. */
  #snapshot: readonly number[] = []

  constructor(seed: number, policy: string) {
    this.#random = seededRandom(seed)
    this.#policy = policy
    mkdirSync(join(this.#folder, 'data'))
  }

  /** Lives until it is killed at such a place; what was wrong with what the life before had left. */
  async life(place: Place, hold = holdAt(place, this.#random)): Promise<string[]> {
    const directives = ['--appendfsync', this.#policy, '--auto-aof-rewrite-percentage', '0']
    const server = await MortalServer.start(this.#folder, directives, hold)
    this.#server = server
    if (server.hasEnded) {
      this.#died(server, place)
      return []
    }
    const wrongs = await this.#wrongs(server)
    const fromOutside = hold === '' || hold.endsWith('never')
    await this.#used(server, place, fromOutside)
    this.#died(server, place)
    // Whatever the snapshot holds by now, it began in this life.
    if (server.trail.hasNewSnapshot) this.#snapshot = this.witness.found
    return wrongs
  }

  #died({ trail }: MortalServer, place: Place): void {
    this.#sinceMs =
      this.#policy === 'always' ? Number.POSITIVE_INFINITY : (trail.unwrittenSinceMs ?? Number.POSITIVE_INFINITY)
    if (this.#sinceMs < Number.POSITIVE_INFINITY) excused++
    count(deaths, trail.isHeld ? place : trail.death)
    if (trail.isHeld && place === 'between') count(between, trail.kind)
  }

  /** What is wrong with what the last life has left. */
  async afterlife(): Promise<string[]> {
    const server = await this.#restarted()
    const wrongs = await this.#wrongs(server)
    server.kill()
    await server.ended()
    return wrongs
  }

  /** Two write, one reads, one listens, until the process is gone. */
  async #used(server: MortalServer, place: Place, fromOutside: boolean): Promise<void> {
    const { witness } = this
    const killAfter = 20 + this.#random.below(300)
    const callsFor = 10 + this.#random.below(100)
    let heard = 0
    let tookLong = false
    const onHeard = (): void => {
      heard++
      tookLong ||= heard > LONGEST
      if (tookLong || (fromOutside && heard > this.#deadline(server, place, killAfter, callsFor, heard))) server.kill()
    }
    const gone: Promise<unknown>[] = []
    const client = async (goesOn: (say: Say) => void): Promise<Say> => {
      const socket = await server.connect()
      gone.push(new Promise((resolve) => socket.once('close', resolve)))
      return witness.client(socket, (say) => {
        onHeard()
        goesOn(say)
      })
    }
    const listener = await client(() => {})
    listener(['SUBSCRIBE news'])
    const reader = await client((say) => {
      if (heard > callsFor && heard % 20 === 0) say(this.#calls(place))
      say([`GET b:${this.#random.below(PAIRS)}`])
    })
    const writers: Say[] = []
    for (let i = 0; i < WRITERS; i++) writers.push(await client((say) => say(this.#deeds(i))))
    for (const [i, say] of writers.entries()) say(this.#deeds(i))
    reader(['GET b:0'])
    await Promise.all([server.ended(), ...gone])
  }

  /** After how many chunks of replies it is killed from outside: in a rewrite or snapshot soon after that has begun. */
  #deadline(server: MortalServer, place: Place, killAfter: number, callsFor: number, heard: number): number {
    if (place !== 'rewrite' && place !== 'snapshot') return killAfter
    return heard > callsFor && server.trail.death === place ? callsFor + (killAfter % 5) : LONGEST
  }

  #calls(place: Place): readonly string[] {
    if (place === 'rewrite') return ['BGREWRITEAOF']
    if (place === 'snapshot') return ['BGSAVE']
    return [this.#random.below(2) === 0 ? 'BGREWRITEAOF' : 'BGSAVE']
  }

  /** What a writer does next: each has pairs of its own, for what two of them send has no order. */
  #deeds(writer: number): readonly string[] {
    const pair = WRITERS * this.#random.below(PAIRS / WRITERS) + writer
    const index = this.#random.below(200)
    // Something for rewrites and snapshots to take time for.
    if (this.#filled.size < 150) {
      this.#filled.add(index)
      return [`SET ballast:${index} ${this.#noise(40_000)}`, ...this.witness.unit(pair), `GET a:${pair}`]
    }
    if (this.#random.below(4) === 0)
      return [...this.witness.queue(), `HSET hash field:${index} ${this.#noise(20)}`, 'GET a:0']
    return [...this.witness.unit(pair), `GET a:${pair}`]
  }

  #noise(length: number): string {
    let text = ''
    while (text.length < length) text += this.#random.below(2 ** 31).toString(36)
    return text
  }

  async #wrongs(server: MortalServer): Promise<string[]> {
    const side = await TheirSide.open(server)
    const ask = async (line: string): Promise<Reply> => (await side.ask([words(line)]))[0] ?? null
    const wrongs = await this.witness.wrongs(ask, this.#sinceMs)
    side.close()
    wrongs.push(...this.#leftovers(), ...(await this.#snapshotsWrongs()))
    this.witness.goesOn()
    return wrongs
  }

  /** What was not finished when the process died is in nobody's way, and takes no space for ever. */
  #leftovers(): string[] {
    const names = readdirSync(join(this.#folder, 'data')).filter((name) => name.startsWith('temp-'))
    return names.map((name) => `left behind: ${name}`)
  }

  /** The snapshot is loaded alone, as from a backup. */
  async #snapshotsWrongs(): Promise<string[]> {
    const snapshot = join(this.#folder, 'data', 'dump.rdb')
    if (!existsSync(snapshot)) return this.#snapshot.length === 0 ? [] : ['the snapshot is gone']
    const dir = join(this.#folder, 'backup')
    rmSync(dir, { recursive: true, force: true })
    mkdirSync(dir)
    linkSync(snapshot, join(dir, 'dump.rdb'))
    const trial = await Trial.open({ files: diskFiles, config: { dir, appendonly: 'no' } })
    const ask: Ask = (line) => trial.ask(line)
    const { wrongs, found } = await this.witness.pairs(ask, this.#snapshot)
    await trial.close()
    this.#snapshot = found
    return wrongs.map((wrong) => `in the snapshot: ${wrong}`)
  }

  async #restarted(): Promise<MortalServer> {
    const server = await MortalServer.start(this.#folder, ['--appendfsync', this.#policy])
    this.#server = server
    return server
  }

  /** Where a redis-server on what was left differs from ours. */
  async compared(): Promise<string[]> {
    const copy = join(this.#folder, 'copy')
    rmSync(copy, { recursive: true, force: true })
    cpSync(join(this.#folder, 'data'), copy, { recursive: true })
    const redis = await OracleServer.start(['--dir', copy, '--appendonly', 'yes'])
    try {
      const server = await this.#restarted()
      const [ours, theirs] = [await TheirSide.open(server), await TheirSide.open(redis)]
      const found = await contentsOf(ours)
      const wrongs = found.size === 0 ? ['nothing is there'] : contrast(found, await contentsOf(theirs))
      for (const side of [ours, theirs]) side.close()
      server.kill()
      await server.ended()
      return wrongs
    } finally {
      await redis.stop()
    }
  }

  end(): void {
    this.#server?.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

beforeAll(bundleServer)
afterAll(removeBundle)

it.concurrent.each(SEEDS)(
  `killed ${KILLS} times, nothing that was promised is missing: seed %i`,
  async (seed) => {
    const victim = new Victim(seed, seed % 2 === 1 ? 'always' : 'everysec')
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const place = PLACES[(kill + KILLS * (seed - 1)) % PLACES.length]!
        expect(await victim.life(place), `before kill ${kill}, ${place}`).toEqual([])
        if (oracleMissing || (kill + 1) % (SOAK ? 25 : KILLS) !== 0) continue
        expect(await victim.compared(), `beside redis-server after kill ${kill}`).toEqual([])
      }
      expect(await victim.afterlife()).toEqual([])
    } finally {
      victim.end()
    }
  },
  LONG_MS,
)

test(
  'the trial sees something: a server whose log is not written loses what was seen',
  async () => {
    const victim = new Victim(1000, 'always')
    try {
      await victim.life('moment', 'writeSync never')
      const wrongs = await victim.afterlife()
      expect(wrongs.some((wrong) => wrong.startsWith('lost'))).toBe(true)
    } finally {
      victim.end()
    }
  },
  LONG_MS,
)

test('processes have died everywhere, as often as was asked for', () => {
  console.log(
    `killed: ${told(deaths)}; of those between fsync and rename: ${told(between)}; in an fsync under everysec: ${excused}`,
  )
  const total = [...deaths.values()].reduce((sum, times) => sum + times, 0)
  expect(total).toBe(KILLS * SEEDS.length + 1)
  if (!SOAK) return
  for (const place of ['rewrite', 'snapshot', 'between'] as const) {
    expect(deaths.get(place), place).toBeGreaterThanOrEqual(AT_LEAST)
  }
  expect([...between.keys()].sort()).toEqual(['base', 'manifest', 'snapshot'])
})
