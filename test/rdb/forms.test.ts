/** Every form of every version is read, refused when it ends early, and written anew in a form of Redis 7.0. */
import { describe, expect, it } from 'vitest'
import { ByteSink } from '../../src/rdb/byte-sink.ts'
import { ByteSource } from '../../src/rdb/byte-source.ts'
import { RdbError } from '../../src/rdb/error.ts'
import { TYPE } from '../../src/rdb/format.ts'
import { readValue } from '../../src/rdb/read-value.ts'
import { finish, typeToWrite, writeValue } from '../../src/rdb/write-value.ts'
import { bytesOf, id, intset, listpack, little, text, ziplist, zipmap } from './build.ts'
import { forms } from './forms.ts'
import { textOf } from './text-of.ts'

const readAll = (type: number, bytes: Uint8Array) => {
  const source = new ByteSource(bytes)
  const value = readValue(source, type)
  expect(source.left).toBe(0)
  return value
}

function codeOf(type: number, bytes: Uint8Array): string | undefined {
  try {
    readValue(new ByteSource(bytes), type)
  } catch (error) {
    if (error instanceof RdbError && error.offset <= bytes.length) return error.code
    throw error
  }
  return undefined
}

describe('forms of values', () => {
  it.each(forms)('$name', ({ type, bytes, says }) => {
    const value = readAll(type, bytes)
    expect(textOf(value!)).toBe(says)
    for (let end = 0; end < bytes.length; end++) {
      expect(codeOf(type, bytes.subarray(0, end)), `cut at ${end}`).toMatch(/RDB_TRUNCATED|RDB_CORRUPT/)
    }
    const sink = new ByteSink()
    const written = typeToWrite(value!, 12)
    finish(writeValue(sink, written, value!))
    expect(textOf(readAll(written, sink.drain())!)).toBe(says)
  })

  it('of all types are among them', () => {
    const { moduleOld, module, ...read } = TYPE
    expect(new Set(forms.map(({ type }) => type))).toEqual(new Set(Object.values(read)))
    for (const type of [moduleOld, module]) {
      // The name 'ReJSON-RL' in the upper 54 bits.
      const named = bytesOf(0x81, 0x46, 0x37, 0x89, 0x2e, 0x0d, 0x3e, 0x44, 0xb4)
      expect(codeOf(type, named)).toBe('RDB_UNSUPPORTED')
    }
    for (const type of [8, 26, 99, 255]) expect(codeOf(type, text('x'))).toBe('RDB_CORRUPT')
  })
})

const group = (pending: Uint8Array, consumers: Uint8Array) =>
  bytesOf(
    1,
    text(id(1n, 0n)),
    text(listpack([1, 0, 1, 'n', 0, 2, 0, 0, 'v', 4])),
    1,
    1,
    0,
    1,
    text('g'),
    0,
    0,
    pending,
    consumers,
  )
const held = bytesOf(id(1n, 0n), little(0, 8), 1)
const reader = (...ids: Uint8Array[]) => bytesOf(text('c'), little(0, 8), ids.length, ...ids)
const entry = (...elements: (string | number)[]) => bytesOf(1, text(id(5n, 0n)), text(listpack(elements)), 1, 9, 0, 0)

/** What contradicts itself, by its name. */
const contradictions: readonly (readonly [string, number, Buffer])[] = [
  ['a member twice', TYPE.set, bytesOf(2, text('a'), text('a'))],
  ['a member of a packed set twice', TYPE.setListpack, text(listpack(['a', 'a']))],
  ['a field twice', TYPE.hash, bytesOf(2, text('a'), text('1'), text('a'), text('1'))],
  ['a field of a packed hash twice', TYPE.hashListpack, text(listpack(['a', 'b', 'a', 'c']))],
  ['a field without value', TYPE.hashListpack, text(listpack(['a', 'b', 'c']))],
  ['a field of a ziplist without value', TYPE.hashZiplist, text(ziplist(['a', 'b', 'c']))],
  ['a scored member twice', TYPE.zset2, bytesOf(2, text('a'), Buffer.alloc(8), text('a'), Buffer.alloc(8))],
  ['a member without score', TYPE.zsetListpack, text(listpack(['a']))],
  ['a member of a ziplist without score', TYPE.zsetZiplist, text(ziplist(['a', 'imm:1', 'b']))],
  ['a score that is text', TYPE.zsetListpack, text(listpack(['a', 'b']))],
  ['a score that is no number', TYPE.zset, bytesOf(1, text('a'), 253)],
  ['a double that is no number', TYPE.zset2, bytesOf(1, text('a'), Buffer.from([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]))],
  ['an intset out of order', TYPE.setIntset, text(intset(2, [2, 1]))],
  ['an intset with a member twice', TYPE.setIntset, text(intset(2, [1, 1]))],
  ['an intset of another width', TYPE.setIntset, text(bytesOf(little(3, 4), little(0, 4)))],
  ['an intset that is too long', TYPE.setIntset, text(bytesOf(intset(2, [1]), 0))],
  ['a ziplist with a wrong way back', TYPE.listZiplist, text(ziplist(['a', 'b']).with(13, 9))],
  ['a ziplist with a wrong tail', TYPE.listZiplist, text(ziplist(['a', 'b']).with(4, 10))],
  ['a ziplist with a wrong count', TYPE.listZiplist, text(ziplist(['a', 'b']).with(8, 3))],
  ['a zipmap with a wrong count', TYPE.hashZipmap, text(zipmap(['a', 'b']).with(0, 2))],
  ['a zipmap that goes on', TYPE.hashZipmap, text(bytesOf(zipmap(['a', 'b']), 1))],
  ['a list node of no kind', TYPE.listQuicklist2, bytesOf(1, 3, text('a'))],
  ['a pack stored as an integer', TYPE.hashListpack, bytesOf(0xc0, 1)],
  ['a length of no kind', TYPE.string, bytesOf(0x85, 1, 1)],
  ['an encoding of no kind', TYPE.string, bytesOf(0xc4, 1, 1)],
  ['a field that expires at no moment', TYPE.hashListpackEx, bytesOf(little(1, 8), text(listpack(['f', 'v', -5n])))],
  ['a stream entry with a wrong length', TYPE.streamListpacks, entry(1, 0, 1, 'n', 0, 2, 0, 0, 'v', 5)],
  ['a stream node that counts wrong', TYPE.streamListpacks, entry(2, 0, 1, 'n', 0, 2, 0, 0, 'v', 4)],
  ['a stream node without entries', TYPE.streamListpacks, entry(0, 0, 1, 'n', 0)],
  ['a stream entry without fields', TYPE.streamListpacks, entry(1, 0, 0, 0, 0, 0, 0, 0, 4)],
  ['stream ids that do not ascend', TYPE.streamListpacks, entry(2, 0, 1, 'n', 0, 2, 1, 0, 'v', 4, 2, 1, 0, 'v', 4)],
  ['a stream id after the last', TYPE.streamListpacks, bytesOf(entry(1, 0, 1, 'n', 0, 2, 5, 0, 'v', 4))],
  ['a stream with a wrong length', TYPE.streamListpacks, bytesOf(0, 3, 0, 0, 0)],
  ['a stream node without id', TYPE.streamListpacks, bytesOf(1, text('short'), text(listpack([1])), 0, 0, 0, 0)],
  ['a pending entry without consumer', TYPE.streamListpacks, group(bytesOf(1, held), bytesOf(0))],
  ['a pending entry twice', TYPE.streamListpacks, group(bytesOf(2, held, held), bytesOf(0))],
  [
    'a pending entry with two consumers',
    TYPE.streamListpacks,
    group(bytesOf(1, held), bytesOf(1, reader(id(1n, 0n), id(1n, 0n)))),
  ],
  [
    'a consumer with what nobody delivered',
    TYPE.streamListpacks,
    group(bytesOf(1, held), bytesOf(1, reader(id(2n, 0n)))),
  ],
  ['a consumer twice', TYPE.streamListpacks, group(bytesOf(0), bytesOf(2, reader(), reader()))],
  ['a group twice', TYPE.streamListpacks, bytesOf(0, 0, 0, 0, 2, text('g'), 0, 0, 0, 0, text('g'), 0, 0, 0, 0)],
]

describe('what contradicts itself is refused', () => {
  it.each(contradictions)('%s', (_, type, bytes) => {
    expect(codeOf(type, Buffer.from(bytes))).toBe('RDB_CORRUPT')
  })
  it('and an empty collection is none', () => {
    for (const type of [
      TYPE.list,
      TYPE.set,
      TYPE.hash,
      TYPE.zset,
      TYPE.zset2,
      TYPE.listQuicklist,
      TYPE.listQuicklist2,
    ]) {
      expect(readAll(type, bytesOf(0))).toBeUndefined()
    }
    for (const type of [TYPE.hashListpack, TYPE.zsetListpack, TYPE.setListpack]) {
      expect(readAll(type, text(listpack([])))).toBeUndefined()
    }
    for (const type of [TYPE.hashZiplist, TYPE.zsetZiplist, TYPE.listZiplist]) {
      expect(readAll(type, text(ziplist([])))).toBeUndefined()
    }
    expect(readAll(TYPE.setIntset, text(intset(2, [])))).toBeUndefined()
  })
})
