/**
 * Callee: a callback of a library, and calling it, in the place where the library runs.
 *
 * The one idea: a plain function runs at once, in the caller's unit; an async one runs after it, in the background. What
 * a plain one returns may be a promise too, which is then answered when it settles, if the caller can wait.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import { inBackground, Lease, SectionClient } from './clients.ts'
import { bufferOf } from './from-reply.ts'
import type { CallManner, FireOutcome, GuestCallback, TriggerData } from './host.ts'
import type { Callback } from './intrinsics.ts'
import { decode, isAsyncFunction, isPromise } from './natives.ts'
import type { Scope } from './scope.ts'
import type { Actor } from './store.ts'
import { toError, toReply } from './to-reply.ts'
import { dataValue } from './trigger-data.ts'

export const CANNOT_WAIT = new ReplyError(
  'Can not block client for background execution, Blocking is not allow inside multi/exec, Lua, or within another module (RM_Call).',
)
/** For whoever waits for a promise that nothing can settle any more. */
export const DROPPED = new ReplyError(
  'Promise was dropped without been resolved. Usually happened because of timeout or OOM.',
)
const NOT_TEXT = 'Can not convert argument to string'

export class Callee implements GuestCallback {
  readonly isAsync: boolean
  readonly #scope: Scope
  readonly #callback: Callback
  readonly #lease = new Lease()
  /** One for all calls, filled anew by each, as in the original. */
  readonly #client: SectionClient
  #seesKeyRaw: boolean | undefined = undefined

  constructor(callback: Callback, scope: Scope) {
    this.isAsync = isAsyncFunction(callback)
    this.#callback = callback
    this.#scope = scope
    this.#client = new SectionClient(scope, this.#lease)
  }

  call(actor: Actor, words: readonly Bytes[], manner: CallManner): Reply | Promise<Reply> {
    if (this.isAsync && !manner.mayWait) return CANNOT_WAIT
    const answer = this.begin(actor, words, manner)
    return isPromise(answer) && !manner.mayWait ? CANNOT_WAIT : answer
  }

  /** As `call`, with a promise also for who cannot wait: it may have settled by the time that it is looked at. */
  begin(actor: Actor, words: readonly Bytes[], { mayWait, isRaw }: CallManner): Reply | Promise<Reply> {
    const scope = this.#scope
    try {
      const args = isRaw ? words.map((word) => bufferOf(scope.intrinsics, word)) : words.map(textOf)
      if (this.isAsync) return settled(scope, inBackground(scope, actor, this.#callback, args), toReply)
      const outcome = this.#now(actor, mayWait, this.#answer, args)
      if (!isPromise(outcome)) return outcome
      return settled(scope, outcome, toReply)
    } catch (error) {
      return toError(error, scope.place.verbosity())
    }
  }

  fire(actor: Actor, data: TriggerData, isKept = false): FireOutcome | Promise<FireOutcome> {
    const scope = this.#scope
    try {
      const value = data.kept ?? this.#valueOf(data, isKept)
      data.kept = isKept ? value : undefined
      if (this.isAsync) return settled(scope, inBackground(scope, actor, this.#callback, [value]), nothing)
      const outcome = this.#now(actor, true, this.#react, value)
      return outcome !== undefined && isPromise(outcome) ? settled(scope, outcome, nothing) : outcome
    } catch (error) {
      return toError(error, scope.place.verbosity())
    }
  }

  /** Data that is kept is for another callback, too. */
  #valueOf(data: TriggerData, isKept: boolean): unknown {
    this.#seesKeyRaw ??= this.#scope.place.seesKeyRaw(this.#callback)
    return dataValue(this.#scope.intrinsics, data, isKept || this.#seesKeyRaw)
  }

  /** Runs the callback as a section. */
  #now<A, T>(actor: Actor, mayWait: boolean, run: (given: A) => T, given: A): T {
    const lease = this.#lease
    lease.actor = actor
    lease.mayWait = mayWait
    try {
      return this.#scope.section(run, given)
    } finally {
      lease.actor = undefined
    }
  }

  // What makes an answer of a value or an error belongs to the section: getters are guest code.

  /** Calls the callback with words, for its value. */
  readonly #answer = (args: readonly unknown[]): Reply | Promise<unknown> => {
    try {
      const value = this.#callback(this.#client, ...args)
      return isPromise(value) ? value : toReply(value)
    } catch (error) {
      return toError(error, this.#scope.place.verbosity())
    }
  }

  /** Calls the callback with the data of a trigger. */
  readonly #react = (data: unknown): FireOutcome | Promise<unknown> => {
    try {
      const value = this.#callback(this.#client, data)
      return value !== undefined && isPromise(value) ? value : undefined
    } catch (error) {
      return toError(error, this.#scope.place.verbosity())
    }
  }
}

const nothing = (): undefined => undefined

function textOf(word: Bytes): string {
  const text = decode(word)
  if (text === undefined) throw NOT_TEXT
  return text
}

/** What a promise comes to; never rejects. */
function settled<T>(scope: Scope, promise: Promise<unknown>, read: (value: unknown) => T): Promise<T | ReplyError> {
  const failed = (error: unknown): ReplyError => toError(error, scope.place.verbosity())
  return promise.then((value) => {
    try {
      scope.place.spend()
      return read(value)
    } catch (error) {
      return failed(error)
    }
  }, failed)
}
