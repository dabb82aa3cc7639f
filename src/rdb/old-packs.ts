/**
 * The packed forms of older versions, read: ziplist (to 6.2), zipmap (to 2.4), and the intset, which has never changed.
 *
 * The one idea: each is expanded to plain elements at once, and everything that the form says twice is compared: sizes,
 * distances backwards, numbers of elements, the order of an intset.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import { formatInteger } from '../base/integers.ts'
import type { ByteSource } from './byte-source.ts'

const END = 0xff
/** The first byte of a length that stands in the four bytes behind. */
const WIDE = 254

const ZIPLIST_HEADER_BYTES = 10
/** As many or more: the header of a ziplist has two bytes for it. */
const ZIPLIST_MANY = 0xffff
/** As many or more: a zipmap has one byte for it. */
const ZIPMAP_MANY = 254

/** The elements of a ziplist. */
export function readZiplist(source: ByteSource): Bytes[] {
  const start = source.at
  const size = source.left
  if (size < ZIPLIST_HEADER_BYTES + 1) throw source.corrupt('a ziplist is shorter than its header')
  if (source.uint32() !== size) throw source.corrupt('a ziplist does not know its own size')
  const tail = source.uint32()
  const count = source.byte() | (source.byte() << 8)
  const found: Bytes[] = []
  let last = source.at
  let before = 0
  while (source.left > 1) {
    const at = source.at
    const back = source.byte()
    if (back === END) throw source.corrupt('a ziplist ends in its middle')
    if ((back === WIDE ? source.uint32() : back) !== before) throw source.corrupt('a ziplist has a wrong way back')
    found.push(ziplistElement(source))
    before = source.at - at
    last = at
  }
  if (source.left < 1 || source.byte() !== END) throw source.corrupt('a ziplist does not end')
  if (tail !== last - start) throw source.corrupt('a ziplist does not know its last element')
  if (count !== ZIPLIST_MANY && count !== found.length) throw source.corrupt('a ziplist has a wrong number of elements')
  return found
}

function ziplistElement(source: ByteSource): Bytes {
  const first = source.byte()
  switch (first >> 6) {
    case 0:
      return source.latin1(first & 63)
    case 1:
      return source.latin1(((first & 63) << 8) | source.byte())
    case 2: {
      if (first !== 0x80) break
      const [a, b, c, d] = [source.byte(), source.byte(), source.byte(), source.byte()]
      return source.latin1(((a << 24) | (b << 16) | (c << 8) | d) >>> 0)
    }
  }
  return formatInteger(ziplistInteger(source, first))
}

function ziplistInteger(source: ByteSource, first: number): number | bigint {
  switch (first) {
    case 0xc0:
      return ((source.byte() | (source.byte() << 8)) << 16) >> 16
    case 0xd0:
      return source.int32()
    case 0xe0:
      return source.int64()
    case 0xf0:
      return ((source.byte() | (source.byte() << 8) | (source.byte() << 16)) << 8) >> 8
    case 0xfe:
      return (source.byte() << 24) >> 24
  }
  if (first > 0xf0 && first < 0xfe) return (first & 15) - 1
  throw source.corrupt(`${first} starts no element of a ziplist`)
}

/** The fields and values of a zipmap in turn. */
export function readZipmap(source: ByteSource): Bytes[] {
  if (source.left < 2) throw source.corrupt('a zipmap is shorter than its frame')
  const count = source.byte()
  const found: Bytes[] = []
  for (;;) {
    const fieldLength = zipmapLength(source)
    if (fieldLength === undefined) break
    found.push(source.latin1(fieldLength))
    const valueLength = zipmapLength(source)
    if (valueLength === undefined) throw source.corrupt('a zipmap ends behind a field')
    const free = source.byte()
    found.push(source.latin1(valueLength))
    source.take(free)
  }
  if (source.left !== 0) throw source.corrupt('bytes follow the end of a zipmap')
  if (count < ZIPMAP_MANY && count !== found.length / 2) throw source.corrupt('a zipmap has a wrong number of fields')
  return found
}

/** A length, or undefined at the end. */
function zipmapLength(source: ByteSource): number | undefined {
  const first = source.byte()
  if (first === END) return undefined
  return first === WIDE ? source.uint32() : first
}

/** The members of an intset, ascending. */
export function readIntset(source: ByteSource): Bytes[] {
  const width = source.uint32()
  const count = source.uint32()
  if (width !== 2 && width !== 4 && width !== 8) throw source.corrupt(`an intset cannot be ${width} bytes wide`)
  if (source.left !== count * width) throw source.corrupt('an intset does not know its own size')
  const found: Bytes[] = []
  let before: number | bigint | undefined
  for (let i = 0; i < count; i++) {
    const value = integerOf(source, width)
    if (before !== undefined && value <= before) throw source.corrupt('an intset is out of order')
    before = value
    found.push(raw(`${value}`))
  }
  return found
}

function integerOf(source: ByteSource, width: 2 | 4 | 8): number | bigint {
  if (width === 2) return ((source.byte() | (source.byte() << 8)) << 16) >> 16
  return width === 4 ? source.int32() : source.int64()
}
