/**
 * How replies come: the same methods serve promises, calls at once, and queues whose replies come together.
 */
import type { Queue } from './queue.ts'

/** Replies come by promise: a database. */
export interface Promised {
  readonly way: 'promised'
}

/** Replies come at once: `db.sync`. */
export interface AtOnce {
  readonly way: 'at once'
}

/** Replies come together, when the queue is run: a pipeline or transaction, `Q` built up so far. */
export interface InQueue<Q extends readonly unknown[], S> {
  readonly way: 'in queue'
  readonly queue: Q
  readonly strings: S
}

/** What a method gives whose reply is `T`. */
export type Returned<M, T> = M extends Promised
  ? Promise<T>
  : M extends AtOnce
    ? T
    : M extends InQueue<infer Q, infer S>
      ? Queue<readonly [...Q, T], S>
      : never
