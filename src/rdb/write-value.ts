/**
 * A value, written: its type byte and its bytes, in the form that Redis 7.0 chooses for a value in that state.
 *
 * The one idea: type and contents are apart, because a key stands between them in a file and nothing in a DUMP. Small
 * values are written at once; a big one comes back as pieces for the caller to go on with.
 */
import type { ByteSink } from './byte-sink.ts'
import { RdbError } from './error.ts'
import { RDB_VERSION_FIELD_DEADLINES, TYPE } from './format.ts'
import type { RdbReading } from './value.ts'
import * as collection from './write-collection.ts'
import { writeStream } from './write-stream.ts'

/** Up to so many elements nobody is asked to pause. */
const SMALL = 512

/** The version a value needs: 10, or 12 for a hash whose fields have deadlines. */
export function needsFieldDeadlines(value: RdbReading): boolean {
  return typeof value === 'object' && 'type' in value && value.type === 'hash' && value.expiring > 0
}

/** The type byte of a value. Throws `RdbError` when this version has none for it. */
export function typeToWrite(value: RdbReading, version: number): number {
  if (typeof value !== 'object' || !('type' in value)) return TYPE.string
  switch (value.type) {
    case 'list':
      return TYPE.listQuicklist2
    case 'set':
      return value.encoding() === 'intset' ? TYPE.setIntset : TYPE.set
    case 'zset':
      return value.encoding() === 'listpack' ? TYPE.zsetListpack : TYPE.zset2
    case 'hash':
      if (value.expiring === 0) return value.encoding() === 'hashtable' ? TYPE.hash : TYPE.hashListpack
      if (version >= RDB_VERSION_FIELD_DEADLINES) return TYPE.hashMetadata
      throw new RdbError(
        'RDB_NEEDS_VERSION',
        0,
        `a hash has fields that expire, which need RDB version ${RDB_VERSION_FIELD_DEADLINES}; version ${version} is written`,
      )
    case 'stream':
      return TYPE.streamListpacks2
  }
}

/**
 * Writes a value that `typeToWrite` gave `type` to. Big ones are not complete until the pieces that come back are
 * used up; the value must not change before.
 */
export function writeValue(sink: ByteSink, type: number, value: RdbReading): collection.Pieces | undefined {
  if (typeof value === 'number') sink.integer(value)
  else if (typeof value === 'string') sink.string(value)
  else if (!('type' in value)) sink.blob(value.bytes, value.length)
  else {
    const pieces = piecesOf(sink, type, value)
    if (value.size > SMALL) return pieces
    finish(pieces)
  }
  return undefined
}

/** Writes what is left without a pause. */
export function finish(pieces: collection.Pieces | undefined): void {
  while (pieces !== undefined && !pieces.next().done);
}

type CollectionReading = Extract<RdbReading, { readonly type: string }>

function piecesOf(sink: ByteSink, type: number, value: CollectionReading): collection.Pieces | undefined {
  switch (value.type) {
    case 'list':
      return collection.writeList(sink, value)
    case 'set':
      if (type === TYPE.set) return collection.writeSet(sink, value)
      collection.writeIntset(sink, value)
      return undefined
    case 'zset':
      if (type === TYPE.zset2) return collection.writeSortedSet(sink, value)
      collection.writeSortedSetListpack(sink, value)
      return undefined
    case 'hash':
      if (type === TYPE.hashMetadata) return collection.writeHashMetadata(sink, value)
      if (type === TYPE.hash) return collection.writeHash(sink, value)
      collection.writeHashListpack(sink, value)
      return undefined
    case 'stream':
      return writeStream(sink, value)
  }
}
