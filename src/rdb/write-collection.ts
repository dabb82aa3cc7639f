/**
 * Lists, sets, sorted sets and hashes, written in the form that Redis 7.0 saves them in.
 *
 * The one idea: small states go as one packed string (listpack, intset), big ones element by element; whoever writes a big
 * one is asked to pause (`yield`) whenever the sink is full. The number of elements stands in front, so a value must not
 * change while it is written.
 */
import type { Bytes } from '../base/bytes.ts'
import { formatDouble } from '../base/doubles.ts'
import { parseInteger } from '../base/integers.ts'
import { LISTPACK_FRAME_BYTES, listpackStringBytes } from '../structures/listpack-size.ts'
import { ByteSink } from './byte-sink.ts'
import { NODE } from './format.ts'
import { ListpackWriter } from './listpack-writer.ts'
import type { RdbReading } from './value.ts'

type Of<T extends string> = Extract<RdbReading, { readonly type: T }>
/** Pauses between pieces of a value. */
export type Pieces = Generator<undefined, void, undefined>

/** The most bytes of a list's node (list-max-listpack-size -2, which is Redis' default). */
const NODE_BYTES = 8192
/** Elements looked at between two pauses. */
const PIECE = 4096

const pack = new ListpackWriter()

/** Nodes of a list. Their number stands in front, so the borders are found first. */
export function* writeList(sink: ByteSink, list: Of<'list'>): Pieces {
  const counts: number[] = []
  let count = 0
  let bytes = LISTPACK_FRAME_BYTES
  for (let start = 0; start < list.size; start += PIECE) {
    for (const element of list.slice(start, Math.min(start + PIECE, list.size) - 1)) {
      const size = listpackStringBytes(element)
      if (count > 0 && bytes + size > NODE_BYTES) {
        counts.push(count)
        count = 0
        bytes = LISTPACK_FRAME_BYTES
      }
      count++
      bytes += size
    }
    yield undefined
  }
  counts.push(count)
  sink.length(counts.length)
  let start = 0
  for (const length of counts) {
    sink.length(NODE.packed)
    pack.begin()
    for (const element of list.slice(start, start + length - 1)) pack.add(element)
    pack.finish(sink)
    start += length
    if (sink.isFull) yield undefined
  }
}

/** The fields and values of a small hash. */
export function writeHashListpack(sink: ByteSink, hash: Of<'hash'>): void {
  pack.begin()
  hash.forEach((field, value) => {
    pack.add(field)
    pack.add(value)
  })
  pack.finish(sink)
}

/** Fields and values one after the other. */
export function* writeHash(sink: ByteSink, hash: Of<'hash'>): Pieces {
  sink.length(hash.size)
  let cursor = 0
  do {
    cursor = hash.scan(cursor, PIECE, (field, value) => {
      sink.string(field)
      sink.string(value)
    })
    if (sink.isFull) yield undefined
  } while (cursor !== 0)
}

/** Deadlines, fields and values one after the other, the earliest deadline in front. */
export function* writeHashMetadata(sink: ByteSink, hash: Of<'hash'>): Pieces {
  const first = hash.nextDeadline
  sink.int64(first)
  sink.length(hash.size)
  let cursor = 0
  do {
    cursor = hash.scan(cursor, PIECE, (field, value) => {
      const deadline = hash.deadline(field)
      sink.length(deadline === undefined ? 0 : deadline - first + 1)
      sink.string(field)
      sink.string(value)
    })
    if (sink.isFull) yield undefined
  } while (cursor !== 0)
}

/** The members of an intset, as wide as the widest. */
export function writeIntset(sink: ByteSink, set: Of<'set'>): void {
  const integers = set.members().map((member) => parseInteger(member) ?? 0)
  const first = integers[0]!
  const last = integers.at(-1)!
  const width = fits(first, last, 15) ? 2 : fits(first, last, 31) ? 4 : 8
  const out = new ByteSink(false, 8 + width * integers.length)
  out.uint32(width)
  out.uint32(integers.length)
  for (const integer of integers) {
    if (width === 2) out.uint16(Number(integer) & 0xffff)
    else if (width === 4) out.uint32(Number(integer))
    else out.int64(integer)
  }
  sink.blob(out.buffer, out.at)
}

function fits(first: number | bigint, last: number | bigint, bits: number): boolean {
  return first >= -(2 ** bits) && last < 2 ** bits
}

/** Members one after the other. */
export function* writeSet(sink: ByteSink, set: Of<'set'>): Pieces {
  sink.length(set.size)
  let cursor = 0
  do {
    cursor = set.scan(cursor, PIECE, (member) => sink.string(member))
    if (sink.isFull) yield undefined
  } while (cursor !== 0)
}

/** The members and scores of a small sorted set, ascending. */
export function writeSortedSetListpack(sink: ByteSink, set: Of<'zset'>): void {
  pack.begin()
  set.forEach((member, score) => {
    pack.add(member)
    pack.add(formatDouble(score))
  })
  pack.finish(sink)
}

/** Members and scores one after the other, the highest first, so that Redis adds each at the front. */
export function* writeSortedSet(sink: ByteSink, set: Of<'zset'>): Pieces {
  sink.length(set.size)
  const write = (member: Bytes, score: number): void => {
    sink.string(member)
    sink.double(score)
  }
  for (let stop = set.size - 1; stop >= 0; stop -= PIECE) {
    set.forEachRange(Math.max(stop - PIECE + 1, 0), stop, true, write)
    if (sink.isFull) yield undefined
  }
}
