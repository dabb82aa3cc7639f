/**
 * Where a node of a stream ends, in Redis' words.
 *
 * The one idea: one mutable object that CONFIG SET writes and an append reads. A node that stands is never cut again.
 */

/** The limits in force; the defaults are redis-server 7.0's, and 0 means no limit. */
export const streamLimits = {
  /** stream-node-max-entries: the most entries of a node, deleted ones too. */
  streamNodeMaxEntries: 100,
  /** stream-node-max-bytes: the most listpack bytes of a node. */
  streamNodeMaxBytes: 4096,
}
