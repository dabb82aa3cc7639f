/**
 * The inside: the guest runtime, as it runs in an isolate's own context, in front of the library's code.
 *
 * The one idea: it is the runtime of every host (callee.ts, clients.ts, redis-global.ts …) over a `Place` and `Actor`s
 * that speak through the bridge. `scripts/guest.ts` makes one text of it, inside-text.ts, with natives of its own.
 * It shares its heap with the library, which may poison whatever it likes: the engine's side believes nothing of it, and
 * what reaches the engine stays in this file's closures.
 */
import { type Argv, raw } from '../../../base/bytes.ts'
import { MapReply, type Reply, type ReplyError } from '../../../base/reply.ts'
import { Callee, DROPPED } from '../../callee.ts'
import type { ReplyReader } from '../../from-reply.ts'
import { KeyData, MapData, type TriggerData } from '../../host.ts'
import { type Callback, ownIntrinsics } from '../../intrinsics.ts'
import { isPromise } from '../../natives.ts'
import { Registrations } from '../../redis-global.ts'
import { withCallbacks } from '../../registrations.ts'
import { type Place, Scope } from '../../scope.ts'
import type { Actor } from '../../store.ts'
import { toError } from '../../to-reply.ts'
import { argvFrom } from '../../words.ts'
import {
  type Blocking,
  CELL,
  type Exchange,
  type Inward,
  NO_ROOT,
  type Outward,
  PROMISED,
  REGISTERED,
} from './bridge.ts'
import { FirstRejection, makesPromises } from './first-rejection.ts'
import { guardBuiltins } from './guards.ts'
import { tellVersion } from './natives.ts'
import { removeGlobals } from './own-globals.ts'
import { ASCII, BYTE, isBulkAscii, readChars, writeWords } from './slate.ts'
import { fromWire, toWire, type Wired } from './wire.ts'

const { compareExchange, notify, store } = Atomics
const { stringify } = JSON
const { apply } = Reflect
const { register, unregister } = FinalizationRegistry.prototype
const TOLD_DROPPED = toWire(DROPPED)
const { get: getOf, has: hasOf, delete: deleteOf } = Map.prototype
/** Called by another name, `eval` runs a text in the global scope. */
const { eval: globally } = globalThis

/** An actor by its number, and the call on whose behalf it acts. */
class FarActor implements Actor {
  readonly id: number
  readonly root: number
  readonly isReadOnly: boolean
  readonly #inside: Inside

  constructor(inside: Inside, id: number, root: number, isReadOnly: boolean) {
    this.#inside = inside
    this.id = id
    this.root = root
    this.isReadOnly = isReadOnly
  }

  call(argv: Argv): Reply {
    const { call } = this.#inside.outward
    return fromWire(call(...argv))
  }

  callLater(argv: Argv): Promise<Reply> {
    return this.#inside.callLater(this.root, argv)
  }

  identity(): string {
    return `${this.id}`
  }

  /** Asked by the engine's side when a section begins. */
  refusal(): undefined {
    return undefined
  }

  fork(isReadOnly = false): FarActor {
    return new FarActor(this.#inside, this.id, this.root, this.isReadOnly || isReadOnly)
  }
}

class Inside implements Place {
  readonly intrinsics = ownIntrinsics
  readonly first = new FirstRejection()
  readonly outward: Outward
  readonly exchange: Exchange
  readonly slate: Uint8Array
  readonly scope: Scope
  readonly callees: Callee[] = []
  readonly jobs = new Map<number, () => void>()
  readonly units = new Map<number, () => void>()
  readonly laters = new Map<number, (reply: Reply) => void>()
  /** Of calls whose caller has not looked yet: what they have come to, once they have. */
  readonly outcomes = new Map<number, Wired | undefined>()
  readonly kept = new Map<number, TriggerData>()
  last: { readonly root: number; readonly wired: Wired } = { root: NO_ROOT, wired: null }
  readonly #blocking: Blocking
  readonly #cells: Int32Array
  #last = 0
  /** Told of promises of calls that are gone without having settled. Out of the library's reach, as its class is. */
  readonly #dropped = new FinalizationRegistry<number>((root) => {
    this.outcomes.delete(root)
    this.outward.settled(root, TOLD_DROPPED)
  })
  /** Set while a job of the background begins: what it starts need not be queued. */
  isDirect = false

  constructor(
    outward: Outward,
    exchange: Exchange,
    blocking: Blocking,
    cells: Int32Array,
    slate: Uint8Array,
    library: string,
  ) {
    this.outward = outward
    this.exchange = exchange
    this.slate = slate
    this.#blocking = blocking
    this.#cells = cells
    this.scope = new Scope(this, library)
  }

  section<A, T>(run: (given: A) => T, given: A): T {
    return run(given)
  }

  /** V8 watches the time. */
  spend(): void {}

  perform(actor: Actor, words: readonly unknown[], reader: ReplyReader): unknown {
    const { slate } = this
    // Nearly all words are ASCII, which is its own encoding.
    if (!writeWords(slate, words, ASCII)) {
      const argv = argvFrom(words)
      if (!writeWords(slate, argv, BYTE)) return reader.read(actor.call(argv))
    }
    const wired = this.exchange.applySync()
    if (wired !== undefined) return reader.read(fromWire(wired))
    const bulk = raw(readChars(slate, 1, slate[0]!))
    return isBulkAscii(slate) ? reader.readAscii(bulk) : reader.read(bulk)
  }

  verbosity(): number {
    return this.#cells[CELL.verbosity]!
  }

  /** Entering costs far more than a buffer. */
  seesKeyRaw(): boolean {
    return true
  }

  /** Lets the engine in while a job waits for its section; the engine takes that back before the job goes on. */
  letIn(): void {
    store(this.#cells, CELL.running, 0)
    notify(this.#cells, CELL.running)
  }

  /** Lets the engine in when this job is over, with all that it left in the microtask queue, and none has begun since. */
  rested(job: number): void {
    if (compareExchange(this.#cells, CELL.running, job, 0) === job) notify(this.#cells, CELL.running)
  }

  unit<T>(scope: Scope, actor: Actor, run: () => T): T {
    if (!(actor instanceof FarActor)) throw 'Use of invalid function context'
    const unit = ++this.#last
    let outcome: { readonly value: T } | { readonly thrown: unknown } | undefined
    this.units.set(unit, () => {
      try {
        outcome = { value: scope.section(run, undefined) }
      } catch (thrown) {
        outcome = { thrown }
      }
    })
    this.letIn()
    const refusal = this.#blocking.applySyncPromise(undefined, [actor.id, actor.isReadOnly, unit])
    this.first.begin()
    this.units.delete(unit)
    if (typeof refusal === 'string') throw refusal
    if (outcome === undefined) throw 'Use of invalid function context'
    if ('thrown' in outcome) throw outcome.thrown
    return outcome.value
  }

  background(run: () => unknown, actor: Actor): Promise<unknown> {
    this.first.need()
    if (this.isDirect) return Promise.resolve().then(run)
    const job = ++this.#last
    const root = actor instanceof FarActor ? actor.root : 0
    return new Promise((resolve, reject) => {
      this.jobs.set(job, () => {
        try {
          resolve(run())
        } catch (error) {
          reject(error)
        }
      })
      this.outward.queue(job, root)
    })
  }

  callLater(root: number, argv: Argv): Promise<Reply> {
    this.first.need()
    const later = ++this.#last
    return new Promise((resolve) => {
      this.laters.set(later, resolve)
      this.outward.callLater(later, root, ...argv)
    })
  }

  actor(id: number, root: number): FarActor {
    return new FarActor(this, id, root, false)
  }

  /** What a call gives at once; a promise is told of when it settles. */
  answer(root: number, reply: Reply | undefined | Promise<Reply | undefined>): Wired {
    if (!isPromise(reply)) {
      // Kept for a host that is told of a forgotten rejection in place of the answer.
      this.last = { root, wired: toWire(reply ?? null) }
      return this.last.wired
    }
    apply(register, this.#dropped, [reply, root, reply])
    void reply.then((value) => {
      apply(unregister, this.#dropped, [reply])
      const wired = toWire(value ?? null)
      if (this.outcomes.has(root)) this.outcomes.set(root, wired)
      else this.outward.settled(root, wired)
    })
    return PROMISED
  }

  /** As `answer`, for a host that looks right after whether a promise has settled by then. */
  atOnce(root: number, reply: Reply | undefined | Promise<Reply | undefined>): Wired {
    if (isPromise(reply)) this.outcomes.set(root, undefined)
    return this.answer(root, reply)
  }

  /** Runs a job of the background that is a call of its own. */
  direct(root: number, run: () => Reply | undefined | Promise<Reply | undefined>): void {
    this.isDirect = true
    try {
      const wired = this.answer(root, run())
      if (wired !== PROMISED) this.outward.settled(root, wired)
    } finally {
      this.isDirect = false
    }
  }
}

/** Makes the context the library's: `redis`, guarded builtins, no globals but the language's. Gives what the host calls. */
export function install(
  call: Outward['call'],
  callLater: Outward['callLater'],
  queue: Outward['queue'],
  settled: Outward['settled'],
  log: Outward['log'],
  exchange: Exchange,
  blocking: Blocking,
  cells: Int32Array,
  slate: Uint8Array,
  version: string,
  library: string,
  config: string | undefined,
): Inward {
  const inside = new Inside({ call, callLater, queue, settled, log }, exchange, blocking, cells, slate, library)
  const registrations = new Registrations()
  tellVersion(version)
  guardBuiltins(globalThis)
  removeGlobals(globalThis)
  inside.first.watch(globalThis)
  const redis = registrations.redisFor(ownIntrinsics, { config, log, isLinked: false })
  Object.defineProperty(globalThis, 'redis', { value: redis, writable: true, configurable: true, enumerable: true })
  return watched(inside, inwardOf(inside, registrations))
}

/**
 * The same, where nothing is thrown: what the library throws where nobody expects it, or forgets, would be looked at outside
 * of its time.
 */
function watched(inside: Inside, inward: Inward): Inward {
  const { first } = inside
  const watch =
    <A extends readonly unknown[], T>(run: (...args: A) => T) =>
    (...args: A): T | undefined => {
      try {
        first.begin()
        return run(...args)
      } catch {
        return undefined
      }
    }
  return {
    load: watch((source) => {
      if (makesPromises(source)) first.need()
      return inward.load(source)
    }),
    registered: watch(inward.registered),
    enter: watch(inward.enter),
    start: watch(inward.start),
    fire: watch(inward.fire),
    unit: watch(inward.unit),
    run: watch(inward.run),
    settle: watch(inward.settle),
    // These run nothing of the library's.
    rested: inward.rested,
    reset: inward.reset,
    look: inward.look,
  }
}

function inwardOf(inside: Inside, registrations: Registrations): Inward {
  const calleeAt = (index: number): Callee => inside.callees[index]!
  return {
    load: (source) => inside.answer(0, loaded(source, inside.verbosity())),
    registered: () => {
      registrations.close()
      for (const { name, callback } of registrations.clusterFunctions) inside.scope.clusterFunctions.set(name, callback)
      const indexes = new Map<Callback, number>()
      const indexOf = (callback: Callback): readonly [number, boolean] => {
        const index = indexes.get(callback) ?? inside.callees.push(new Callee(callback, inside.scope)) - 1
        indexes.set(callback, index)
        return [index, inside.callees[index]!.isAsync]
      }
      const told = stringify(withCallbacks(registrations, indexOf))
      inside.last = { root: REGISTERED, wired: told }
      return told
    },
    enter: (index, actor, root, mayWait, isRaw, ...words) => {
      const answer = calleeAt(index).begin(inside.actor(actor, root), words.map(raw), { mayWait, isRaw })
      return inside.atOnce(root, answer)
    },
    start: (index, actor, root, isRaw, ...words) =>
      inside.direct(root, () => {
        const manner = { mayWait: true, isRaw }
        return calleeAt(index).begin(inside.actor(actor, root), words.map(raw), manner)
      }),
    fire: (index, actor, root, data, key, kept, isKept) => {
      const fire = () => {
        const value = inside.kept.get(kept) ?? dataOf(data, key)
        if (isKept) inside.kept.set(kept, value)
        else inside.kept.delete(kept)
        const outcome = calleeAt(index).fire(inside.actor(actor, root), value, isKept)
        if (outcome !== undefined) inside.kept.delete(kept)
        return outcome
      }
      if (!calleeAt(index).isAsync) return inside.atOnce(root, fire())
      inside.direct(root, fire)
      return PROMISED
    },
    unit: (unit) => inside.units.get(unit)?.(),
    run: (job) => {
      const run = inside.jobs.get(job)
      inside.jobs.delete(job)
      run?.()
    },
    rested: (job) => inside.rested(job),
    settle: (later, wired) => {
      const settle = inside.laters.get(later)
      inside.laters.delete(later)
      settle?.(fromWire(wired))
    },
    reset: () => {
      inside.scope.locked = false
      inside.isDirect = false
    },
    look: (root) => {
      const { outcomes } = inside
      const isPending = apply(hasOf, outcomes, [root])
      const wired: Wired | undefined = apply(getOf, outcomes, [root])
      apply(deleteOf, outcomes, [root])
      if (isPending) return wired ?? (wired === null ? null : PROMISED)
      return inside.last.root === root ? inside.last.wired : undefined
    },
  }
}

/** Runs the library's text as a script of this context. */
function loaded(source: string, verbosity: number): ReplyError | undefined {
  try {
    globally(`${source}\n//# sourceURL=library.js`)
    return undefined
  } catch (error) {
    return toError(error, verbosity)
  }
}

function dataOf(data: Wired, key: string | null): TriggerData {
  return key === null ? new MapData(mapOf(data)) : new KeyData(String(data), raw(key))
}

function mapOf(wired: Wired): MapReply {
  const data = fromWire(wired)
  return data instanceof MapReply ? data : new MapReply([])
}
