/**
 * The promise of SCAN, HSCAN, SSCAN and ZSCAN: what is present from the first call to the last is answered.
 *
 * The one idea: 20,000 seeded histories. Between the calls of one iteration elements are added and deleted, a kept
 * element is deleted and added again in one MULTI, the table grows and shrinks, and keys expire. A control breaks the
 * unit (the same deletion and addition apart) and must be found out.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { Engine } from '../../src/engine/engine.ts'
import { limits } from '../../src/structures/limits.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { Recorder } from '../../src/testing/recorder.ts'

const HISTORIES_EACH = 5_000
const FAMILIES = ['SCAN', 'HSCAN', 'SSCAN', 'ZSCAN'] as const
type Family = (typeof FAMILIES)[number]

const KEY = 'k'
const ADD: Readonly<Record<Family, (name: string) => string[]>> = {
  SCAN: (name) => ['SET', name, 'v'],
  HSCAN: (name) => ['HSET', KEY, name, 'v'],
  SSCAN: (name) => ['SADD', KEY, name],
  ZSCAN: (name) => ['ZADD', KEY, '1', name],
}
const DELETE: Readonly<Record<Family, (name: string) => string[]>> = {
  SCAN: (name) => ['DEL', name],
  HSCAN: (name) => ['HDEL', KEY, name],
  SSCAN: (name) => ['SREM', KEY, name],
  ZSCAN: (name) => ['ZREM', KEY, name],
}

const kept = { ...limits }
beforeAll(() => {
  // Small forms answer everything at once: only the big ones can miss something.
  limits.hashMaxListpackEntries = 4
  limits.zsetMaxListpackEntries = 4
})
afterAll(() => {
  Object.assign(limits, kept)
})

class History {
  readonly #family: Family
  readonly #random: Random
  readonly #clock = new ManualClock(1_700_000_000_000)
  readonly #engine = new Engine({ commands: allCommands, clock: this.#clock, random: seededRandom(1) })
  readonly #session = new Recorder(this.#engine).session
  readonly #inOneUnit: boolean
  #fresh = 0

  constructor(family: Family, seed: number, inOneUnit: boolean) {
    this.#family = family
    this.#random = seededRandom(seed)
    this.#inOneUnit = inOneUnit
  }

  /** Runs one iteration; gives the kept elements that it never answered. */
  missed(): string[] {
    const staying = Array.from({ length: 20 + this.#random.below(20) }, (_, i) => `stay:${i}`)
    const others = Array.from({ length: this.#random.below(40) }, (_, i) => `other:${i}`)
    for (const name of [...staying, ...others]) this.#run(...ADD[this.#family](name))
    const seen = new Set<string>()
    let cursor = '0'
    do {
      cursor = this.#step(cursor, seen)
      this.#disturb(staying, others)
    } while (cursor !== '0')
    this.#engine.stop()
    return staying.filter((name) => !seen.has(name))
  }

  #step(cursor: string, seen: Set<string>): string {
    const words = this.#family === 'SCAN' ? ['SCAN', cursor] : [this.#family, KEY, cursor]
    const [next, found] = this.#run(...words, 'COUNT', `${1 + this.#random.below(8)}`) as readonly [Bytes, Bytes[]]
    for (const name of found) seen.add(name)
    return next
  }

  /** What others do between two calls. */
  #disturb(staying: readonly string[], others: string[]): void {
    for (let n = this.#random.below(4); n > 0; n--) {
      const stay = staying[this.#random.below(staying.length)]!
      switch (this.#random.below(4)) {
        case 0:
          others.push(`fresh:${this.#fresh++}`)
          this.#run(...ADD[this.#family](others.at(-1)!))
          break
        case 1:
          if (others.length > 0) this.#run(...DELETE[this.#family](others.pop()!))
          break
        case 2:
          this.#recreate(stay)
          break
        default:
          this.#growOrExpire(others)
      }
    }
  }

  #recreate(name: string): void {
    if (this.#inOneUnit) this.#run('MULTI')
    this.#run(...DELETE[this.#family](name))
    this.#run(...ADD[this.#family](name))
    if (this.#inOneUnit) this.#run('EXEC')
  }

  /** Many come or go at once; keys also by their deadline. */
  #growOrExpire(others: string[]): void {
    if (this.#random.below(2) === 0) {
      for (let n = 0; n < 30; n++) {
        others.push(`fresh:${this.#fresh++}`)
        this.#run(...ADD[this.#family](others.at(-1)!))
      }
      return
    }
    const leaving = others.splice(0, Math.floor(others.length / 2))
    if (this.#family !== 'SCAN') {
      for (const name of leaving) this.#run(...DELETE[this.#family](name))
      return
    }
    for (const name of leaving) this.#run('PEXPIRE', name, `${1 + this.#random.below(3)}`)
    this.#clock.advance(2)
  }

  #run(...words: string[]): Reply {
    return this.#engine.execute(this.#session, words.map(raw)) ?? null
  }
}

it.each(FAMILIES)('%s answers whatever stays', { timeout: 120_000 }, (family) => {
  for (let seed = 0; seed < HISTORIES_EACH; seed++) {
    const missed = new History(family, seed, true).missed()
    if (missed.length > 0) expect.fail(`seed ${seed}: missed ${missed.join(' ')}`)
  }
})

it.each(FAMILIES)('and %s is caught missing what was deleted and added apart', (family) => {
  let misses = 0
  for (let seed = 0; seed < 300; seed++) misses += new History(family, seed, false).missed().length
  expect(misses).toBeGreaterThan(0)
})
