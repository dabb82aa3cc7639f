/**
 * LibraryFunction: a registered function, and running it for a caller.
 *
 * The one idea: a plain function runs at once, in the caller's unit; an async one runs after it, in the background. What
 * a plain one returns may be a promise too, which is then answered when it settles, if the caller can wait.
 */
import { types } from 'node:util'
import type { Bytes } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import { inBackground, Lease, SectionClient } from './clients.ts'
import { bufferOf } from './from-reply.ts'
import type { Callback } from './intrinsics.ts'
import type { Scope } from './scope.ts'
import type { Actor } from './store.ts'
import { toError, toReply } from './to-reply.ts'
import { strictText } from './utf8.ts'

export const FLAGS = ['no-writes', 'allow-oom', 'raw-arguments'] as const
export type FunctionFlag = (typeof FLAGS)[number]

/** What a registration says. */
export interface Registration {
  readonly name: string
  /** Registered by `registerAsyncFunction`. */
  readonly isAsync: boolean
  readonly callback: Callback
  readonly description: string | undefined
  readonly flags: ReadonlySet<FunctionFlag>
}

const CANNOT_WAIT = new ReplyError(
  'Can not block client for background execution, Blocking is not allow inside multi/exec, Lua, or within another module (RM_Call).',
)
const NOT_TEXT = 'Can not convert argument to string'

export class LibraryFunction {
  readonly registration: Registration
  /** Whether the callback itself is an async function. */
  readonly runsLater: boolean
  readonly #scope: Scope
  readonly #lease = new Lease()
  /** One for all calls, filled anew by each, as in the original. */
  readonly #client: SectionClient

  constructor(registration: Registration, scope: Scope) {
    this.registration = registration
    this.runsLater = types.isAsyncFunction(registration.callback)
    this.#scope = scope
    this.#client = new SectionClient(scope, this.#lease)
  }

  /** Calls the function with words that follow the number of keys. A promise never rejects. */
  call(actor: Actor, words: readonly Bytes[], mayWait: boolean): Reply | Promise<Reply> {
    if (this.runsLater && !mayWait) return CANNOT_WAIT
    try {
      const args = this.#arguments(words)
      if (this.runsLater) {
        return settled(this.#scope, inBackground(this.#scope, actor, this.registration.callback, args))
      }
      const outcome = this.#callNow(actor, args, mayWait)
      if (!types.isPromise(outcome)) return outcome
      const answer = settled(this.#scope, outcome)
      return mayWait ? answer : CANNOT_WAIT
    } catch (error) {
      return toError(error)
    }
  }

  #callNow(actor: Actor, args: readonly unknown[], mayWait: boolean): Reply | Promise<unknown> {
    const lease = this.#lease
    lease.actor = actor
    lease.mayWait = mayWait
    try {
      return this.#scope.section(() => {
        const value = this.registration.callback(this.#client, ...args)
        // Reading a value can run its getters, which are guest code.
        return types.isPromise(value) ? value : toReply(value)
      })
    } finally {
      lease.actor = undefined
    }
  }

  #arguments(words: readonly Bytes[]): readonly unknown[] {
    if (this.registration.flags.has('raw-arguments')) return words.map((word) => bufferOf(this.#scope.intrinsics, word))
    return words.map((word) => {
      const text = strictText(word)
      if (text === undefined) throw NOT_TEXT
      return text
    })
  }
}

/** The reply for what a promise comes to. */
function settled(scope: Scope, promise: Promise<unknown>): Promise<Reply> {
  return promise.then(
    (value) => {
      try {
        scope.guest.spend()
        return toReply(value)
      } catch (error) {
        return toError(error)
      }
    },
    (error: unknown) => toError(error),
  )
}
