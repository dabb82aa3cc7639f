/**
 * DUMP payloads: one value, the version it is written in, and a checksum.
 *
 * The one idea: the same forms as in a file, with a footer of ten bytes in place of everything around them.
 */
import { type Bytes, raw, toBuffer } from '../base/bytes.ts'
import { ByteSink } from './byte-sink.ts'
import { ByteSource } from './byte-source.ts'
import { Crc64 } from './crc64.ts'
import { RdbError } from './error.ts'
import {
  CHECKSUM_BYTES,
  DUMP_FOOTER_BYTES,
  RDB_VERSION,
  RDB_VERSION_FIELD_DEADLINES,
  RDB_VERSION_NEWEST,
} from './format.ts'
import { readValue } from './read-value.ts'
import type { RdbReading, RdbValue } from './value.ts'
import { finish, needsFieldDeadlines, typeToWrite, writeValue } from './write-value.ts'

const FIRST_ROOM = 512

/**
 * The payload of a value: version 10, which redis-server 7.0 takes; only a hash whose fields have deadlines says 12, as
 * Redis 7.4 does.
 */
export function dumpPayload(value: RdbReading): Bytes {
  const sink = new ByteSink(true, FIRST_ROOM)
  const version = needsFieldDeadlines(value) ? RDB_VERSION_FIELD_DEADLINES : RDB_VERSION
  const type = typeToWrite(value, version)
  sink.byte(type)
  finish(writeValue(sink, type, value))
  sink.uint16(version)
  const crc = new Crc64()
  crc.update(sink.buffer, 0, sink.at)
  sink.uint32(crc.low)
  sink.uint32(crc.high)
  return raw(sink.buffer.latin1Slice(0, sink.at))
}

/**
 * The value of a payload; undefined for an empty collection. Throws `RdbError`: `RDB_VERSION` and `RDB_CHECKSUM` before
 * anything is read, the others for what contradicts itself in spite of a right checksum.
 */
export function readPayload(payload: Bytes): RdbValue | undefined {
  const bytes = toBuffer(payload)
  const end = bytes.length - DUMP_FOOTER_BYTES
  if (end < 0) throw new RdbError('RDB_CHECKSUM', 0, 'a payload is shorter than its version and checksum')
  const version = bytes.readUInt16LE(end)
  if (version > RDB_VERSION_NEWEST) {
    throw new RdbError(
      'RDB_VERSION',
      end,
      `the payload is of version ${version}, ${RDB_VERSION_NEWEST} is the newest known`,
    )
  }
  const crc = new Crc64()
  crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES)
  if (!crc.equals(bytes, bytes.length - CHECKSUM_BYTES)) {
    throw new RdbError('RDB_CHECKSUM', bytes.length - CHECKSUM_BYTES, 'the checksum of a payload is wrong')
  }
  const source = new ByteSource(bytes, 0, end)
  return readValue(source, source.byte())
}
