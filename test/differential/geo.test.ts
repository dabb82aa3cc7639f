/**
 * Generated searches by place on our engine and on redis-server 7.0: members, order, distances, places and hashes are
 * equal to the last digit printed. 400 searches here, 2,000 in the long form.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bytes } from '../../src/base/bytes.ts'
import { systemClock } from '../../src/base/clock.ts'
import { type Random, seededRandom, systemRandom } from '../../src/base/random.ts'
import { allCommands } from '../../src/commands/all.ts'
import { Engine } from '../../src/engine/engine.ts'
import { oracleMissing } from '../oracle/available.ts'
import { Batch, explained, words } from '../oracle/batch.ts'
import { OracleServer } from '../oracle/redis-server.ts'

const SEARCHES = Number(process.env.GEO_SEARCHES ?? (process.env.SOAK === '1' ? 2_000 : 400))
const SEARCHES_PER_WORLD = 40
/** How far a stored distance may be off (a last bit counts for more near the far side of the Earth), and how often. */
const NEARLY = 1e-12
const MOST_INEXACT = 0.01
const MOST_LATITUDE = 85.05112878
const UNITS = ['m', 'km', 'mi', 'ft', 'M', 'Km']
/** How far searches reach, in metres, and beyond. */
const REACHES = [0, 1e-7, 0.5, 30, 1000, 20_000, 400_000, 2e6, 5e6, 1e7, 2.1e7, 1e9]
const EDGES = [0, 0.0001, 45, 65.99, 66.01, 79.9, 80.1, 85, MOST_LATITUDE]

const ALL_OF_D = words('ZRANGE', 'd', 0, -1, 'WITHSCORES')

/** Members around a few centres, some of them at the same place, and searches among them. */
class World {
  readonly commands: Bytes[][] = []
  /** Searches whose distances are stored, each with a look at them. */
  readonly stored: Bytes[][] = []
  readonly #random: Random
  readonly #centres: (readonly [longitude: number, latitude: number])[]
  readonly #count: number

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.#centres = Array.from({ length: 1 + this.#random.below(4) }, () => this.#anywhere())
    this.#count = this.#pick([3, 30, 100, 129, 200, 600])
    this.#say('DEL', 'g', 'd')
    for (let i = 0; i < this.#count; i++) this.#say('GEOADD', 'g', ...this.#near(this.#pick(this.#centres)), `m${i}`)
    // Scores that are no geohashes are places all the same.
    if (this.#oneIn(4)) this.#say('ZADD', 'g', 1.5, 'half', -77, 'below', 2 ** 53, 'beyond', 'inf', 'endless')
    for (let i = 0; i < SEARCHES_PER_WORLD; i++) this.#search()
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)]!
  }

  #oneIn = (n: number): boolean => this.#random.below(n) === 0

  #say(...parts: readonly (string | number)[]): void {
    this.commands.push(words(...parts))
  }

  /** From -1 to 1. */
  #share = (): number => this.#random.below(2_000_001) / 1_000_000 - 1

  #anywhere(): readonly [number, number] {
    const sign = this.#pick([1, -1])
    const longitude = this.#oneIn(3) ? sign * this.#pick([0, 90, 179.9999, 180]) : this.#share() * 180
    const latitude = this.#oneIn(2) ? this.#pick([1, -1]) * this.#pick(EDGES) : this.#share() * MOST_LATITUDE
    return [longitude, latitude]
  }

  #near([longitude, latitude]: readonly [number, number]): readonly [number, number] {
    if (this.#oneIn(8)) return [longitude, latitude]
    if (this.#oneIn(5)) return this.#anywhere()
    const far = this.#pick([0.00001, 0.001, 0.1, 3, 30])
    return [
      Math.max(-180, Math.min(180, longitude + this.#share() * far)),
      Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, latitude + this.#share() * far)),
    ]
  }

  /** A reach in a unit, as a word; mostly a crooked number. */
  #reach(unit: string): string {
    const metres = this.#pick(REACHES) * (this.#oneIn(4) ? 1 : 1 + this.#share())
    const size = { m: 1, km: 1000, mi: 1609.34, ft: 0.3048 }[unit.toLowerCase()]!
    return this.#oneIn(30) ? 'inf' : `${metres / size}`
  }

  #search(): void {
    const member = `m${this.#random.below(this.#count)}`
    const place = this.#near(this.#pick(this.#centres))
    const unit = this.#pick(UNITS)
    const chosen = this.#chosen()
    const told = ['WITHCOORD', 'WITHDIST', 'WITHHASH'].filter(() => this.#oneIn(2))
    const from = this.#oneIn(2) ? ['FROMMEMBER', member] : ['FROMLONLAT', ...place]
    const by = this.#oneIn(2)
      ? ['BYRADIUS', this.#reach(unit), unit]
      : ['BYBOX', this.#reach(unit), this.#reach(unit), unit]
    const radius = [this.#reach(unit), unit]
    const choice = this.#random.below(8)
    if (choice === 0) this.#say('GEORADIUS', 'g', ...place, ...radius, ...chosen, ...told)
    else if (choice === 1) this.#say('GEORADIUSBYMEMBER', 'g', member, ...radius, ...chosen, ...told)
    else if (choice === 2) this.#say('GEORADIUS', 'g', ...place, ...radius, ...chosen, 'STORE', 'd')
    else if (choice === 3) this.#say('GEOSEARCHSTORE', 'd', 'g', ...from, ...by, ...chosen)
    else if (choice === 4) this.#read(member, unit)
    else this.#say('GEOSEARCH', 'g', ...from, ...by, ...chosen, ...told)
    if (choice === 5) this.stored.push(words('GEOSEARCHSTORE', 'd', 'g', ...from, ...by, 'STOREDIST'), ALL_OF_D)
    if (choice === 2 || choice === 3) this.#say('ZRANGE', 'd', 0, -1, 'WITHSCORES')
  }

  #read(member: string, unit: string): void {
    this.#say('GEOPOS', 'g', member, 'half', 'below', 'beyond', 'endless')
    this.#say('GEOHASH', 'g', member, 'half', 'below', 'beyond', 'endless')
    this.#say('GEODIST', 'g', member, `m${this.#random.below(this.#count)}`, unit)
  }

  #chosen(): (string | number)[] {
    const count = this.#oneIn(2)
      ? ['COUNT', this.#pick([1, 2, 5, 20, 60, 1000]), ...(this.#oneIn(2) ? ['ANY'] : [])]
      : []
    return [...count, ...this.#pick([[], ['ASC'], ['DESC']])]
  }
}

describe.skipIf(oracleMissing)('searches by place', () => {
  let server: OracleServer
  let batch: Batch

  beforeAll(async () => {
    server = await OracleServer.start()
    const engine = new Engine({ commands: allCommands, clock: systemClock, random: systemRandom })
    batch = await Batch.start(engine, server)
  })
  afterAll(async () => {
    batch.close()
    await server.stop()
  })

  it(`find what redis-server finds, in its order: ${SEARCHES} searches`, { timeout: 600_000 }, async () => {
    let [empty, full] = [0, 0]
    const alike = (ours: string, theirs: string): boolean => {
      if (theirs === '*0\r\n') empty++
      else if (theirs.startsWith('*')) full++
      return ours === theirs
    }
    for (let seed = 1; seed <= SEARCHES / SEARCHES_PER_WORLD; seed++) {
      const { commands } = new World(seed)
      const mismatch = await batch.firstMismatch(commands, alike)
      if (mismatch !== undefined) expect.fail(`world ${seed}: ${explained(mismatch, commands, 3)}`)
    }
    // Searches that find nothing prove little.
    expect(empty).toBeGreaterThan(0)
    expect(full).toBeGreaterThan(SEARCHES / 2)
  })

  it('store distances that agree to 12 digits, and nearly always in the last bit', { timeout: 600_000 }, async () => {
    const count = { all: 0, inexact: 0 }
    const alike = (ours: string, theirs: string): boolean => {
      const [mine, others] = [ours.split('\r\n'), theirs.split('\r\n')]
      // A member and its distance take four lines.
      count.all += Math.floor(others.length / 4)
      if (ours === theirs) return true
      count.inexact += others.filter((line, i) => line !== mine[i] && !line.startsWith('$')).length
      return mine.length === others.length && others.every((line, i) => line === mine[i] || isNear(mine[i]!, line))
    }
    for (let seed = 1; seed <= SEARCHES / SEARCHES_PER_WORLD; seed++) {
      const { commands, stored } = new World(seed)
      const history = [...commands.filter(([name]) => /^(DEL|GEOADD|ZADD)$/.test(name!)), ...stored]
      const mismatch = await batch.firstMismatch(history, alike)
      if (mismatch !== undefined) expect.fail(`world ${seed}: ${explained(mismatch, history, 3)}`)
    }
    expect(count.inexact).toBeLessThan(count.all * MOST_INEXACT)
  })
})

/** Numbers that hardly differ, or the lengths of their texts. */
function isNear(ours: string, theirs: string): boolean {
  if (theirs.startsWith('$')) return ours.startsWith('$')
  return Math.abs(Number(ours) / Number(theirs) - 1) < NEARLY
}
