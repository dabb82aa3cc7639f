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

/** The `redis` object of a library. */
export interface RedisGlobal {
  /** A plain function, called by TFCALL: it runs as one unit. */
  registerFunction(name: string, run: SyncFunction, options?: FunctionOptions): void
  /** An async function, or a plain one that may answer with a promise; called by TFCALLASYNC. */
  registerAsyncFunction(name: string, run: SyncFunction | AsyncFunction, options?: FunctionOptions): void
  registerKeySpaceTrigger(...args: readonly unknown[]): void
  registerStreamTrigger(...args: readonly unknown[]): void
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
