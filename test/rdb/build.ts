/**
 * Forms that redis-server 7.0 no longer writes, built by hand: ziplists, zipmaps, old and new value types.
 *
 * The one idea: bytes are put together here from the description of the formats alone, by nothing of what reads them.
 */

/** Bytes of numbers, texts and buffers one after the other. */
export function bytesOf(...parts: readonly (number | string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.from([part])
      return typeof part === 'string' ? Buffer.from(part, 'latin1') : part
    }),
  )
}

export function little(value: number | bigint, width: 2 | 3 | 4 | 8): Buffer {
  const wide = Buffer.alloc(8)
  wide.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
  return wide.subarray(0, width)
}

/** A string behind its length, in the longest of the three encodings of a length if `wide`. */
export function text(value: string | Uint8Array, wide = false): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value
  if (!wide && bytes.length < 64) return bytesOf(bytes.length, bytes)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return bytesOf(0x80, length, bytes)
}

/** An element of a ziplist without its way back: `i8:`, `i16:` … force a width, `imm:` the four bits. */
function ziplistElement(element: string): Buffer {
  const forced = /^(imm|i8|i16|i24|i32|i64):(-?\d+)$/.exec(element)
  if (forced === null) return ziplistText(element)
  const value = BigInt(forced[2]!)
  switch (forced[1]) {
    case 'imm':
      return bytesOf(0xf1 + Number(value))
    case 'i8':
      return bytesOf(0xfe, little(value, 8).subarray(0, 1))
    case 'i16':
      return bytesOf(0xc0, little(value, 2))
    case 'i24':
      return bytesOf(0xf0, little(value, 3))
    case 'i32':
      return bytesOf(0xd0, little(value, 4))
    default:
      return bytesOf(0xe0, little(value, 8))
  }
}

function ziplistText(element: string): Buffer {
  const { length } = element
  if (length < 64) return bytesOf(length, element)
  if (length < 16384) return bytesOf(0x40 | (length >> 8), length & 255, element)
  const wide = Buffer.alloc(4)
  wide.writeUInt32BE(length)
  return bytesOf(0x80, wide, element)
}

/** A ziplist; `wideBack` writes every way back in five bytes, as cascades of updates left them. */
export function ziplist(elements: readonly string[], wideBack = false): Buffer {
  const entries: Buffer[] = []
  let before = 0
  let tail = 10
  let size = 10
  for (const element of elements) {
    const back = before < 254 && !wideBack ? bytesOf(before) : bytesOf(254, little(before, 4))
    const entry = bytesOf(back, ziplistElement(element))
    entries.push(entry)
    tail = size
    size += entry.length
    before = entry.length
  }
  return bytesOf(little(size + 1, 4), little(tail, 4), little(elements.length, 2), ...entries, 0xff)
}

/** A zipmap of fields and values in turn, with some free bytes behind each value. */
export function zipmap(elements: readonly string[], free = 0): Buffer {
  const length = (n: number): Buffer => (n < 254 ? bytesOf(n) : bytesOf(254, little(n, 4)))
  const entries = elements.map((element, i) =>
    i % 2 === 0
      ? bytesOf(length(element.length), element)
      : bytesOf(length(element.length), free, element, Buffer.alloc(free)),
  )
  return bytesOf(Math.min(elements.length / 2, 254), ...entries, 0xff)
}

/** A listpack of short texts and of integers in 0..127 (numbers) or 64 bits wide (bigints). */
export function listpack(elements: readonly (string | number | bigint)[]): Buffer {
  const entries = elements.map((element) => {
    if (typeof element === 'number') return bytesOf(element, 1)
    if (typeof element === 'bigint') return bytesOf(0xf4, little(element, 8), 9)
    return bytesOf(0x80 | element.length, element, element.length + 1)
  })
  const size = entries.reduce((sum, entry) => sum + entry.length, 7)
  return bytesOf(little(size, 4), little(elements.length, 2), ...entries, 0xff)
}

/** An intset of this width. */
export function intset(width: 2 | 4 | 8, members: readonly (number | bigint)[]): Buffer {
  return bytesOf(little(width, 4), little(members.length, 4), ...members.map((member) => little(member, width)))
}

/** Sixteen bytes of an id. */
export function id(ms: bigint, seq: bigint): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeBigUInt64BE(ms)
  bytes.writeBigUInt64BE(seq, 8)
  return bytes
}
