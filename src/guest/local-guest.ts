/**
 * LocalGuest: a library that runs in this very program, be it linked or in a realm.
 *
 * The one idea: here the runtime needs no wire: a callback is called, a section is a call between `begin` and `end`, and
 * the background is the event loop. So a local guest is never `running` when anybody could ask.
 */

import type { RedisGlobal } from './api.ts'
import { Callee } from './callee.ts'
import type { ReplyReader } from './from-reply.ts'
import type { Guest, GuestCallback, GuestState, World } from './host.ts'
import { seesKeyRaw } from './hosts/key-raw.ts'
import type { Callback, Intrinsics } from './intrinsics.ts'
import { Registrations } from './redis-global.ts'
import { type Registered, withCallbacks } from './registrations.ts'
import { type Place, Scope } from './scope.ts'
import type { Actor, Store } from './store.ts'
import { argvFrom } from './words.ts'

/** How a local host runs code. */
export interface Runner {
  readonly intrinsics: Intrinsics
  /** Runs guest code in one go, for as long as a section may last. */
  section<A, T>(run: (given: A) => T, given: A): T
  /** Counts one call into the store as work of the running code. */
  spend(): void
  verbosity(): number
}

/** Runs a library and takes what it registers. Throws what it throws. */
export function startLocally(
  { name, store, config, log }: World,
  runner: Runner,
  isLinked: boolean,
  run: (redis: RedisGlobal) => void,
): Guest {
  const registrations = new Registrations()
  run(registrations.redisFor(runner.intrinsics, { config, log, isLinked }))
  registrations.close()
  return new LocalGuest(registrations, new Scope(new LocalPlace(runner, store), name))
}

class LocalPlace implements Place {
  readonly intrinsics: Intrinsics
  readonly #runner: Runner
  readonly #store: Store

  constructor(runner: Runner, store: Store) {
    this.intrinsics = runner.intrinsics
    this.#runner = runner
    this.#store = store
  }

  section<A, T>(run: (given: A) => T, given: A): T {
    return this.#runner.section(run, given)
  }

  spend(): void {
    this.#runner.spend()
  }

  perform(actor: Actor, words: readonly unknown[], reader: ReplyReader): unknown {
    this.#runner.spend()
    return reader.read(actor.call(argvFrom(words)))
  }

  verbosity(): number {
    return this.#runner.verbosity()
  }

  seesKeyRaw(callback: Callback): boolean {
    return seesKeyRaw(callback)
  }

  unit<T>(scope: Scope, actor: Actor, run: () => T): T {
    const refusal = actor.refusal()
    if (refusal !== undefined) throw `Can not lock Redis, ${refusal}`
    this.#store.begin()
    try {
      return scope.section(run, undefined)
    } finally {
      this.#store.end()
    }
  }

  background(run: () => unknown): Promise<unknown> {
    return this.intrinsics.Promise.resolve().then(run)
  }
}

class LocalGuest implements Guest {
  readonly registered: Registered<GuestCallback>
  readonly state: GuestState = 'idle'
  readonly pendingJobs = 0
  readonly #scope: Scope

  constructor(registrations: Registrations, scope: Scope) {
    const callees = new Map<Callback, Callee>()
    this.#scope = scope
    this.registered = withCallbacks(registrations, (callback) => {
      const callee = callees.get(callback) ?? new Callee(callback, scope)
      callees.set(callback, callee)
      return callee
    })
    for (const { name, callback } of registrations.clusterFunctions) scope.clusterFunctions.set(name, callback)
  }

  get pendingCalls(): readonly string[] {
    return Array.from(this.#scope.pending, ({ words }) => words)
  }

  whenFree(): Promise<void> {
    return Promise.resolve()
  }

  letsIn(): boolean {
    return true
  }

  remove(): void {
    this.#scope.removed = true
  }

  /** Whoever still runs here is all that keeps it. */
  retire(): void {}

  async end(): Promise<void> {
    this.remove()
  }
}
