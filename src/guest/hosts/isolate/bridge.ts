/**
 * The bridge: what the engine's side and the inside of an isolate call on each other.
 *
 * The one idea: only strings, numbers, booleans and null cross, and short words by the slate (slate.ts). The inside never
 * waits for the engine but in two places: `exchange`, `call` and `callLater`, which are only called in a section, on the
 * engine's own thread; and `block`, during which the isolate is free. So neither side can wait for the other in a circle. All that comes out is checked: the inside
 * shares its heap with the library.
 */
import type { Wired } from './wire.ts'

/** What the inside calls. Numbers: actors, roots (the call on whose behalf code runs), units, jobs, laters. */
export interface Outward {
  /** Runs a command of the section that is open. */
  call(...argv: readonly string[]): Wired
  /** Runs a command that may wait; its answer comes by `settle(later, …)`. */
  callLater(later: number, root: number, ...argv: readonly string[]): void
  /** Wants `run(job)` to be called in the background. Does not wait. */
  queue(job: number, root: number): void
  /** The promise of a call has come to something. Does not wait. */
  settled(root: number, wired: Wired): void
  /** Does not wait. */
  log(line: string): void
}

/** What runs the command on the slate; its answer, or undefined when that stands on the slate. */
export interface Exchange {
  applySync(): Wired | undefined
}

/** What waits while the isolate is free: a section for background code. Gives the refusal, or null. */
export interface Blocking {
  applySyncPromise(receiver: undefined, args: readonly [actor: number, isReadOnly: boolean, unit: number]): unknown
}

/** Cells of the memory that both sides see. */
export const CELL = {
  /** The number of the job that the isolate's thread runs; 0 when it can be entered. */
  running: 0,
  /** `error-verbosity`. */
  verbosity: 1,
} as const
export const CELLS = 2

/** What `enter` and `fire` give for a promise. */
export const PROMISED = '\0>'

/** What the engine's side gets thrown in place of a rejection that the library forgot. */
export const FORGOTTEN = 0
/** The root by which what was registered is looked for, and one that no call has. */
export const REGISTERED = -1
export const NO_ROOT = -2

/** What the engine's side calls. Undefined comes from code that the library has broken. */
export interface Inward {
  /** Runs the library's text; what it threw, as an error, or null. */
  load(source: string): Wired | undefined
  /** Registering is over: tells what was registered, as JSON. */
  registered(): string | undefined
  /** Calls a plain function in the open unit. */
  enter(
    callback: number,
    actor: number,
    root: number,
    mayWait: boolean,
    isRaw: boolean,
    ...words: string[]
  ): Wired | undefined
  /** Calls an async function, in the background. */
  start(callback: number, actor: number, root: number, isRaw: boolean, ...words: string[]): void
  /**
   * Calls a trigger's callback. `data` is a wired map; beside a `key` it is the name of the key's event. `kept` names data
   * that is there or that is to be kept.
   */
  fire(
    callback: number,
    actor: number,
    root: number,
    data: Wired,
    key: string | null,
    kept: number,
    isKept: boolean,
  ): Wired | undefined
  /** Runs the section of a background that waits for it. */
  unit(unit: number): void
  /** Runs what was queued. */
  run(job: number): void
  /** Comes behind a job: the thread is through with it. */
  rested(job: number): void
  /** Answers a `callLater`. */
  settle(later: number, wired: Wired): void
  /** Code was cut, and no `finally` has run: nothing is in a section any more. */
  reset(): void
  /** What a call has come to by now, `PROMISED` when it has not, undefined when it was cut before it could say. */
  look(root: number): Wired | undefined
}
