/**
 * Events of a consumer: what happens to messages, for logs and alarms.
 *
 * The one idea: names and contents are typed, and a listener that throws is its own problem, never the consumer's.
 */
import type { PayloadError } from '../payload.ts'
import type { Delivery } from './delivery.ts'

/** Why a message went to the dead letters. */
export type DeathReason = 'failed' | 'exhausted' | 'rejected' | 'invalid'

/** What listeners hear, by name. */
export interface ConsumerEvents<T> {
  /** A handler has resolved. */
  handled: { readonly message: Delivery<T>; readonly tookMs: number }
  /** A handler has failed; without `retryMs` there is no further attempt. */
  failed: { readonly message: Delivery<T>; readonly error: unknown; readonly retryMs: number | undefined }
  /** A message is in the dead letters now, as entry `id` of `to`. */
  deadLettered: {
    readonly message: Delivery<T>
    readonly reason: DeathReason
    readonly error: unknown
    readonly to: string
    readonly id: string
  }
  /** A message did not fit its schema. */
  invalid: { readonly message: Delivery<T>; readonly problem: PayloadError }
  /** A message was taken over from a consumer that gave no sign of life. */
  claimed: { readonly stream: string; readonly id: string; readonly from: string; readonly deliveries: number }
  /** An entry was deleted or trimmed while it was pending. */
  lost: { readonly stream: string; readonly id: string }
  /** Somebody else has taken over a message that was held here. */
  overtaken: { readonly stream: string; readonly id: string }
  /** The group had gone and was made again. */
  recreated: { readonly stream: string }
  /** Something failed that is tried again. */
  trouble: { readonly error: unknown; readonly during: string }
}

type Listener<E> = (event: E) => void

/** Listeners by the name of what they hear. */
export class Events<T> {
  readonly #listeners = new Map<keyof ConsumerEvents<T>, Set<(event: never) => void>>()

  /** Adds a listener; the result takes it away. */
  on<N extends keyof ConsumerEvents<T>>(name: N, listener: Listener<ConsumerEvents<T>[N]>): () => void {
    const known = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, known)
    known.add(listener)
    return () => known.delete(listener)
  }

  /** Whether anybody listens: an event need not be made otherwise. */
  hears(name: keyof ConsumerEvents<T>): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0
  }

  emit<N extends keyof ConsumerEvents<T>>(name: N, event: ConsumerEvents<T>[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) call(listener, event)
  }
}

function call(listener: (event: never) => void, event: unknown): void {
  try {
    Reflect.apply(listener, undefined, [event])
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error), 'GeartrainWarning', 'GEARTRAIN_LISTENER')
  }
}
