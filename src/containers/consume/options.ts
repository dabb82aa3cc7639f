/**
 * How to consume: what may be said, what it is otherwise, and what makes no sense.
 */
import { type Clock, systemClock } from '../../base/clock.ts'
import { type Random, systemRandom } from '../../base/random.ts'

/** How messages are handled. All durations are milliseconds. */
export interface ConsumeOptions<M = unknown> {
  /** How many handlers run at once; 1 unless given. */
  readonly concurrency?: number
  /**
   * How many messages are held at most, running and queued; what the handlers can take at once unless given. Several streams are
   * asked at the same time, so one more for each of them may come.
   */
  readonly prefetch?: number
  /**
   * When a message is acknowledged: `after` its handler has resolved (it is handled at least once), `before` it is called (at most
   * once: a crash loses what was begun), or by `message.ack()` only.
   */
  readonly ack?: 'after' | 'before' | 'manual'
  /** Acknowledged entries are deleted from their stream too. */
  readonly deleteAcked?: boolean
  /** A handler that takes longer has failed: its `signal` is aborted and its slot is free again. No limit unless given. */
  readonly timeoutMs?: number
  /** How often a message may be delivered before it goes to the dead letters; 5 unless given. */
  readonly maxDeliveries?: number
  /** How long a failed message waits, by how often it was delivered; 1 s, 2 s, 4 s … at most a minute unless given. */
  readonly backoff?: (deliveries: number) => number
  /**
   * Where messages go that could not be handled: a stream's key, or one by the stream of the message. `deadLetterKey(db, stream)`
   * unless given. `false`: nowhere, they are tried without end.
   */
  readonly deadLetter?: string | ((stream: string) => string) | false
  /** What becomes of messages that do not fit their schema: `deadLetter` unless given; `throw` ends the consumer. */
  readonly onInvalid?: 'deadLetter' | 'skip' | 'throw'
  /** After so long without a sign of life a message's consumer counts as dead, and another one takes it; 30,000 unless given. */
  readonly claimAfterMs?: number
  /** How often to look for such messages; half of `claimAfterMs` unless given. */
  readonly sweepMs?: number
  /** Whether held messages are kept from being claimed, at a third of `claimAfterMs`; true unless given. See `message.extend()`. */
  readonly heartbeat?: boolean
  /** Messages with the same key are handled one after the other, in the order of their stream, failed attempts included. */
  readonly orderBy?: (message: M) => string
  /**
   * One consumer at a time reads a stream, the others stand by. So where `orderBy` is given, for only then does the order hold over
   * several consumers.
   */
  readonly exclusive?: boolean
  /** How long one blocking read waits; 5,000 unless given. */
  readonly blockMs?: number
  /** How often to look for delayed messages that are due; 1,000 unless given, 0 is never. */
  readonly delayedPollMs?: number
  /** Aborts: see `consumer.abort()`. */
  readonly signal?: AbortSignal
  /** The machine's, unless given. */
  readonly clock?: Clock
  /** The machine's, unless given. */
  readonly random?: Random
}

/** The same for handlers that take several messages at once. */
export interface BatchOptions<M = unknown> extends ConsumeOptions<M> {
  /** How many at most. */
  readonly batch: number
}

/** Options with nothing left open. */
export type Settings<M> = Required<Omit<ConsumeOptions<M>, 'timeoutMs' | 'deadLetter' | 'orderBy' | 'signal'>> &
  Pick<ConsumeOptions<M>, 'timeoutMs' | 'deadLetter' | 'orderBy' | 'signal'> & { readonly batch: number }

/** Fills in what was left open. Throws a RangeError for numbers that make no sense. */
export function settingsOf<M>(given: ConsumeOptions<M> & { readonly batch?: number }): Settings<M> {
  const { concurrency = 1, batch = 1, claimAfterMs = 30_000, orderBy } = given
  const settings: Settings<M> = {
    ...given,
    concurrency,
    batch,
    prefetch: given.prefetch ?? concurrency * batch,
    ack: given.ack ?? 'after',
    deleteAcked: given.deleteAcked ?? false,
    maxDeliveries: given.maxDeliveries ?? 5,
    backoff: given.backoff ?? doubling,
    onInvalid: given.onInvalid ?? 'deadLetter',
    claimAfterMs,
    sweepMs: given.sweepMs ?? Math.ceil(claimAfterMs / 2),
    heartbeat: given.heartbeat ?? true,
    exclusive: given.exclusive ?? orderBy !== undefined,
    blockMs: given.blockMs ?? 5000,
    delayedPollMs: given.delayedPollMs ?? 1000,
    clock: given.clock ?? systemClock,
    random: given.random ?? systemRandom,
  }
  for (const name of [
    'concurrency',
    'batch',
    'prefetch',
    'maxDeliveries',
    'claimAfterMs',
    'sweepMs',
    'blockMs',
  ] as const)
    atLeast(name, settings[name], 1)
  atLeast('delayedPollMs', settings.delayedPollMs, 0)
  if (settings.timeoutMs !== undefined) atLeast('timeoutMs', settings.timeoutMs, 1)
  return settings
}

function atLeast(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} must be an integer from ${least} on, not ${value}`)
}

const doubling = (deliveries: number): number => Math.min(60_000, 1000 * 2 ** Math.min(deliveries - 1, 16))
