/**
 * IsolateGuest: a library in an isolate, from the engine's side.
 *
 * The one idea: plain callbacks run on the engine's thread, entered like a function call with V8 watching the time; async
 * ones on the isolate's own thread (thread.ts). Whatever the inside says is checked here: it can run commands only while
 * the engine has entered it, as whoever the engine entered it for. An isolate that has used up its memory is gone; its
 * library answers that, until it is deleted or replaced.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Isolate, Reference } from 'isolated-vm'
import { type Argv, type Bytes, bytes, isAscii, text } from '../../../base/bytes.ts'
import { type Reply, ReplyError } from '../../../base/reply.ts'
import { CANNOT_WAIT, DROPPED } from '../../callee.ts'
import { UNREGISTERED } from '../../clients.ts'
import {
  BUSY,
  type CallManner,
  type FireOutcome,
  type Guest,
  type GuestCallback,
  type GuestState,
  KeyData,
  type Limits,
  TERMINATED,
  type TriggerData,
} from '../../host.ts'
import { ABORTING, lockedText, NOT_ABORTING } from '../../notices.ts'
import { type Registered, withCallbacks } from '../../registrations.ts'
import type { Actor, Store } from '../../store.ts'
import { CELL, FORGOTTEN, type Inward, PROMISED, REGISTERED } from './bridge.ts'
import type { CallbackMark } from './registered-text.ts'
import { SlateReader } from './slate-reader.ts'
import { Thread } from './thread.ts'
import { fromWire, toWire, type Wired } from './wire.ts'

/** How long callers that cannot be answered later wait for a job to end: all of them together. */
const PATIENCE_MS = 50
/** What ending takes beyond a job's limit. */
const LEEWAY_MS = 250
/** What isolated-vm throws for code that is out of time. */
const OUT_OF_TIME = 'Script execution timed out.'
const STOPPED = new ReplyError(TERMINATED)
const EXHAUSTED = new ReplyError('JS engine reached OOM state and can not run any more code')
const NOT_LOCKED = new ReplyError('Main thread is not locked')
const NO_COMMAND = new ReplyError('Can not convert value at position 0 into string. Wrong number of arguments given.')
const NOT_BYTES = /[^\0-\xff]/
const INVALID = 'Use of invalid function context'
const LONGEST_LINE = 4096

/** The functions of the inside, by name. */
export type InwardReferences = { readonly [K in keyof Inward]: Reference<Inward[K]> }

/** What an isolate needs of its surroundings. */
export interface Surroundings {
  readonly isolate: Isolate
  readonly cells: Int32Array
  readonly slate: SharedArrayBuffer
  readonly limits: Limits
  readonly store: Store
  readonly log: (line: string) => void
  readonly warn: (line: string) => void
  readonly elapsedMs: () => number
}

type Settle = (reply: Reply) => void

export class IsolateGuest implements Guest {
  readonly #around: Surroundings
  readonly #thread: Thread
  readonly #slate: SlateReader
  #inward: InwardReferences | undefined = undefined
  #registered: Registered<GuestCallback> | undefined = undefined
  /** For whom the engine has entered; undefined while it is outside. */
  #acting: Actor | undefined = undefined
  readonly #actors: Actor[] = []
  readonly #actorIds = new Map<string, number>()
  /** Calls that have not come to anything yet. */
  readonly #roots = new Map<number, Settle>()
  readonly #pending = new Map<number, string>()
  #lastRoot = 0
  #lastKept = 0
  #isRemoved = false
  #isRetired = false
  #isLeaving = false
  #isExhausted = false

  constructor(around: Surroundings) {
    this.#around = around
    this.#slate = new SlateReader(around.slate)
    this.#thread = new Thread(
      around.cells,
      ({ root }, error) => this.#cut(root, error),
      () => this.#leave(),
      (job) => this.#inward!.rested.applyIgnored(undefined, [job]),
    )
  }

  get registered(): Registered<GuestCallback> {
    return this.#registered!
  }

  get state(): GuestState {
    return this.#thread.state
  }

  get pendingCalls(): readonly string[] {
    return [...this.#pending.values()]
  }

  get pendingJobs(): number {
    return this.#thread.length
  }

  whenFree(): Promise<void> {
    return this.#thread.whenFree()
  }

  letsIn(patienceMs: number): boolean {
    return this.#thread.letsIn(patienceMs)
  }

  remove(): void {
    this.#isRemoved = true
    this.#leave()
  }

  retire(): void {
    this.#isRetired = true
    this.#leave()
  }

  /**
   * A process may exit only when the isolate's thread is at rest: one that waits for the engine would hang it, and one that is
   * just taking its isolate down would crash it. So a job that runs is given the time in which its limit cuts it.
   */
  async end(): Promise<void> {
    this.#isRemoved = true
    this.#thread.stop()
    await within(this.#around.limits.lockMs + LEEWAY_MS, this.#thread.whenOver())
    const isCut = this.#thread.state !== 'idle'
    this.#dispose()
    await this.#thread.whenOver()
    // Jobs have no limit under the policy `kill`. Nothing tells when the thread has taken the isolate down.
    if (isCut) await sleep(LEEWAY_MS)
  }

  /** The inside stands. */
  join(inward: InwardReferences): void {
    this.#inward = inward
  }

  /** Runs the library's text. Throws what it throws, as a string. */
  load(source: string, limitMs: number): void {
    const threw = this.#enter(undefined, limitMs, 0, (options) =>
      this.#inward!.load.applySync(undefined, [source], options),
    )
    if (threw instanceof ReplyError) throw text(threw.message)
  }

  /** Takes what the text has registered. */
  open(read: (json: unknown) => Registered<CallbackMark>): void {
    const json = this.#toldOfRegistered()
    this.#registered = withCallbacks(read(json), (mark) => new IsolateCallback(this, mark))
  }

  #toldOfRegistered(): unknown {
    try {
      return this.#inward!.registered.applySync(undefined, [], { timeout: this.#around.limits.lockMs })
    } catch (error) {
      if (error !== FORGOTTEN) throw error
      return this.#look(REGISTERED)
    }
  }

  // What the inside calls.

  /** Runs the command that stands on the slate. */
  exchange(): Wired | undefined {
    const actor = this.#acting
    if (actor === undefined) return toWire(NOT_LOCKED)
    const argv = this.#slate.words()
    return this.#slate.answer(argv === undefined ? NO_COMMAND : actor.call(argv))
  }

  call(argv: readonly string[]): Wired {
    const actor = this.#acting
    if (actor === undefined) return toWire(NOT_LOCKED)
    return toWire(argv.length > 0 && isArgv(argv) ? actor.call(argv) : NO_COMMAND)
  }

  callLater(later: unknown, root: unknown, ...argv: readonly string[]): void {
    const actor = this.#acting
    if (typeof later !== 'number' || typeof root !== 'number') return
    if (actor === undefined || argv.length === 0 || !isArgv(argv)) {
      this.#answer(later, root, actor === undefined ? NOT_LOCKED : NO_COMMAND)
      return
    }
    this.#pending.set(later, argv.map(text).join(' '))
    void actor.callLater(argv).then((reply) => {
      this.#pending.delete(later)
      this.#answer(later, root, reply)
    })
  }

  queue(job: unknown, root: unknown): void {
    if (typeof job !== 'number' || typeof root !== 'number') return
    this.#post(root, (options) => this.#inward!.run.apply(undefined, [job], options))
  }

  settled(root: unknown, wired: unknown): void {
    if (typeof root !== 'number') return
    try {
      this.#settle(root, fromWire(wired))
    } catch (error) {
      this.#settle(root, new ReplyError(bytes(String(error))))
    }
  }

  log(line: unknown): void {
    if (typeof line === 'string') this.#around.log(line.slice(0, LONGEST_LINE).replace(/[^\x20-\x7e]/g, '?'))
  }

  /** A section for the background; gives why there is none, or null. */
  async block(actorId: unknown, isReadOnly: unknown, unit: unknown): Promise<string | null> {
    if (this.#thread.state !== 'running' || typeof unit !== 'number') return INVALID
    return this.#thread.section(() => {
      if (this.#isRemoved) return UNREGISTERED
      const actor = typeof actorId === 'number' ? this.#actors[actorId]?.fork(isReadOnly === true) : undefined
      if (actor === undefined) return INVALID
      const refusal = actor.refusal()
      if (refusal !== undefined) return `Can not lock Redis, ${refusal}`
      const { store, limits } = this.#around
      store.begin()
      try {
        const outcome = this.#enter(actor, limits.lockMs, undefined, (options) =>
          this.#inward!.unit.applySync(undefined, [unit], options),
        )
        return outcome instanceof ReplyError ? text(outcome.message) : null
      } finally {
        store.end()
      }
    })
  }

  // What callbacks call.

  begin(
    { index, isAsync }: CallbackMark,
    actor: Actor,
    words: readonly Bytes[],
    manner: CallManner,
  ): Reply | Promise<Reply> {
    const { mayWait, isRaw } = manner
    if (isAsync && !mayWait) return CANNOT_WAIT
    if (this.#isExhausted) return EXHAUSTED
    const id = this.#actorId(actor)
    const root = ++this.#lastRoot
    if (isAsync) {
      this.#post(root, (options) => this.#inward!.start.apply(undefined, [index, id, root, isRaw, ...words], options))
      return this.#promise(root)
    }
    if (!this.#thread.letsIn(PATIENCE_MS)) return BUSY
    const answer = this.#enter(actor, this.#around.limits.lockMs, root, (options) =>
      this.#inward!.enter.applySync(undefined, [index, id, root, mayWait, isRaw, ...words], options),
    )
    if (answer !== PENDING) return answer
    return mayWait ? this.#promise(root) : CANNOT_WAIT
  }

  fire(
    { index, isAsync }: CallbackMark,
    actor: Actor,
    data: TriggerData,
    isKept: boolean,
  ): FireOutcome | Promise<FireOutcome> {
    if (this.#isExhausted) return EXHAUSTED
    const id = this.#actorId(actor)
    const root = ++this.#lastRoot
    const kept = typeof data.kept === 'number' ? data.kept : isKept ? ++this.#lastKept : 0
    data.kept = isKept ? kept : undefined
    const [told, key] = data instanceof KeyData ? [data.event, data.key] : [toWire(data.fields), null]
    const args: Parameters<Inward['fire']> = [index, id, root, told, key, kept, isKept]
    if (isAsync) {
      this.#post(root, (options) => this.#inward!.fire.apply(undefined, args, options))
      return this.#promise(root).then(failureOf)
    }
    if (!this.#thread.letsIn(PATIENCE_MS)) return BUSY
    const answer = this.#enter(actor, this.#around.limits.lockMs, root, (options) =>
      this.#inward!.fire.applySync(undefined, args, options),
    )
    return answer === PENDING ? this.#promise(root).then(failureOf) : failureOf(answer)
  }

  /** Enters the isolate on the engine's thread. Without a `root` nothing is answered. */
  #enter(
    actor: Actor | undefined,
    limitMs: number,
    root: number | undefined,
    run: (options: { timeout?: number }) => unknown,
  ): Reply | typeof PENDING {
    const { limits, elapsedMs, isolate } = this.#around
    const outer = this.#acting
    const startedMs = limits.stops ? 0 : elapsedMs()
    this.#acting = actor
    this.#around.cells[CELL.verbosity] = limits.verbosity
    try {
      const wired = run(limits.stops ? { timeout: limitMs } : {})
      if (!limits.stops) this.#warnIfLate(elapsedMs() - startedMs, limitMs)
      return root === undefined ? null : this.#read(wired === PROMISED ? this.#outcome(root) : wired)
    } catch (error) {
      if (isolate.isDisposed) return this.#exhaust()
      if (isOutOfTime(error)) {
        if (outer === undefined) this.#reset()
        return this.#stopped(limitMs)
      }
      // What else comes here is a rejection that the library forgot: the answer stands.
      return root === undefined ? null : this.#read(this.#outcome(root))
    } finally {
      this.#acting = outer
    }
  }

  /** What a call has come to by now. */
  #outcome(root: number): unknown {
    const wired = this.#look(root)
    return wired === undefined ? toWire(STOPPED) : wired
  }

  #look(root: number): unknown {
    return this.#inward!.look.applySync(undefined, [root], { timeout: this.#around.limits.lockMs })
  }

  #read(wired: unknown): Reply | typeof PENDING {
    return wired === PROMISED ? PENDING : fromWire(wired)
  }

  #stopped(limitMs: number): ReplyError {
    this.#around.warn(lockedText(limitMs, limitMs))
    this.#around.warn(ABORTING)
    return STOPPED
  }

  #warnIfLate(tookMs: number, limitMs: number): void {
    if (tookMs < limitMs) return
    this.#around.warn(lockedText(Math.round(tookMs), limitMs))
    this.#around.warn(NOT_ABORTING)
  }

  /** V8 has ended the isolate: it was out of memory. */
  #exhaust(): ReplyError {
    this.#isExhausted = true
    this.#thread.stop()
    for (const root of [...this.#roots.keys()]) this.#settle(root, STOPPED)
    this.#pending.clear()
    return STOPPED
  }

  #post(root: number, run: (options: { timeout?: number }) => Promise<unknown>): void {
    const { limits, cells } = this.#around
    this.#thread.post({
      root,
      run: () => {
        cells[CELL.verbosity] = limits.verbosity
        return run(limits.stops ? { timeout: limits.lockMs } : {})
      },
    })
  }

  #answer(later: number, root: number, reply: Reply): void {
    this.#post(root, (options) => this.#inward!.settle.apply(undefined, [later, toWire(reply)], options))
  }

  /** A job did not end as it should. */
  #cut(root: number, error: unknown): void {
    if (this.#around.isolate.isDisposed) this.#exhaust()
    else if (isOutOfTime(error)) {
      this.#reset()
      this.#settle(root, STOPPED)
    }
  }

  #reset(): void {
    try {
      this.#inward!.reset.applySync(undefined, [], { timeout: this.#around.limits.lockMs })
    } catch (error) {
      // What was forgotten before it was cut.
      if (error !== FORGOTTEN) throw error
    }
  }

  #promise(root: number): Promise<Reply> {
    return new Promise((resolve) => void this.#roots.set(root, resolve))
  }

  #settle(root: number, reply: Reply): void {
    const settle = this.#roots.get(root)
    this.#roots.delete(root)
    settle?.(reply)
  }

  #actorId(actor: Actor): number {
    const identity = actor.identity()
    const known = this.#actorIds.get(identity)
    if (known !== undefined) return known
    const id = this.#actors.push(actor.fork()) - 1
    this.#actorIds.set(identity, id)
    return id
  }

  /** Whether nothing can happen in the isolate any more unless it is entered. */
  get #isAtRest(): boolean {
    return this.#pending.size + this.#thread.length === 0 && this.#thread.state === 'idle'
  }

  /** Ends the isolate of a library that is gone, once it is at rest. Who waits for it still waits for what can not come. */
  #leave(): void {
    if ((!this.#isRemoved && !this.#isRetired) || this.#isLeaving || !this.#isAtRest) return
    this.#isLeaving = true
    // Not from within; and what the inside has said last comes with the next turn.
    setImmediate(() => setImmediate(() => this.#left()))
  }

  #left(): void {
    this.#isLeaving = false
    if (this.#isAtRest) this.#dispose()
  }

  #dispose(): void {
    this.#thread.stop()
    for (const root of [...this.#roots.keys()]) this.#settle(root, DROPPED)
    const { isolate } = this.#around
    if (!isolate.isDisposed) isolate.dispose()
  }
}

/** Settles with a promise, or when its time is up. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  const patience = new AbortController()
  const { signal } = patience
  await Promise.race([promise, sleep(ms, undefined, { signal }).catch(() => undefined)])
  patience.abort()
}

const PENDING = Symbol('pending')

/** A callback of a library in an isolate. */
class IsolateCallback implements GuestCallback {
  readonly isAsync: boolean
  readonly #guest: IsolateGuest
  readonly #mark: CallbackMark

  constructor(guest: IsolateGuest, mark: CallbackMark) {
    this.isAsync = mark.isAsync
    this.#guest = guest
    this.#mark = mark
  }

  call(actor: Actor, words: readonly Bytes[], manner: CallManner): Reply | Promise<Reply> {
    return this.#guest.begin(this.#mark, actor, words, manner)
  }

  fire(actor: Actor, data: TriggerData, isKept = false): FireOutcome | Promise<FireOutcome> {
    return this.#guest.fire(this.#mark, actor, data, isKept)
  }
}

const failureOf = (reply: unknown): FireOutcome => (reply instanceof ReplyError ? reply : undefined)

const isOutOfTime = (error: unknown): boolean => error instanceof Error && error.message === OUT_OF_TIME

/** Whether all words are bytes: text of other chars would be taken for what it is not. */
function isArgv(words: readonly unknown[]): words is Argv {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    // Nearly all are ASCII, which is seen faster.
    if (typeof word !== 'string' || (!isAscii(word) && NOT_BYTES.test(word))) return false
  }
  return true
}
