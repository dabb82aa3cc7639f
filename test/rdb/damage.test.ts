/**
 * Damaged snapshots: every byte of a small file flipped, every length of truncation, bombs, and mutations at random.
 *
 * The bound: whatever n bytes say, decoding them holds at most 1,500 n bytes of values (and 64 KB). LZF gives 88 bytes for
 * one; a list holds 16 bytes for one byte of a listpack of one-digit numbers. FUZZ_SNAPSHOTS sets the number of mutations.
 */
import { describe, expect, it } from 'vitest'
import { toBuffer } from '../../src/base/bytes.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { ByteSink } from '../../src/rdb/byte-sink.ts'
import { ByteSource } from '../../src/rdb/byte-source.ts'
import { RdbError } from '../../src/rdb/error.ts'
import { TYPE } from '../../src/rdb/format.ts'
import { type RdbRecord, readRdb } from '../../src/rdb/rdb-reader.ts'
import { readValue } from '../../src/rdb/read-value.ts'
import type { RdbValue } from '../../src/rdb/value.ts'
import { finish, typeToWrite, writeValue } from '../../src/rdb/write-value.ts'
import { bytesOf, little } from './build.ts'
import { smallFile, values } from './corpus.ts'
import { textOf } from './text-of.ts'

const MUTATIONS = Number(process.env.FUZZ_SNAPSHOTS ?? (process.env.SOAK === '1' ? 5_000_000 : 200_000))
const SEED = Number(process.env.FUZZ_SEED ?? 1)
const MOST_PER_BYTE = 1500
const MOST_FIXED = 1 << 16

/** What a file says, or the error it is refused with. Anything else that is thrown fails the test. */
function outcome(file: Uint8Array, checksum: boolean): RdbRecord[] | RdbError {
  try {
    return [...readRdb(file, { checksum })]
  } catch (error) {
    if (error instanceof RdbError) return error
    throw error
  }
}

const sizeOf = (value: RdbValue): number =>
  typeof value === 'object' ? value.byteSize : typeof value === 'string' ? value.length : 8

/** Where the tens of the version stand. */
const VERSION_TENS = 7

/** The keys of a file and what they hold. */
function saying(records: RdbRecord[] | RdbError): readonly string[] {
  if (records instanceof RdbError) throw records
  return records.flatMap((record) =>
    record.kind === 'key' ? [`${record.db} ${record.key} ${textOf(record.value)}`] : [],
  )
}

/** A value that was read is whole: it can be written, and what was written says the same. */
function expectWhole(value: RdbValue): void {
  const sink = new ByteSink()
  const type = typeToWrite(value, 12)
  finish(writeValue(sink, type, value))
  const bytes = sink.drain()
  const again = readValue(new ByteSource(bytes), type)
  if (again === undefined || textOf(again) !== textOf(value)) throw new Error(`written otherwise: ${textOf(value)}`)
}

describe('a damaged file', () => {
  const file = smallFile()

  it('of any length but its own is refused', { timeout: 120_000 }, () => {
    expect(outcome(file, true)).toBeInstanceOf(Array)
    for (let end = 0; end < file.length; end++) {
      const refused = outcome(file.subarray(0, end), end % 2 === 0)
      expect(refused, `cut at ${end}`).toMatchObject({ code: 'RDB_TRUNCATED' })
      if (refused instanceof RdbError) expect(refused.offset).toBeLessThanOrEqual(end)
    }
  })

  it('with any byte flipped is refused; without a checksum it is refused or whole', { timeout: 120_000 }, () => {
    const all = saying(outcome(file, true))
    const undamaged = new Set(all)
    const codes = new Set<string>()
    for (let at = 0; at < file.length; at++) {
      const damaged = Buffer.from(file)
      damaged[at]! ^= [0xff, 0x01, 0x80][at % 3]!
      const refused = outcome(damaged, true)
      // A version below 5 has no checksum: then everything is there.
      if (refused instanceof RdbError) codes.add(refused.code)
      else expect([at, saying(refused)]).toEqual([VERSION_TENS, all])
      if (at < 5) expect(refused).toMatchObject({ code: 'RDB_VERSION' })
      const records = outcome(damaged, false)
      if (records instanceof RdbError) continue
      const keys = records.filter((record) => record.kind === 'key')
      for (const key of keys) if (!undamaged.has(saying([key])[0]!)) expectWhole(key.value)
    }
    expect(codes).toEqual(new Set(['RDB_VERSION', 'RDB_CHECKSUM', 'RDB_CORRUPT', 'RDB_TRUNCATED', 'RDB_UNSUPPORTED']))
  })

  it('and an undamaged one says everything', () => {
    const records = outcome(file, true)
    if (records instanceof RdbError) throw records
    const keys = records.filter((record) => record.kind === 'key')
    expect(keys.length).toBe(values.length)
    expect(keys.filter(({ db }) => db === 3).length).toBeGreaterThan(5)
    expect(new Set(keys.map(({ frequency }) => frequency))).toEqual(new Set([undefined, 5]))
    expect(new Set(keys.map(({ idleSeconds }) => idleSeconds))).toEqual(new Set([undefined, 77]))
    expect(keys.some(({ deadlineMs }) => deadlineMs === 4102444800000)).toBe(true)
    for (const { value } of keys) expectWhole(value)
  })
})

/** Lengths that promise more than there is. */
const HUGE = [
  bytesOf(0x80, 0xff, 0xff, 0xff, 0xff),
  bytesOf(0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  bytesOf(0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  bytesOf(0x80, 0x00, 0x10, 0x00, 0x00),
]

describe('bombs', () => {
  it('are refused before anything is allocated', () => {
    const collections = [TYPE.list, TYPE.set, TYPE.zset, TYPE.zset2, TYPE.hash, TYPE.listQuicklist, TYPE.listQuicklist2]
    const before = process.memoryUsage()
    for (const length of HUGE) {
      for (const type of [TYPE.string, ...collections, TYPE.streamListpacks2]) {
        expect(() => readValue(new ByteSource(bytesOf(length, 1, 1)), type)).toThrow(RdbError)
      }
      for (const type of [TYPE.string, TYPE.setIntset, TYPE.hashListpack]) {
        expect(() => readValue(new ByteSource(bytesOf(0xc3, 5, length, 0, 97, 0xe0, 255, 0)), type)).toThrow(
          /cannot become/,
        )
      }
      const groups = bytesOf(0, 0, 0, 0, length, 1, 1, 1)
      expect(() => readValue(new ByteSource(groups), TYPE.streamListpacks)).toThrow(RdbError)
    }
    const intset = bytesOf(8, little(8, 4), little(0xffffffff, 4))
    expect(() => readValue(new ByteSource(intset), TYPE.setIntset)).toThrow(RdbError)
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1 << 20)
  })

  it('a compressed list of nothing but small numbers holds what was promised at most', () => {
    const count = 100_000
    const pack = Buffer.alloc(7 + 2 * count, 1)
    pack.writeUInt32LE(pack.length, 0)
    pack.writeUInt16LE(0xffff, 4)
    pack[pack.length - 1] = 0xff
    const sink = new ByteSink()
    sink.blob(pack, pack.length)
    const bytes = Buffer.from(bytesOf(1, 2, sink.drain()))
    const list = readValue(new ByteSource(bytes), TYPE.listQuicklist2)!
    expect(sizeOf(list)).toBeGreaterThan(bytes.length * 500)
    expect(sizeOf(list)).toBeLessThan(bytes.length * MOST_PER_BYTE + MOST_FIXED)
  })
})

/** One to four changes of bytes, cuts, repeats, and lengths put in. */
function mutated(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original)
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(bytes.length)
    switch (random.below(7)) {
      case 0:
        bytes = bytes.subarray(0, at + 1)
        break
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), HUGE[random.below(HUGE.length)]!, bytes.subarray(at + 1)])
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(at + 1))])
        break
      case 3:
        bytes[at]! ^= 1 << random.below(8)
        break
      case 4:
        bytes[at] = [0, 1, 127, 128, 254, 255, 0xc3][random.below(7)]!
        break
      case 5:
        bytes[at]! += random.below(2) === 0 ? 1 : -1
        break
      default:
        bytes[at] = random.below(256)
    }
  }
  return bytes
}

describe('mutations', () => {
  it(`are refused or whole: ${MUTATIONS} of them, seed ${SEED}`, { timeout: 3_600_000 }, () => {
    const random = seededRandom(SEED)
    const originals = values.map(toBuffer)
    let whole = 0
    for (let i = 0; i < MUTATIONS; i++) {
      const bytes = mutated(originals[i % originals.length]!, random)
      try {
        const value = readValue(new ByteSource(bytes, 1), bytes[0]!)
        if (value === undefined) continue
        const most = bytes.length * MOST_PER_BYTE + MOST_FIXED
        if (sizeOf(value) > most) throw new Error(`${sizeOf(value)} bytes of ${bytes.toString('hex')}`)
        // Every so many: writing takes longer than reading.
        if (whole++ % 32 === 0) expectWhole(value)
      } catch (error) {
        if (!(error instanceof RdbError))
          throw new Error(`seed ${SEED}, ${i}: ${bytes.toString('hex')}`, { cause: error })
      }
    }
    // Both outcomes are common: neither the mutations nor the reader are blunt.
    expect(whole / MUTATIONS).toBeGreaterThan(0.05)
    expect(whole / MUTATIONS).toBeLessThan(0.6)
  })
})
