/**
 * Host: a place where library code runs, and what such a place promises.
 *
 * The one idea: the engine's side knows a library by what it *registered*: callbacks that can be called, without knowing
 * where they live. A host compiles a text into a `Program`; starting it gives a `Guest` with its registrations
 * (registrations.ts), in each of which the callbacks are `GuestCallback`s. Suites run over hosts and ask for
 * capabilities, never for names.
 *
 * How to call:
 * - `callback.call(actor, words, how)` is a function's call, `callback.fire(actor, data)` a trigger's. Both run a plain
 *   callback at once, in the unit that the caller has opened, and an async one in the background, after it. A promise that
 *   comes back never rejects.
 * - A guest whose background is computing right now is `running`: it cannot be entered, and a plain callback answers with
 *   the error `BUSY`. Who can wait asks `guest.state` first and awaits `whenFree()`; in-process hosts are never `running`.
 * - Limits stop code; the outcome is then the error `TERMINATED`, and commands that ran before stay.
 * - `remove()` ends a guest (DELETE, REPLACE): its background gets no further sections; what it waits for may settle.
 */
import type { Bytes } from '../base/bytes.ts'
import { type MapReply, type Reply, ReplyError } from '../base/reply.ts'
import type { Registered } from './registrations.ts'
import type { Actor, Store } from './store.ts'

export interface Capabilities {
  /** Functions run on the engine's thread, in the caller's unit. */
  readonly sync: boolean
  /** Other clients are served while background code runs without waiting for anything. */
  readonly background: boolean
  /** Code that runs too long is stopped. */
  readonly kill: boolean
  readonly memoryLimit: boolean
  /** Hostile code cannot get out. */
  readonly boundary: boolean
}

export interface Host<Source> {
  readonly name: string
  readonly capabilities: Capabilities
  /** Reads a library without running it; throws what is wrong with the text. */
  compile(source: Source): Program
}

/** A library that has been read and not yet run. */
export interface Program {
  /** A source map, as JSON, from the text that runs to the one that was given, where they differ. */
  readonly textMap?: () => string
  /** Makes a scope and runs the library in it. Throws what the library throws; then nothing of it is left. */
  start(world: World): Guest
}

/** What a library is given. */
export interface World {
  /** The library's name. */
  readonly name: string
  readonly store: Store
  /** The JSON text of CONFIG, known to be an object. */
  readonly config: string | undefined
  /** Takes a line that the library logs: printable ASCII. */
  readonly log: (text: string) => void
  /** Loaded from a snapshot or a log: the longer limit holds for running the text. */
  readonly isRestored?: boolean
}

/** How long code may take, and what is told of its errors; read whenever it matters, so that changes apply at once. */
export interface Limits {
  /** `lock-redis-timeout`: how long code may run in one go. */
  readonly lockMs: number
  /** `db-loading-lock-redis-timeout`: the same for running the text of a library that is restored. */
  readonly loadingMs: number
  /** `library-fatal-failure-policy`: whether code is stopped when its time is up; else it is only told of. */
  readonly stops: boolean
  /** `error-verbosity`: with 2, errors carry their stack in one line. */
  readonly verbosity: number
  /** `library-memory-limit`, in megabytes: the heap of a library that is loaded now, on hosts that keep one. */
  readonly memoryMb: number
}

/** Whether library code runs: `waiting` is background code that waits for a section of its own. */
export type GuestState = 'idle' | 'waiting' | 'running'

/** A library's scope, alive. */
export interface Guest {
  readonly registered: Registered<GuestCallback>
  readonly state: GuestState
  /** Commands issued by `callAsync` and not answered yet, words joined by blanks. */
  readonly pendingCalls: readonly string[]
  /** Background work that waits for its turn. */
  readonly pendingJobs: number
  /** Settles once the guest is not `running`. */
  whenFree(): Promise<void>
  /**
   * Whether it can be entered right now. A background that is at the end of its work is waited for, `patienceMs` at most;
   * work that was waited for in vain is not waited for again.
   */
  letsIn(patienceMs: number): boolean
  /** The library is deleted: no section begins any more; what it waits for may settle. */
  remove(): void
  /** The library is replaced: what it does in the background goes on to its end, sections included. */
  retire(): void
  /** The program is closing: cuts what can be cut, and resolves when nothing of that runs any more. */
  end(): Promise<void>
}

/** How a function is called. */
export interface CallManner {
  /** Whether the caller can wait for a promise. */
  readonly mayWait: boolean
  /** RAW_ARGUMENTS: words become ArrayBuffers. */
  readonly isRaw: boolean
}

/** A function that library code handed over. */
export interface GuestCallback {
  /** Whether it is an async function: it runs in the background only. */
  readonly isAsync: boolean
  /** Calls it with a client and words. What is thrown comes as the reply. A promise never rejects. */
  call(actor: Actor, words: readonly Bytes[], manner: CallManner): Reply | Promise<Reply>
  /**
   * Calls it with a client and the data of a trigger. Undefined when it went well; a promise when it goes on in the
   * background. With `isKept` the data, with whatever the callback did to it, stays for the next `fire` that is given it
   * (`onTriggerFired`, then the callback).
   */
  fire(actor: Actor, data: TriggerData, isKept?: boolean): FireOutcome | Promise<FireOutcome>
}

/** What a trigger's callback came to: undefined, or what it threw. */
export type FireOutcome = ReplyError | undefined

/**
 * What a trigger's callback is told: an object, given as a map reply. In it a bulk becomes text, or null when it is not
 * UTF-8; a `Verbatim` becomes an ArrayBuffer; integers given as bigint become bigint, as number become numbers.
 */
export class MapData {
  readonly fields: MapReply
  /** The host's own: where the value is, once it has been made. */
  kept: unknown = undefined

  constructor(fields: MapReply) {
    this.fields = fields
  }
}

/** What nearly every key event is told as, `{ event, key, key_raw }`: no map is made of what is made for every write. */
export class KeyData {
  readonly event: string
  readonly key: Bytes
  kept: unknown = undefined

  constructor(event: string, key: Bytes) {
    this.event = event
    this.key = key
  }
}

export type TriggerData = MapData | KeyData

/** What code that was stopped leaves behind. */
export const TERMINATED = 'Err Execution was terminated due to OOM or timeout'
/** What a plain callback answers while the library's background is computing. */
export const BUSY = new ReplyError(
  'Err Library is busy: its background code is running and the caller can not wait for it',
)
