/**
 * Generated histories of HyperLogLogs on our engine and on redis-server 7.0: every reply and every stored string is equal,
 * byte for byte. 150 histories here, 1,000 in the long form.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { systemClock } from '../../src/base/clock.ts'
import { type Random, seededRandom, systemRandom } from '../../src/base/random.ts'
import { allCommands } from '../../src/commands/all.ts'
import { Engine } from '../../src/engine/engine.ts'
import { oracleMissing } from '../oracle/available.ts'
import { Batch, explained, words } from '../oracle/batch.ts'
import { OracleServer } from '../oracle/redis-server.ts'

const HISTORIES = process.env.SOAK === '1' ? 1_000 : 150
/** After each round strings are read, cut and stored again. */
const ROUNDS = 5
const STEPS = 8
const KEYS = ['a', 'b', 'c', 'd']
/** The default, one that is met at once, and some between. */
const SPARSE_LIMITS = [3000, 3000, 3000, 0, 20, 200, 1000, 20_000]
const WIDTHS = [1, 2, 3, 5, 8, 40, 300, 3000]

/** Whether the first `end` bytes end within a run of two bytes: there Redis reads what lies behind the string. */
function isCutInside(value: Bytes, end: number): boolean {
  let at = 16
  while (at < end) at += (value.charCodeAt(at) & 0xc0) === 0x40 ? 2 : 1
  return at > end && end > 16
}

class History {
  commands: Bytes[][] = []
  readonly #random: Random

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    const limit = this.#pick(SPARSE_LIMITS)
    this.#say('FLUSHALL')
    this.#say('CONFIG', 'SET', 'hll-sparse-max-bytes', limit)
  }

  /** The next commands, where the keys hold these strings. */
  round(stored: readonly (Bytes | null)[]): readonly (readonly Bytes[])[] {
    for (const [i, value] of stored.entries())
      if (value !== null && this.#random.below(6) === 0) this.#keepPart(i, value)
    for (let step = 0; step < STEPS; step++) this.#step()
    const said = this.commands
    this.commands = []
    return said
  }

  /** Stores all or part of a string under another key, as a client with GETRANGE would. */
  #keepPart(from: number, value: Bytes): void {
    const end = this.#random.below(2) === 0 ? value.length : this.#random.below(value.length + 1)
    const part = value.slice(0, end) + (isCutInside(value, end) ? '\x00' : '')
    this.commands.push([raw('SET'), raw(KEYS[(from + 1) % KEYS.length]!), raw(part)])
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)]!
  }

  #say(...parts: readonly (string | number)[]): void {
    this.commands.push(words(...parts))
  }

  #step(): void {
    const key = this.#pick(KEYS)
    const choice = this.#random.below(20)
    if (choice < 10) this.#say('PFADD', key, ...this.#elements())
    else if (choice < 12) this.#say('PFCOUNT', key)
    else if (choice < 13) this.#say('PFCOUNT', ...KEYS.slice(this.#random.below(3)))
    else if (choice < 16) this.#say('PFMERGE', key, ...KEYS.filter(() => this.#random.below(2) === 0))
    else if (choice < 17) this.#say('PFDEBUG', this.#pick(['TODENSE', 'DECODE', 'ENCODING', 'GETREG']), key)
    else if (choice < 18) this.#copy(key)
    else if (choice < 19) this.#spoil(key)
    else this.#say('DEL', key)
    for (const each of KEYS) this.#say('GET', each)
    this.#say('OBJECT', 'ENCODING', key)
  }

  /** None, few, many; short, long, binary, and such as come again. */
  #elements(): Bytes[] {
    const count = this.#pick([0, 1, 1, 2, 5, 30, this.#random.below(1500)])
    const width = this.#pick(WIDTHS)
    const element = (): string => {
      if (width === 1) return `${this.#random.below(1000)}`
      let text = ''
      for (let i = this.#random.below(width + 1); i > 0; i--) text += String.fromCharCode(this.#random.below(256))
      return text
    }
    return Array.from({ length: width >= 300 ? Math.min(count, 20) : count }, () => raw(element()))
  }

  /** A string that was read and stored again, whole or cut, is as good as the one that grew. */
  #copy(key: string): void {
    const to = this.#pick(KEYS)
    this.#say('SET', to, 'HYLL')
    this.#say('COPY', key, to, 'REPLACE')
    if (this.#random.below(3) > 0) return
    this.#say(
      'SET',
      to,
      this.#header() + this.#pick(['', '\x7f\xff', '\x80\x7f\xfe', '\x3f', '\xff'.repeat(5), '\x40\x10']),
    )
  }

  /** Writes something into the header or the registers. */
  #spoil(key: string): void {
    const offset = this.#pick([0, 3, 4, 5, 7, 8, 14, 15, 16, 17, 20, 40, 2000, 12_303, 13_000])
    this.#say(
      'SETRANGE',
      key,
      offset,
      this.#pick(['\x00', '\x01', '\x7f\xff', '\x80', '\xff', '\x84\x84\x84\x84', 'HYLL']),
    )
  }

  #header = (): string => `HYLL\x01${'\x00'.repeat(10)}${this.#pick(['\x00', '\x80'])}`
}

describe.skipIf(oracleMissing)('HyperLogLogs with a generated history', () => {
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

  it(`are the same strings as in redis-server: ${HISTORIES} histories`, { timeout: 600_000 }, async () => {
    const stored = (key: string): Bytes | null => {
      const value = batch.ask(words('GET', key))
      return typeof value === 'string' ? value : null
    }
    const unmet = new Set(['-INVALIDOBJ', '-WRONGTYPE', '+dense', '+sparse', '$12304', '$20', '$-1'])
    const alike = (ours: string, theirs: string): boolean => {
      for (const start of unmet) if (theirs.startsWith(start)) unmet.delete(start)
      return ours === theirs
    }
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const history = new History(seed)
      for (let round = 0; round < ROUNDS; round++) {
        const commands = history.round(round === 0 ? [] : KEYS.map(stored))
        const mismatch = await batch.firstMismatch(commands, alike)
        if (mismatch !== undefined) expect.fail(`seed ${seed}, round ${round}: ${explained(mismatch, commands, 12)}`)
      }
    }
    expect(unmet, 'what no history came to').toEqual(new Set())
  })
})
