/**
 * What library authors see: `redis`, and the clients that functions are given. Types only, for linked libraries.
 */

/** What may stand in a command: text goes as UTF-8, numbers in decimal, buffers as they are. */
export type Word = string | number | bigint | ArrayBuffer | ArrayBufferView

/** A client inside a section: while it runs, nothing else does. */
export interface SectionApi {
  /**
   * Runs a command now. Integers come as bigint, HGETALL as an object, SMEMBERS as a Set, nil as null; strings are decoded
   * as UTF-8. An error reply is thrown, as its text.
   */
  call<T = unknown>(command: string, ...args: readonly Word[]): T
  /** As `call`, strings as `ArrayBuffer`. */
  callRaw<T = unknown>(command: string, ...args: readonly Word[]): T
  /** Runs a command that may wait (BLPOP); the section does not. */
  callAsync<T = unknown>(command: string, ...args: readonly Word[]): Promise<T>
  /** As `callAsync`, strings as `ArrayBuffer`. */
  callAsyncRaw<T = unknown>(command: string, ...args: readonly Word[]): Promise<T>
  /** Whether the caller can wait for a promise. */
  isBlockAllowed(): boolean
  /** Goes on in the background, after this section. */
  executeAsync<T>(run: (client: BackgroundApi) => Promise<T>): Promise<T>
}

/** A client in the background: it reaches the data through sections only. */
export interface BackgroundApi {
  /** Runs `section` in one go, as one unit, and gives what it returns. */
  block<T>(section: (client: SectionApi) => T): T
}

export interface FunctionOptions {
  readonly description?: string
  /** Values of `redis.functionFlags`. */
  readonly flags?: readonly string[]
}

/** Arguments are strings, or buffers under RAW_ARGUMENTS. */
export type SyncFunction = (client: SectionApi, ...args: string[]) => unknown
export type AsyncFunction = (client: BackgroundApi, ...args: string[]) => Promise<unknown>

/** What a key held that is gone. */
export interface OldValue {
  readonly type: 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'
  /** A string's text; lists and sets as arrays; hashes and sorted sets as arrays of pairs; null for what is no text. */
  readonly value: unknown
  /** The same with `ArrayBuffer` in place of text. */
  readonly value_raw: unknown
}

/** What happened to a key. `onTriggerFired` may add to it for the callback. */
export interface KeyEventData {
  /** `set`, `del`, `expired`, `hset`: the names of key space notifications. */
  readonly event: string
  /** The key; null when it is not UTF-8. */
  readonly key: string | null
  readonly key_raw: ArrayBuffer
  /** With `oldValue`, for `del`, `expired` and `evicted`. */
  readonly old?: OldValue
  [added: string]: unknown
}

/** An entry of a stream. What is not UTF-8 is null, part by part. */
export interface StreamEntryData {
  readonly id: readonly [ms: bigint, seq: bigint]
  readonly stream_name: string | null
  readonly stream_name_raw: ArrayBuffer
  /** Names and values, in order: a name may come twice. */
  readonly record: readonly (readonly [name: string | null, value: string | null])[]
  readonly record_raw: readonly (readonly [name: ArrayBuffer, value: ArrayBuffer])[]
}

export interface KeySpaceTriggerOptions {
  readonly description?: string
  /** Called at the instant of the event, also inside MULTI; it may read and add to `data`, and may not write. */
  readonly onTriggerFired?: (client: SectionApi, data: KeyEventData) => void
  /** Only these events: `['set', 'expired']`. */
  readonly events?: readonly string[]
  /** Also for what libraries write, other triggers included, up to 16 deep. */
  readonly includeLibraryWrites?: boolean
  /** Whether `data.old` says what the key held. */
  readonly oldValue?: boolean
}

export interface StreamTriggerOptions {
  readonly description?: string
  /** How many entries of a stream may be in work at once; 1 unless given, which keeps their order. */
  readonly window?: number
  /** Removes what every trigger of the stream has finished. */
  readonly isStreamTrimmed?: boolean
  /** How often a failed entry is tried again, and how long it waits before: twice as long each time. */
  readonly retry?: { readonly attempts?: number; readonly backoffMs?: number }
  /** The stream that gets an entry when nothing helped. */
  readonly deadLetter?: string | ArrayBuffer
}

/** The `redis` object of a library. */
export interface RedisGlobal {
  /** A plain function, called by TFCALL: it runs as one unit. */
  registerFunction(name: string, run: SyncFunction, options?: FunctionOptions): void
  /** An async function, or a plain one that may answer with a promise; called by TFCALLASYNC. */
  registerAsyncFunction(name: string, run: SyncFunction | AsyncFunction, options?: FunctionOptions): void
  /**
   * Runs for every event of a key that begins with `prefix`: a plain callback before the unit ends, an async one after it,
   * with the client of the background: `async (client: BackgroundApi, data) => …`.
   */
  registerKeySpaceTrigger<C extends SectionApi | BackgroundApi = SectionApi>(
    name: string,
    prefix: string | ArrayBuffer,
    run: (client: C, data: KeyEventData) => unknown,
    options?: KeySpaceTriggerOptions,
  ): void
  /** Runs for every entry of the streams whose keys begin with `prefix`, for each at least once. */
  registerStreamTrigger<C extends SectionApi | BackgroundApi = SectionApi>(
    name: string,
    prefix: string | ArrayBuffer,
    run: (client: C, data: StreamEntryData) => unknown,
    options?: StreamTriggerOptions,
  ): void
  registerClusterFunction(...args: readonly unknown[]): void
  readonly functionFlags: {
    readonly NO_WRITES: string
    readonly ALLOW_OOM: string
    readonly RAW_ARGUMENTS: string
  }
  /** What CONFIG said when the library was loaded; an empty object otherwise. */
  readonly config: unknown
  log(text: string): void
  apiVersion(): string
  v8Version(): string
}
