/**
 * A snapshot file, looked over: what is in it, and where it breaks.
 *
 * The one idea: it is read as a server reads it, value by value to the checksum, and only counted.
 */
import { text } from '../../base/bytes.ts'
import { typeOf } from '../../keyspace/value.ts'
import { RdbError } from '../../rdb/error.ts'
import { readRdb } from '../../rdb/rdb-reader.ts'
import type { Problem } from './log-file.ts'

/** What a database holds. */
export interface DatabaseCount {
  readonly db: number
  keys: number
  /** Of these with a deadline. */
  expiring: number
  readonly types: Record<string, number>
}

/** What was found in a snapshot file. */
export interface RdbFinding {
  readonly size: number
  /** Bytes that the snapshot takes; an append-only file may go on behind it. */
  readonly length: number
  /** As the file says; 0 where it does not get that far. */
  readonly version: number
  readonly aux: Readonly<Record<string, string>>
  readonly libraries: number
  readonly databases: readonly DatabaseCount[]
  /** The key that was read last: whatever broke stands behind it. */
  readonly lastKey: string | undefined
  readonly problem: Problem | undefined
}

/** Longer facts (libraries) are told by their length. */
const LONGEST_FACT = 80

/** Looks a file over. */
export function lookOverSnapshot(bytes: Uint8Array): RdbFinding {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const databases = new Map<number, DatabaseCount>()
  const aux: Record<string, string> = {}
  const finding = {
    size: buffer.length,
    version: Number(/^REDIS(\d{4})/.exec(buffer.latin1Slice(0, Math.min(9, buffer.length)))?.[1] ?? 0),
    aux,
  }
  let libraries = 0
  let lastKey: string | undefined
  const found = (length: number, problem: Problem | undefined): RdbFinding => {
    return { ...finding, length, libraries, databases: [...databases.values()], lastKey, problem }
  }
  try {
    const records = readRdb(buffer)
    for (let next = records.next(); ; next = records.next()) {
      if (next.done === true) return found(next.value, undefined)
      const record = next.value
      if (record.kind === 'aux') {
        const { length } = record.value
        aux[text(record.name)] = length > LONGEST_FACT ? `${length} bytes` : text(record.value)
      } else if (record.kind === 'function') libraries++
      else if (record.kind === 'key') {
        lastKey = text(record.key)
        let count = databases.get(record.db)
        if (count === undefined) databases.set(record.db, (count = { db: record.db, keys: 0, expiring: 0, types: {} }))
        const type = typeOf(record.value)
        count.keys++
        count.types[type] = (count.types[type] ?? 0) + 1
        if (record.deadlineMs !== undefined) count.expiring++
      }
    }
  } catch (error) {
    if (!(error instanceof RdbError)) throw error
    return found(0, { offset: error.offset, sentence: error.message.replace(/ \(at byte \d+\)$/, '') })
  }
}
