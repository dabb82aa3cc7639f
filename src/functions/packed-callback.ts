/**
 * PackedCallback: a function whose value travels as one string of RESP3.
 *
 * The one idea: RESP2 cannot tell a number from its text, nor a map from a list. Who speaks it and wants to know calls
 * `library.function.resp3`; the original ignores a third part of the name.
 */
import { types } from 'node:util'
import { type Bytes, raw } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import type { CallManner, FireOutcome, GuestCallback, TriggerData } from '../guest/host.ts'
import type { Actor } from '../guest/store.ts'
import { encodeReply } from '../resp/reply-encoder.ts'
import type { Callable } from './library.ts'

/** The third part of a name that asks for it. */
export const PACKED = 'resp3'

class PackedCallback implements GuestCallback {
  readonly isAsync: boolean
  readonly #callback: GuestCallback

  constructor(callback: GuestCallback) {
    this.isAsync = callback.isAsync
    this.#callback = callback
  }

  call(actor: Actor, words: readonly Bytes[], manner: CallManner): Reply | Promise<Reply> {
    const answer = this.#callback.call(actor, words, manner)
    return types.isPromise(answer) ? answer.then(packed) : packed(answer)
  }

  fire(actor: Actor, data: TriggerData, isKept?: boolean): FireOutcome | Promise<FireOutcome> {
    return this.#callback.fire(actor, data, isKept)
  }
}

/** Errors stay errors. */
const packed = (reply: Reply): Reply => (reply instanceof ReplyError ? reply : raw(encodeReply(reply, 3)))

/** The same function with its value packed. */
export function packing(callable: Callable): Callable {
  const { registration } = callable
  return { ...callable, registration: { ...registration, callback: new PackedCallback(registration.callback) } }
}
