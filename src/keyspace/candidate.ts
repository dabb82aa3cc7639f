/** Candidate: what eviction is told of a key, to compare it with others. */
import type { Bytes } from '../base/bytes.ts'

/** A key that could be taken to make room. */
export interface Candidate {
  readonly key: Bytes
  readonly stamp: number
  /** In absolute milliseconds; 0 when it has none. */
  readonly deadline: number
}
