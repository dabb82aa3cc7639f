/**
 * Limits of the small encodings, as Redis 7.0 names them.
 *
 * The one idea: one mutable object that CONFIG SET writes and the structures read at the moment of a change. A value
 * already converted never goes back, and lowering a limit converts nothing by itself.
 */

/** The limits in force; the defaults are redis-server 7.0's. */
export const limits = {
  /** hash-max-listpack-entries: the most fields of a 'listpack' hash. */
  hashMaxListpackEntries: 512,
  /** hash-max-listpack-value: the longest field or value of a 'listpack' hash, in bytes. */
  hashMaxListpackValue: 64,
  /** list-max-listpack-size as elements: the most of a chunk of a list. */
  listChunk: 128,
  /** set-max-intset-entries: the most members of an 'intset' set. */
  setMaxIntsetEntries: 512,
  /** zset-max-listpack-entries: the most members of a 'listpack' sorted set. */
  zsetMaxListpackEntries: 128,
  /** zset-max-listpack-value: the longest member of a 'listpack' sorted set, in bytes. */
  zsetMaxListpackValue: 64,
  /** hll-sparse-max-bytes: the longest string of a 'sparse' HyperLogLog that still grows. */
  hllSparseMaxBytes: 3000,
}
