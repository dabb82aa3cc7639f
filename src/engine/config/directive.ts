/** What a directive of redis.conf is, and the kind of those that have one value here. */
import { type Kind, Problem } from './kinds.ts'

/** One directive. */
export interface Directive {
  readonly name: string
  /** An older name for the same. */
  readonly alias?: string
  readonly initial: string
  readonly kind: Kind
  /** Only given at start. */
  readonly immutable?: boolean
  /** Only given at start, since it could make a server write over files anywhere. */
  readonly guarded?: boolean
  /** What CONFIG SET answers unless someone is there who applies the change. */
  readonly unapplied?: string
}

/** One value, any case, and why no other. */
export const settled =
  (value: string, reason: string): Kind =>
  (text) =>
    text.toLowerCase() === value ? value : new Problem(`only '${value}' is supported: ${reason}`)
