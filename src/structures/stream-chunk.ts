/**
 * One node of a stream: up to `streamLimits.streamNodeMaxEntries` entries that lie together.
 *
 * The one idea: a chunk is what Redis calls a macro node, with the same borders. Approximate trimming removes whole
 * nodes only, so clients see the borders; therefore a chunk counts the bytes of the listpack Redis would hold
 * (`nodeBytes`) while keeping ids and fields in plain columns. The field names of the first entry are the chunk's
 * master names: an entry with the same names costs Redis only its values, and here it shares the name strings.
 *
 * Invariants: ids ascend. A deleted entry keeps its place as a tombstone (`fields` undefined) until the chunk goes, and
 * `nodeBytes` never shrinks by it. `live` counts the others. `firstLive` never lies behind the first live entry.
 */
import type { Bytes } from '../base/bytes.ts'
import { stringBytes } from './indexed-keys.ts'
import { LISTPACK_FRAME_BYTES, listpackIntegerBytes, listpackStringBytes } from './listpack-size.ts'
import { compareParts, idMs, idSeq, StreamId } from './stream-id.ts'
import { streamLimits } from './stream-limits.ts'

/** The most bytes the fields and values of one entry may have together, as in Redis. */
export const MAX_ENTRY_BYTES = 2 ** 30

const SAFE_END = 2 ** 53
const TERMINATOR_BYTES = 2
const FLAGS_BYTES = 2

// Estimates of V8's heap: a chunk with its four arrays; the columns and the field array of an entry; the columns alone.
const CHUNK_BYTES = 240
const ENTRY_BYTES = 80
const TOMBSTONE_BYTES = 32
const SLOT_BYTES = 8

/** The entries of a node, in columns. Only the stream log touches it. */
export class StreamChunk {
  /** `ms` and `seq` of each entry, one after the other. */
  ids: number[]
  /** The `rest` of each id; empty as long as all are 0. */
  rests: number[]
  /** Name, value, name, value … of each entry; undefined where it was deleted. */
  fields: (readonly Bytes[] | undefined)[]
  /** The field names of the first entry the chunk ever had. */
  readonly masterNames: readonly Bytes[]
  /** How many entries are not deleted. */
  live: number
  /** An index at or before the first live entry. */
  firstLive: number
  /** Estimated heap bytes. */
  byteSize: number
  #listpackBytes: number

  constructor(masterNames: readonly Bytes[]) {
    this.ids = []
    this.rests = []
    this.fields = []
    this.masterNames = masterNames
    this.live = 0
    this.firstLive = 0
    let bytes = LISTPACK_FRAME_BYTES + listpackIntegerBytes(masterNames.length) + TERMINATOR_BYTES
    let heap = CHUNK_BYTES
    for (let i = 0; i < masterNames.length; i++) {
      const name = masterNames[i]!
      bytes += listpackStringBytes(name)
      heap += SLOT_BYTES + stringBytes(name)
    }
    this.#listpackBytes = bytes
    this.byteSize = heap
  }

  /** A chunk for this entry to be the first of. */
  static startingWith(fields: readonly Bytes[]): StreamChunk {
    const names: Bytes[] = []
    for (let i = 0; i < fields.length; i += 2) names.push(fields[i]!)
    return new StreamChunk(names)
  }

  /** How many entries there are, tombstones too. */
  get count(): number {
    return this.fields.length
  }

  /** The bytes of the listpack Redis would hold for this node. */
  get nodeBytes(): number {
    return this.#listpackBytes + listpackIntegerBytes(this.live) + listpackIntegerBytes(this.count - this.live)
  }

  /** Whether an entry with this many bytes of names and values has to start a new node. */
  isFullFor(contentBytes: number): boolean {
    const { streamNodeMaxEntries, streamNodeMaxBytes } = streamLimits
    const maxBytes =
      streamNodeMaxBytes === 0 || streamNodeMaxBytes > MAX_ENTRY_BYTES ? MAX_ENTRY_BYTES : streamNodeMaxBytes
    if (this.nodeBytes + contentBytes >= maxBytes) return true
    return streamNodeMaxEntries > 0 && this.fields.length >= streamNodeMaxEntries
  }

  /** Adds an entry after all others; takes the array over and shares its names with the master's. */
  append(id: StreamId, fields: Bytes[]): void {
    const same = this.#adoptNames(fields)
    const index = this.fields.length
    this.#listpackBytes += this.#entryListpackBytes(id, fields, same)
    this.ids.push(id.ms, id.seq)
    if (id.rest !== 0 || this.rests.length > 0) this.#pushRest(index, id.rest)
    this.fields.push(fields)
    this.live++
    this.byteSize += entryHeapBytes(fields, same)
  }

  /** Adds a tombstone after all others, as a saved node may hold them. */
  appendDeleted(id: StreamId): void {
    const index = this.fields.length
    this.#listpackBytes += this.#idListpackBytes(id, index) + FLAGS_BYTES + 2 * listpackIntegerBytes(0)
    this.ids.push(id.ms, id.seq)
    if (id.rest !== 0 || this.rests.length > 0) this.#pushRest(index, id.rest)
    this.fields.push(undefined)
    this.byteSize += TOMBSTONE_BYTES
  }

  /** Turns a live entry into a tombstone. */
  bury(index: number): void {
    const fields = this.fields[index]!
    this.byteSize -= entryHeapBytes(fields, this.#hasMasterNames(fields)) - TOMBSTONE_BYTES
    this.fields[index] = undefined
    this.live--
  }

  /** The id of the entry or tombstone there. */
  idAt(index: number): StreamId {
    return new StreamId(this.ids[2 * index]!, this.ids[2 * index + 1]!, this.restAt(index))
  }

  /** Compares the id there with another, without an object. */
  compareAt(index: number, id: StreamId): number {
    return compareParts(this.ids[2 * index]!, this.ids[2 * index + 1]!, this.restAt(index), id)
  }

  /** The index of the first entry at or after an id; `count` when there is none. */
  lowerBound(id: StreamId): number {
    let low = 0
    let high = this.fields.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.compareAt(middle, id) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The index of the first live entry; -1 when all are deleted. */
  firstLiveIndex(): number {
    if (this.live === 0) return -1
    while (this.fields[this.firstLive] === undefined) this.firstLive++
    return this.firstLive
  }

  /** The index of the last live entry; -1 when all are deleted. */
  lastLiveIndex(): number {
    if (this.live === 0) return -1
    let index = this.fields.length - 1
    while (this.fields[index] === undefined) index--
    return index
  }

  /** The chunk as it is now, to be read only. It shares the ids, which only grow at their end; tombstones need a copy. */
  frozen(): StreamChunk {
    const frozen = new StreamChunk(this.masterNames)
    frozen.ids = this.ids
    frozen.rests = this.rests
    frozen.fields = this.fields.slice()
    frozen.live = this.live
    return frozen
  }

  /** A copy of its own; the field arrays, which never change, are shared. */
  copy(): StreamChunk {
    const copy = new StreamChunk(this.masterNames)
    copy.ids = this.ids.slice()
    copy.rests = this.rests.slice()
    copy.fields = this.fields.slice()
    copy.live = this.live
    copy.firstLive = this.firstLive
    copy.byteSize = this.byteSize
    copy.#listpackBytes = this.#listpackBytes
    return copy
  }

  /** The `rest` of the id there. */
  restAt(index: number): number {
    return this.rests.length === 0 ? 0 : this.rests[index]!
  }

  #pushRest(index: number, rest: number): void {
    while (this.rests.length < index) this.rests.push(0)
    this.rests.push(rest)
  }

  #hasMasterNames(fields: readonly Bytes[]): boolean {
    const names = this.masterNames
    if (fields.length !== 2 * names.length) return false
    for (let i = 0; i < names.length; i++) if (fields[2 * i] !== names[i]) return false
    return true
  }

  #adoptNames(fields: Bytes[]): boolean {
    if (!this.#hasMasterNames(fields)) return false
    const names = this.masterNames
    for (let i = 0; i < names.length; i++) fields[2 * i] = names[i]!
    return true
  }

  #entryListpackBytes(id: StreamId, fields: readonly Bytes[], same: boolean): number {
    let bytes = FLAGS_BYTES + this.#idListpackBytes(id, this.fields.length)
    for (let i = 1; i < fields.length; i += 2) bytes += listpackStringBytes(fields[i]!)
    const pairs = fields.length / 2
    if (same) return bytes + listpackIntegerBytes(pairs + 3)
    for (let i = 0; i < fields.length; i += 2) bytes += listpackStringBytes(fields[i]!)
    return bytes + listpackIntegerBytes(pairs) + listpackIntegerBytes(2 * pairs + 4)
  }

  /** Redis stores an id as its signed distances from the first id of the node. */
  #idListpackBytes(id: StreamId, index: number): number {
    if (index === 0) return 2 * listpackIntegerBytes(0)
    const masterMs = this.ids[0]!
    const masterSeq = this.ids[1]!
    if (this.rests.length === 0 && id.rest === 0 && id.ms < SAFE_END && id.seq < SAFE_END && masterSeq < SAFE_END) {
      return listpackIntegerBytes(id.ms - masterMs) + listpackIntegerBytes(id.seq - masterSeq)
    }
    const master = this.idAt(0)
    const ms = BigInt.asIntN(64, idMs(id) - idMs(master))
    const seq = BigInt.asIntN(64, idSeq(id) - idSeq(master))
    return listpackIntegerBytes(Number(ms)) + listpackIntegerBytes(Number(seq))
  }
}

/** Names shared with the master weigh nothing. */
function entryHeapBytes(fields: readonly Bytes[], same: boolean): number {
  let bytes = ENTRY_BYTES + SLOT_BYTES * fields.length
  for (let i = same ? 1 : 0; i < fields.length; i += same ? 2 : 1) bytes += stringBytes(fields[i]!)
  return bytes
}
