/**
 * Methods whose replies come by promise.
 *
 * The one idea: where the store is in this thread the reply is there at once, and only its envelope is made; everything
 * that can go wrong, arguments included, rejects.
 */

import type { Runner } from '../backend/backend.ts'
import type { Argv } from '../base/bytes.ts'
import { OK, type Reply, ReplyError } from '../base/reply.ts'
import type { Options } from '../commands/args/encode.ts'
import type { Method, Sender } from './command-methods.ts'
import { RedisError } from './errors.ts'
import { promiseOf } from './texts.ts'

/** The envelope of all OKs: making one, and collecting it, takes a third of a SET. */
const FINE: Promise<unknown> = Promise.resolve('OK')

/** Every command by promise, over anything that runs lines. */
export class PromiseSender implements Sender {
  readonly runner: Runner

  constructor(runner: Runner) {
    this.runner = runner
  }

  send(method: Method, argv: Argv, options: Options | undefined): Promise<unknown> {
    let answer: Reply | Promise<Reply>
    try {
      answer = this.runner.call(method.command, argv)
    } catch (error) {
      return Promise.reject(error)
    }
    if (answer === OK) return FINE
    if (typeof answer === 'string' && method.givesText) return promiseOf(answer)
    return inEnvelope(answer, method, options)
  }

  refuse(error: unknown): Promise<never> {
    return Promise.reject(error)
  }
}

function inEnvelope(answer: Reply | Promise<Reply>, method: Method, options: Options | undefined): Promise<unknown> {
  if (answer instanceof Promise) return answer.then((reply) => valueIn(reply, method, options))
  if (answer instanceof ReplyError) return Promise.reject(new RedisError(answer))
  return Promise.resolve(method.read(answer, options))
}

/** The value of a reply; an error is thrown. */
export function valueIn(reply: Reply, { read }: Method, options: Options | undefined): unknown {
  if (reply instanceof ReplyError) throw new RedisError(reply)
  return read(reply, options)
}
