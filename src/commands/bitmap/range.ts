/**
 * BITCOUNT and BITPOS: bits of a part of a string.
 *
 * The one idea: the words of the part are looked at only when there is a string, and their number before what they say.
 */
import { type Bytes, raw, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { type Reading, STRING, type StringValue } from '../../keyspace/value.ts'
import { type Bit, countBitsBetween, findBitBetween } from '../../structures/bits.ts'
import { bytes, flag, integer, key, late, oneOf, optional } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { int } from '../shape.ts'
import { buffered, bytesOf, lengthOf } from '../string/string-value.ts'
import { byteOf } from './offset.ts'

const BIT_NOT_ONE_OR_ZERO = err('The bit argument must be 1 or 0.')

const common = { group: 'bitmap', complexity: 'O(N), N bytes looked at', flags: ['readonly'], reply: int } as const

const PART = late('range', [
  optional(bytes('start', 'integer')),
  optional(bytes('end', 'integer')),
  ...oneOf('unit', flag('BYTE'), flag('BIT')),
])

/** Whether the part is counted in bits. */
function readUnit(word: Bytes | undefined): boolean {
  if (word === undefined) return false
  const unit = upper(word)
  if (unit !== 'BIT' && unit !== 'BYTE') throw SYNTAX
  return unit === 'BIT'
}

/** The first and the last bit of a part; without any, the last comes before the first. */
function bitsOf(start: number, end: number, inBits: boolean, length: number): readonly [first: number, last: number] {
  const size = inBits ? length * 8 : length
  const first = Math.max(start < 0 ? size + start : start, 0)
  const last = Math.min(Math.max(end < 0 ? size + end : end, 0), size - 1)
  return inBits ? [first, last] : [first * 8, last * 8 + 7]
}

/** Flat strings are turned to bytes piece by piece: a long one would be held twice, and copied for its first bit. */
const PIECE_BYTES = 1 << 16

/** Bits of a piece of a string: its bytes, the first and the last bit in it, and its own place in the string. */
type Visit = (bytes: Uint8Array, first: number, last: number, at: number) => boolean

/** Shows the bits from the first to the last, both included, until `visit` has seen enough. */
function walk(value: Reading<StringValue>, first: number, last: number, visit: Visit): void {
  if (typeof value === 'object') {
    visit(value.bytes, first, last, 0)
    return
  }
  const text = bytesOf(value).slice(0, byteOf(last) + 1)
  for (let from = byteOf(first); from < text.length; from += PIECE_BYTES) {
    const at = from * 8
    const { bytes, length } = buffered(raw(text.slice(from, from + PIECE_BYTES)))
    if (visit(bytes, Math.max(first - at, 0), Math.min(last - at, length * 8 - 1), at)) return
  }
}

/** BITCOUNT key [start [end [BYTE | BIT]]] */
export const bitcount = command({
  ...common,
  name: 'BITCOUNT',
  since: '2.6.0',
  summary: 'Counts the bits that are set in a string, or in a part of it given in bytes or bits.',
  args: [key('key', 'RO access'), PART],
  run: ({ db }, { key, range }) => {
    const value = db.find(key, STRING)
    if (value === undefined) return 0
    if (range.length !== 0 && range.length !== 2 && range.length !== 3) throw SYNTAX
    const [start = 0, end = -1] = range.slice(0, 2).map((word) => readInteger(word))
    // Both before the beginning would meet there, whichever comes first. BITPOS lets them.
    if (start < 0 && end < 0 && start > end) return 0
    const inBits = readUnit(range[2])
    const [first, last] = bitsOf(start, end, inBits, lengthOf(value))
    if (first > last) return 0
    let count = 0
    walk(value, first, last, (bytes, from, to) => {
      count += countBitsBetween(bytes, from, to)
      return false
    })
    return count
  },
})

/** BITPOS key bit [start [end [BYTE | BIT]]] */
export const bitpos = command({
  ...common,
  name: 'BITPOS',
  since: '2.8.7',
  summary: 'Finds the first bit of a value in a string, or in a part of it given in bytes or bits.',
  args: [key('key', 'RO access'), integer('bit', { min: 0, max: 1, outside: BIT_NOT_ONE_OR_ZERO }), PART],
  run: ({ db }, { key, bit: wanted, range }) => {
    const bit: Bit = wanted === 1 ? 1 : 0
    const value = db.find(key, STRING)
    // A missing string is an endless row of zeros.
    if (value === undefined) return bit === 1 ? -1 : 0
    if (range.length > 3) throw SYNTAX
    const start = range[0] === undefined ? 0 : readInteger(range[0])
    const inBits = readUnit(range[2])
    const end = range[1] === undefined ? -1 : readInteger(range[1])
    const [first, last] = bitsOf(start, end, inBits, lengthOf(value))
    if (first > last) return -1
    let found = -1
    walk(value, first, last, (bytes, from, to, at) => {
      const here = findBitBetween(bytes, bit, from, to)
      if (here >= 0) found = at + here
      return here >= 0
    })
    // Without an end the string goes on in zeros.
    return found < 0 && bit === 0 && range.length < 2 ? last + 1 : found
  },
})
