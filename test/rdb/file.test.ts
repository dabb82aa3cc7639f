/** Files: what stands around the values, pieces of big ones, and round trips of any value under any limits. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { dumpPayload, readPayload } from '../../src/rdb/dump.ts'
import { RdbError } from '../../src/rdb/error.ts'
import { OPCODE, TYPE } from '../../src/rdb/format.ts'
import { type RdbRecord, readRdb } from '../../src/rdb/rdb-reader.ts'
import { type RdbEntry, type RdbWriteOptions, RdbWriter, standardAux } from '../../src/rdb/rdb-writer.ts'
import type { RdbValue } from '../../src/rdb/value.ts'
import { FieldHash } from '../../src/structures/field-hash.ts'
import { Growable } from '../../src/structures/growable.ts'
import { List } from '../../src/structures/list.ts'
import { SortedSet } from '../../src/structures/sorted-set.ts'
import { Stream } from '../../src/structures/stream.ts'
import { streamId } from '../../src/structures/stream-id.ts'
import { StringSet } from '../../src/structures/string-set.ts'
import { bytesOf, little, text } from './build.ts'
import { textOf } from './text-of.ts'

const FAR = 4102444800000

/** The chunks of a file with these keys. */
function chunksOf(entries: readonly RdbEntry[], options: RdbWriteOptions = {}): Uint8Array[] {
  const writer = new RdbWriter(options)
  writer.select(0, entries.length, 0)
  return [...entries.flatMap((entry) => [...writer.key(entry)]), ...writer.end()]
}

const read = (file: Uint8Array): RdbRecord[] => [...readRdb(file)]

function errorOf(file: Uint8Array, databases = 16): string {
  try {
    for (const _ of readRdb(file, { databases }));
  } catch (error) {
    if (error instanceof RdbError) return `${error.code} ${error.message}`
    throw error
  }
  return ''
}

/** A file of version 4, which has no checksum, of these parts. */
const file = (...parts: (number | string | Uint8Array)[]): Buffer => bytesOf('REDIS0004', ...parts, OPCODE.eof)

describe('a snapshot file', () => {
  it('says facts, libraries, sizes and keys in order, and where it ends', () => {
    const writer = new RdbWriter()
    const chunks: Uint8Array[] = []
    for (const [name, value] of standardAux('7.0.15', 1700000000, 1234)) chunks.push(...writer.aux(name, value))
    chunks.push(...writer.function(raw('code')))
    writer.select(2, 1, 1)
    chunks.push(...writer.key({ key: raw('k'), value: 5, deadlineMs: FAR, idleSeconds: 9 }), ...writer.end())
    const bytes = Buffer.concat(chunks)
    expect(writer.length).toBe(bytes.length)
    const reader = readRdb(Buffer.concat([bytes, Buffer.from('*1\r\n$4\r\nPING\r\n')]))
    const records: RdbRecord[] = []
    let next = reader.next()
    for (; !next.done; next = reader.next()) records.push(next.value)
    expect(next.value).toBe(bytes.length)
    expect(records).toEqual([
      { kind: 'aux', name: 'redis-ver', value: '7.0.15' },
      { kind: 'aux', name: 'redis-bits', value: '64' },
      { kind: 'aux', name: 'ctime', value: '1700000000' },
      { kind: 'aux', name: 'used-mem', value: '1234' },
      { kind: 'aux', name: 'aof-base', value: '0' },
      { kind: 'function', code: 'code' },
      { kind: 'size', db: 2, keys: 1, expiring: 1 },
      { kind: 'key', db: 2, key: 'k', value: 5, deadlineMs: FAR, idleSeconds: 9, frequency: undefined },
    ])
  })

  it('of an old version has no checksum, and deadlines in seconds', () => {
    const bytes = file(OPCODE.expireTime, little(1234567890, 4), TYPE.string, text('k'), text('v'))
    expect(read(bytes)).toMatchObject([{ key: 'k', value: 'v', deadlineMs: 1234567890000 }])
  })

  it('may hold what is skipped: parts of modules, slots, empty collections', () => {
    const aux = bytesOf(
      OPCODE.moduleAux,
      0x81,
      Buffer.alloc(8, 1),
      2,
      1,
      1,
      5,
      2,
      6,
      3,
      Buffer.alloc(4),
      4,
      Buffer.alloc(8),
      5,
      text('x'),
      0,
    )
    const slots = bytesOf(OPCODE.slotInfo, 1, 2, 3)
    const empty = bytesOf(OPCODE.expireTimeMs, little(FAR, 8), TYPE.list, text('e'), 0)
    const records = read(file(aux, slots, empty, TYPE.string, text('k'), text('v')))
    expect(records).toMatchObject([
      { kind: 'empty', key: 'e' },
      { key: 'k', deadlineMs: undefined },
    ])
  })

  it('that cannot be read says why and where', () => {
    expect(errorOf(Buffer.from(''))).toContain('RDB_TRUNCATED the file ends in its header (at byte 0)')
    expect(errorOf(Buffer.from('REDIS00'))).toContain('RDB_TRUNCATED')
    expect(errorOf(Buffer.from('VALKEY080'))).toContain('RDB_VERSION the file is no snapshot')
    expect(errorOf(Buffer.from('REDIS0013'))).toContain(
      'RDB_VERSION the file is of version 13; versions 1 to 12 can be read (at byte 5)',
    )
    expect(errorOf(Buffer.from('REDIS0000'))).toContain('RDB_VERSION')
    expect(errorOf(file(OPCODE.selectDb, 16))).toContain('there is no database 16')
    expect(errorOf(file(OPCODE.functionEarly, 0))).toContain('RDB_UNSUPPORTED')
    expect(errorOf(file(OPCODE.moduleAux, 0, 9))).toContain('a part of kind 9')
    expect(errorOf(file(200, text('k')))).toContain('200 is no type of a value')
    // ReJSON-RL, version 3.
    const json = bytesOf(0x81, ...[0x46, 0x37, 0x89, 0x2e, 0x0d, 0x3e, 0x44, 0xb4])
    expect(errorOf(file(TYPE.module, text('k'), json))).toMatch(
      /RDB_UNSUPPORTED a value belongs to the Redis module \S{9}, /,
    )
    const whole = Buffer.concat(chunksOf([{ key: raw('k'), value: raw('v') }]))
    expect(errorOf(whole.with(whole.length - 1, whole.at(-1)! ^ 1))).toContain('RDB_CHECKSUM')
  })

  it('is written in pieces, which are all there is', () => {
    const long = (i: number): Bytes => raw(`member ${i} ${'x'.repeat(i % 50)}`)
    const [list, set, hash, zset, stream] = [
      new List(),
      new StringSet(),
      new FieldHash(),
      new SortedSet(),
      new Stream(),
    ]
    const group = stream.addGroup(raw('g'), streamId(0, 0), 0)
    const consumer = group.addConsumer(raw('c'), 5)
    for (let i = 0; i < 20_000; i++) {
      list.pushTail(long(i))
      set.add(long(i))
      hash.set(long(i), long(i + 1))
      zset.set(long(i), i % 7)
      stream.append(streamId(1000 + i, i % 3), [raw('f'), long(i)])
      group.addPending(streamId(1000 + i, i % 3), consumer, FAR, i)
    }
    for (const value of [list, set, hash, zset, stream]) {
      const chunks = chunksOf([{ key: raw('k'), value }])
      expect(chunks.length).toBeGreaterThan(5)
      for (const chunk of chunks) expect(chunk.length).toBeLessThan(400_000)
      expect(read(Buffer.concat(chunks)).flatMap((r) => (r.kind === 'key' ? [textOf(r.value)] : []))).toEqual([
        textOf(value),
      ])
    }
  })

  it('of version 10 has no form for deadlines of fields; version 12 does, and so has DUMP', () => {
    const hash = new FieldHash()
    hash.set(raw('a'), raw('1'))
    hash.set(raw('b'), raw('2'))
    hash.expireAt(raw('b'), FAR)
    const entry = { key: raw('k'), value: hash }
    expect(() => chunksOf([entry])).toThrow(/fields that expire, which need RDB version 12; version 10 is written/)
    expect(read(Buffer.concat(chunksOf([entry], { version: 12 })))[1]).toMatchObject({ key: 'k', value: hash })
    expect(textOf(readPayload(dumpPayload(hash))!)).toBe(`hash a=1,b=2@${FAR}`)
    expect(dumpPayload(hash).charCodeAt(dumpPayload(hash).length - 10)).toBe(12)
    hash.persist(raw('b'))
    expect(dumpPayload(hash).charCodeAt(dumpPayload(hash).length - 10)).toBe(10)
  })
})

const word = fc
  .oneof(
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).latin1Slice()) },
    { weight: 3, arbitrary: fc.integer().map(String) },
    { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.string({ unit: 'binary-ascii', maxLength: 4 }), fc.nat(3000)).map(([s, n]) => s.repeat(n)),
    },
  )
  .map(raw)
const words = fc.array(word, { minLength: 1, maxLength: 40 })

const anyValue: fc.Arbitrary<RdbValue> = fc.oneof(
  word,
  fc.maxSafeInteger(),
  word.map((value) => Growable.from(value)),
  words.map((elements) => {
    const list = new List()
    for (const element of elements) list.pushTail(element)
    return list
  }),
  fc
    .oneof(
      words,
      fc.array(
        fc.maxSafeInteger().map((n) => raw(`${n}`)),
        { minLength: 1 },
      ),
    )
    .map((members) => {
      const set = new StringSet()
      for (const member of members) set.add(member)
      return set
    }),
  words.map((fields) => {
    const hash = new FieldHash()
    for (const field of fields) hash.set(field, fields[0]!)
    return hash
  }),
  fc.array(fc.tuple(word, fc.double({ noNaN: true })), { minLength: 1, maxLength: 200 }).map((pairs) => {
    const set = new SortedSet()
    for (const [member, score] of pairs) set.set(member, score)
    return set
  }),
)

describe('any value', () => {
  it('is the same after DUMP and RESTORE, and in a file, in the same state', () => {
    fc.assert(
      fc.property(anyValue, fc.boolean(), (value, compression) => {
        const shown = textOf(value)
        expect(textOf(readPayload(dumpPayload(value))!)).toBe(shown)
        const [, key] = read(Buffer.concat(chunksOf([{ key: raw('k'), value }], { compression })))
        if (key?.kind !== 'key') throw new Error('the key is not there')
        expect(textOf(key.value)).toBe(shown)
      }),
      { numRuns: 300 },
    )
  })
})
