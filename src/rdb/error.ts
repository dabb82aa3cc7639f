/**
 * What is wrong with a snapshot, and where.
 *
 * The one idea: one class with a stable code and the offset of the byte that was met. Whatever the input, the reader
 * either gives what was saved or throws this; nothing else ever leaves it.
 */

/**
 * Why a snapshot cannot be read, or a value not be written:
 * `RDB_TRUNCATED` it ends too early, `RDB_CORRUPT` a length or an encoding contradicts itself, `RDB_CHECKSUM` the bytes
 * are not those that were written, `RDB_VERSION` it is newer than what we know, or is no snapshot, `RDB_UNSUPPORTED`
 * it holds what only Redis with some module has, `RDB_NEEDS_VERSION` a value that the version being written has no form for.
 */
export type RdbErrorCode =
  | 'RDB_TRUNCATED'
  | 'RDB_CORRUPT'
  | 'RDB_CHECKSUM'
  | 'RDB_VERSION'
  | 'RDB_UNSUPPORTED'
  | 'RDB_NEEDS_VERSION'

/** A snapshot that cannot be read or written. */
export class RdbError extends Error {
  override readonly name = 'RdbError'
  readonly code: RdbErrorCode
  /** Bytes before the place in question, from the start of the file or payload. */
  readonly offset: number

  constructor(code: RdbErrorCode, offset: number, sentence: string) {
    super(`${sentence} (at byte ${offset})`)
    this.code = code
    this.offset = offset
  }
}
