/**
 * Stream ids: two unsigned 64-bit numbers, milliseconds and sequence, exact up to 2^64-1.
 *
 * The one idea: a part is a double plus a small rest. Below 2^53 the double is the part itself and the rest is 0. Above,
 * the double is the part rounded down to a multiple of 2048 (every such multiple below 2^64 is exact) and the rest is
 * what was cut off, 0..2047. Both rests share one small integer, so ordinary ids compare as two plain numbers, and
 * `MAX_ID`, which every `XRANGE - +` brings along, stays in the same fast shape (a union of number and bigint would
 * turn the comparison generic for everyone).
 *
 * Invariant: the form is canonical, so two ids are equal exactly when their three fields are. Ids are immutable.
 */
import { type Bytes, raw } from '../base/bytes.ts'

const SAFE_END = 2 ** 53
const REST_BITS = 11
const REST_MASK = 2047
const BIG_SAFE_END = 2n ** 53n
const BIG_REST_MASK = 2047n
const BIG_WORD = 64n
const BIG_PART_MAX = 2n ** 64n - 1n
const BIG_ID_END = 2n ** 128n

/** One id. Read `ms` and `seq` only for hints: the exact parts are `idMs` and `idSeq`. */
export class StreamId {
  /** The millisecond part, rounded down to a multiple of 2048 when it is 2^53 or more. */
  readonly ms: number
  /** The sequence part, rounded down to a multiple of 2048 when it is 2^53 or more. */
  readonly seq: number
  /** What the rounding cut off: `ms` rest in bits 11..21, `seq` rest in bits 0..10. */
  readonly rest: number

  constructor(ms: number, seq: number, rest: number) {
    this.ms = ms
    this.seq = seq
    this.rest = rest
  }
}

/** 0-0: smaller than every entry. */
export const MIN_ID = new StreamId(0, 0, 0)

/** 18446744073709551615-18446744073709551615: the last id there is. */
export const MAX_ID = streamId(BIG_PART_MAX, BIG_PART_MAX)

/** An id from its two parts, each 0..2^64-1; a number must be below 2^53. */
export function streamId(ms: number | bigint, seq: number | bigint): StreamId {
  if (typeof ms === 'number' && typeof seq === 'number') return new StreamId(ms, seq, 0)
  const bigMs = BigInt(ms)
  const bigSeq = BigInt(seq)
  const rest = (restOf(bigMs) << REST_BITS) | restOf(bigSeq)
  return new StreamId(headOf(bigMs), headOf(bigSeq), rest)
}

function headOf(part: bigint): number {
  return Number(part < BIG_SAFE_END ? part : part & ~BIG_REST_MASK)
}

function restOf(part: bigint): number {
  return part < BIG_SAFE_END ? 0 : Number(part & BIG_REST_MASK)
}

/** The exact millisecond part. */
export function idMs(id: StreamId): bigint {
  return BigInt(id.ms) + BigInt(id.rest >> REST_BITS)
}

/** The exact sequence part. */
export function idSeq(id: StreamId): bigint {
  return BigInt(id.seq) + BigInt(id.rest & REST_MASK)
}

/** Below 0, 0 or above 0 as `a` comes before, equals or follows `b`. */
export function compareIds(a: StreamId, b: StreamId): number {
  return compareParts(a.ms, a.seq, a.rest, b)
}

/** As `compareIds`, for an id that lies in columns and not in an object. */
export function compareParts(ms: number, seq: number, rest: number, b: StreamId): number {
  if (ms !== b.ms) return ms < b.ms ? -1 : 1
  if (rest === b.rest) return seq === b.seq ? 0 : seq < b.seq ? -1 : 1
  const msRests = (rest >> REST_BITS) - (b.rest >> REST_BITS)
  if (msRests !== 0) return msRests
  if (seq !== b.seq) return seq < b.seq ? -1 : 1
  return (rest & REST_MASK) - (b.rest & REST_MASK)
}

/** Whether two ids are the same. */
export function sameId(a: StreamId, b: StreamId): boolean {
  return a.ms === b.ms && a.seq === b.seq && a.rest === b.rest
}

/** Whether an id is 0-0. */
export function isMinId(id: StreamId): boolean {
  return id.ms === 0 && id.seq === 0
}

/** The id right after, or undefined after the last one there is. */
export function nextId(id: StreamId): StreamId | undefined {
  if (id.rest === 0 && id.seq < SAFE_END - 1) return new StreamId(id.ms, id.seq + 1, 0)
  const next = wide(id) + 1n
  return next === BIG_ID_END ? undefined : streamId(next >> BIG_WORD, next & BIG_PART_MAX)
}

/** The id right before, or undefined before 0-0. */
export function previousId(id: StreamId): StreamId | undefined {
  if (id.rest === 0 && id.seq > 0 && id.seq < SAFE_END) return new StreamId(id.ms, id.seq - 1, 0)
  const previous = wide(id) - 1n
  return previous < 0n ? undefined : streamId(previous >> BIG_WORD, previous & BIG_PART_MAX)
}

/** The next id with the same milliseconds, or undefined when the sequence is used up. */
export function nextInMs(id: StreamId): StreamId | undefined {
  return idSeqIsMax(id) ? undefined : nextId(id)
}

/** Whether two ids have the same milliseconds. */
export function sameMs(a: StreamId, b: StreamId): boolean {
  return a.ms === b.ms && a.rest >> REST_BITS === b.rest >> REST_BITS
}

function idSeqIsMax(id: StreamId): boolean {
  return id.seq === MAX_ID.seq && (id.rest & REST_MASK) === REST_MASK
}

function wide(id: StreamId): bigint {
  return (idMs(id) << BIG_WORD) | idSeq(id)
}

/** The id as clients see it: `ms-seq` in decimal. May be a rope: flatten before storing. */
export function formatId(id: StreamId): Bytes {
  if (id.rest === 0 && id.ms < SAFE_END && id.seq < SAFE_END) return raw(`${decimalMs(id.ms)}-${id.seq}`)
  return raw(`${idMs(id)}-${idSeq(id)}`)
}

let lastMs = 0
let lastMsText = '0'

/** Neighbours share their milliseconds, and printing a double beyond 2^31 costs V8 about 100 ns. */
function decimalMs(ms: number): string {
  if (ms !== lastMs) {
    lastMs = ms
    lastMsText = String(ms)
  }
  return lastMsText
}
