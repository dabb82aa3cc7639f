/**
 * Clients: the objects through which functions reach the store.
 *
 * The one idea: a section client is only as good as its lease. The runtime fills the lease when a section begins and
 * empties it when it ends; guest code that keeps the object keeps nothing. Misuse is told by thrown strings, as the
 * original's are.
 */
import { runOnKey, runOnShards } from './cluster.ts'
import type { ReplyReader } from './from-reply.ts'
import { type Callback, isCallback } from './intrinsics.ts'
import { decode, isAsyncFunction } from './natives.ts'
import type { Scope } from './scope.ts'
import type { Actor } from './store.ts'
import { argvFrom } from './words.ts'

const NOT_LOCKED = 'Main thread is not locked'
const ALREADY_LOCKED = 'Main thread is already blocked'
const EXPIRED = 'Used on invalid client'
const BLOCK_WHAT = "Argument to 'block' must be a function"
const EXECUTE_WHAT = "First argument to 'executeAsync' must be an async function"
const EXECUTE_WHERE = "Called 'executeAsync' out of context"
export const DELETED = 'Library was already deleted'
export const UNREGISTERED = 'Function were unregistered'

/** For whom a section client acts, while it may. */
export class Lease {
  actor: Actor | undefined = undefined
  /** Whether the caller can wait for a promise. */
  mayWait = false
}

/** The client of a section: of a plain function, or of `block`. */
export class SectionClient {
  readonly #scope: Scope
  readonly #lease: Lease

  constructor(scope: Scope, lease: Lease) {
    this.#scope = scope
    this.#lease = lease
  }

  call(...words: readonly unknown[]): unknown {
    return this.#run(words, this.#scope.decoded)
  }

  callRaw(...words: readonly unknown[]): unknown {
    return this.#run(words, this.#scope.raw)
  }

  callAsync(...words: readonly unknown[]): Promise<unknown> {
    return this.#later(words, this.#scope.decoded)
  }

  callAsyncRaw(...words: readonly unknown[]): Promise<unknown> {
    return this.#later(words, this.#scope.raw)
  }

  isBlockAllowed(): boolean {
    if (this.#lease.actor === undefined) throw EXPIRED
    return this.#lease.mayWait
  }

  executeAsync(run: unknown): Promise<unknown> {
    const { actor } = this.#lease
    if (actor === undefined) throw EXECUTE_WHERE
    if (!isAsyncFunction(run)) throw EXECUTE_WHAT
    return inBackground(this.#scope, actor, run)
  }

  #actor(): Actor {
    if (!this.#scope.locked) throw NOT_LOCKED
    const { actor } = this.#lease
    if (actor === undefined) throw EXPIRED
    return actor
  }

  #run(words: readonly unknown[], reader: ReplyReader): unknown {
    const actor = this.#actor()
    return this.#scope.place.perform(actor, words, reader)
  }

  #later(words: readonly unknown[], reader: ReplyReader): Promise<unknown> {
    const scope = this.#scope
    const actor = this.#actor()
    if (scope.removed) throw DELETED
    const argv = argvFrom(words)
    const call = { words: argv.map((word) => decode(word) ?? word).join(' ') }
    scope.pending.add(call)
    return scope.later(actor.callLater(argv), (reply) => {
      scope.pending.delete(call)
      return reader.read(reply)
    })
  }
}

/** The client of background code: it takes the store for a section at a time. */
export class AsyncClient {
  readonly #scope: Scope
  readonly #actor: Actor

  constructor(scope: Scope, actor: Actor) {
    this.#scope = scope
    this.#actor = actor
  }

  block(run: unknown): unknown {
    const scope = this.#scope
    if (!isCallback(run)) throw BLOCK_WHAT
    if (scope.removed) throw UNREGISTERED
    if (scope.locked) throw ALREADY_LOCKED
    scope.place.spend()
    const lease = new Lease()
    const client = new SectionClient(scope, lease)
    return scope.place.unit(scope, this.#actor, () => {
      lease.actor = this.#actor
      lease.mayWait = true
      try {
        return run(client)
      } finally {
        lease.actor = undefined
      }
    })
  }

  runOnKey(...args: readonly unknown[]): Promise<unknown> {
    return runOnKey(this.#remote(), args)
  }

  runOnShards(...args: readonly unknown[]): Promise<unknown> {
    return runOnShards(this.#remote(), args)
  }

  /** Calls a cluster function as another shard would: in the background, with a client that cannot write. */
  #remote() {
    const scope = this.#scope
    if (scope.removed) throw UNREGISTERED
    const call = (run: Callback, args: readonly unknown[]) => inBackground(scope, this.#actor.fork(true), run, args)
    return { scope, call }
  }
}

/** Runs an async function once the current unit is over; the promise is the guest's own. */
export function inBackground(
  scope: Scope,
  actor: Actor,
  run: Callback,
  args: readonly unknown[] = [],
): Promise<unknown> {
  const client = new AsyncClient(scope, actor.fork())
  return scope.place.background(() => run(client, ...args), actor)
}
