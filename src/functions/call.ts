/**
 * Calling a function: the checks that come before it, in the original's order, and waiting for a library that is busy.
 *
 * The one idea: a library whose background is computing is never entered. A caller that can wait is parked and calls again
 * once the library is free, from the checks on: it may be another library by then, or none.
 */
import { types } from 'node:util'
import type { Bytes } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import type { Context } from '../commands/context.ts'
import { Later } from '../commands/outcome.ts'
import { BUSY } from '../guest/host.ts'
import type { Callable, Workshop } from './library.ts'

const ON_REPLICA = new ReplyError(
  'Err can not run a function that might perform writes on a replica or when the "avoid replication traffic" option is enabled',
)
const OUT_OF_MEMORY = new ReplyError('OOM can not run the function when out of memory')
const NEEDS_ASYNC = new ReplyError(
  'The function is declared as async and was called while blocking was not allowed; note that you cannot invoke async functions from within Lua or MULTI, and you must use TFCALLASYNC instead.',
)

/** A call as it came: `words` are the number of keys and all that follows. */
export interface FunctionCall {
  readonly ctx: Context
  readonly name: Bytes
  readonly words: readonly Bytes[]
  readonly keys: number
  readonly isAsync: boolean
}

/** Calls a function that has been found. Throws `ReplyError` for a call that is not let in. */
export function callFunction(workshop: Workshop, callable: Callable, call: FunctionCall): Reply | Later {
  const { ctx, words, keys, isAsync } = call
  const { registration, isReadOnly } = callable
  if (ctx.keyspace.role !== 'primary' && !isReadOnly) throw ON_REPLICA
  if (ctx.server.memory.isShort && !isReadOnly && !callable.allowsOom) throw OUT_OF_MEMORY
  const given = words.length - 1
  if (given < keys) {
    throw new ReplyError(`Not enough arguments was given, expected at least ${keys} arguments, got ${given} arguments.`)
  }
  if (registration.isAsync && !isAsync) throw NEEDS_ASYNC
  const { callback } = registration
  if (callable.guest.state === 'running' && !callback.isAsync) {
    return ctx.denyBlocking ? BUSY : new Later(callWhenFree(workshop, callable, call))
  }
  const manner = isAsync && !ctx.denyBlocking ? callable.waiting : callable.atOnce
  const answer = callback.call(callable.actor.become(ctx.client), words.slice(1), manner)
  return types.isPromise(answer) ? new Later(answer) : answer
}

/** Calls again once the library can be entered, as a unit of its own; gives up when that takes longer than code may run. */
async function callWhenFree(
  { engine, store, limits }: Workshop,
  { guest }: Callable,
  call: FunctionCall,
): Promise<Reply> {
  const { ctx, name, words, isAsync } = call
  let isLate = false
  let cancel = (): void => {}
  const late = new Promise<void>((resolve) => {
    cancel = engine.clock.at(engine.clock.now() + limits.lockMs, () => {
      isLate = true
      resolve()
    })
  })
  while (guest.state === 'running' && !isLate) await Promise.race([guest.whenFree(), late])
  cancel()
  if (guest.state === 'running') return BUSY
  // Who called is gone, and the call had not begun.
  if (ctx.client.closing) return null
  store.begin()
  try {
    const outcome = engine.services.functions!.call(ctx, name, words, isAsync)
    return outcome instanceof Later ? outcome.promise : outcome
  } catch (error) {
    if (error instanceof ReplyError) return error
    throw error
  } finally {
    store.end()
  }
}
