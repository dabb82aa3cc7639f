import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import { LISTPACK_FRAME_BYTES, listpackStringBytes } from '../structures/listpack-size.ts'
import { ByteSink } from './byte-sink.ts'
import { ByteSource } from './byte-source.ts'
import { RdbError } from './error.ts'
import { ListpackCursor } from './listpack.ts'
import { ListpackWriter } from './listpack-writer.ts'

const writer = new ListpackWriter()

function packOf(elements: readonly string[]): Buffer {
  writer.begin()
  for (const element of elements) writer.add(raw(element))
  const sink = new ByteSink(false)
  writer.finish(sink)
  const source = new ByteSource(sink.buffer, 0, sink.at).nested()
  return Buffer.from(source.buffer.subarray(source.at, source.end))
}

function elementsOf(pack: Uint8Array): string[] {
  const cursor = new ListpackCursor(new ByteSource(pack))
  const found: string[] = []
  while (cursor.more) found.push(cursor.nextBytes())
  return found
}

const BORDERS = [0, 1, 127, 128, 4095, 4096, 32767, 32768, 8388607, 8388608, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1]
const INTEGERS = [
  ...BORDERS.flatMap((n) => [`${n}`, `${-n}`, `${-n - 1}`]),
  '9223372036854775807',
  '-9223372036854775808',
]
const TEXTS = [
  '',
  '-0',
  '01',
  '9223372036854775808',
  'a',
  ...[63, 64, 4095, 4096, 125, 126, 16380, 16381, 16382, 16383, 2097145].map((n) => 'x'.repeat(n)),
]

describe('a listpack', () => {
  it('keeps every integer and text, and takes the bytes that were foretold', () => {
    for (const element of [...INTEGERS, ...TEXTS]) {
      const pack = packOf([element, 'y'])
      expect(elementsOf(pack)).toEqual([element, 'y'])
      expect(pack.length).toBe(LISTPACK_FRAME_BYTES + listpackStringBytes(element) + listpackStringBytes('y'))
    }
  })

  it('keeps any elements in order', () => {
    const element = fc.oneof(fc.string({ maxLength: 70 }), fc.integer().map(String), fc.bigInt().map(String))
    fc.assert(
      fc.property(
        fc.array(
          element.filter((text) => /^[\0-\xff]*$/.test(text)),
          { maxLength: 30 },
        ),
        (elements) => {
          expect(elementsOf(packOf(elements))).toEqual(elements)
        },
      ),
    )
  })

  it('of more elements than its header can say keeps them all', () => {
    const elements = Array.from({ length: 70_000 }, (_, i) => `${i}`)
    const pack = packOf(elements)
    expect(pack.readUInt16LE(4)).toBe(0xffff)
    expect(elementsOf(pack)).toEqual(elements)
  })

  it('cut anywhere is refused', () => {
    const pack = packOf(['1', 'abc', '-70000', 'x'.repeat(100)])
    for (let end = 0; end < pack.length; end++) {
      expect(() => elementsOf(pack.subarray(0, end)), String(end)).toThrow(RdbError)
    }
  })

  it('with a wrong size, count, end, encoding or way back is refused', () => {
    const pack = packOf(['abc', '300', 'x'.repeat(200)])
    const spoil = (at: number, value: number): Buffer => {
      const copy = Buffer.from(pack)
      copy[at] = value
      return copy
    }
    const spoilt: [number, number, RegExp][] = [
      [0, pack.length + 1, /its own size/],
      [4, 4, /of 3 elements announced 4/],
      [pack.length - 1, 0, /does not end/],
      [6, 0xf5, /starts no element/],
      [10, 5, /behind an element of a listpack is wrong/],
      [10, 0x84, /behind an element of a listpack is damaged/],
      [6, 0xbf, /./],
    ]
    for (const [at, value, sentence] of spoilt) expect(() => elementsOf(spoil(at, value))).toThrow(sentence)
  })
})
