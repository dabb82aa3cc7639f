/**
 * What a script sees: one handle per key, typed by the kind of value the key holds, and the environment.
 *
 * The one idea: these interfaces are the whole vocabulary of a script, the same on every backend. `methods.ts` says which
 * command each method is and how its reply becomes the result. Conventions: missing is null, positions count from 0,
 * durations are milliseconds, numbers given to commands are written as JavaScript writes them.
 */
import type { Json, Shape } from './shapes.ts'

/** The kinds of keys. `any` offers only what every key has. */
export type KeyKind = 'string' | 'list' | 'hash' | 'set' | 'zset' | 'stream' | 'any'

/** What a command takes as a value. Booleans and null have no agreed text, so they are no values. */
export type Scalar = string | number

/** When `expire` takes effect: always, only without or with a deadline, only if it becomes later or earlier. */
export type ExpireMode = 'always' | 'ifPersistent' | 'ifExpiring' | 'ifLater' | 'ifEarlier'

/** Options of `set` and `getSet`. Flags are written as literals: `{ ifMissing: true }`. */
export interface SetOptions {
  /** The value goes away after so many milliseconds. */
  readonly ttl?: number
  readonly ifMissing?: boolean
  readonly ifExists?: boolean
  readonly keepTtl?: boolean
}

/** What every key has. */
export interface AnyKey {
  /** The key's own name, as the store knows it. */
  readonly name: string
  exists(): boolean
  /** Removes the key; false when there was none. */
  delete(): boolean
  /** The kind of value the key holds; null when it is missing. */
  type(): string | null
  /** Milliseconds until the key goes away: -1 when it stays, null when it is missing. */
  ttl(): number | null
  /** Sets the deadline; false when the key is missing or the mode forbids it. */
  expire(ms: number, mode?: ExpireMode): boolean
  /** Takes the deadline away; false when there was none. */
  persist(): boolean
  /** The key whose name is this name and the parts, joined by colons. Needs `derivedKeys`. */
  child<Q extends KeyKind>(kind: Q, ...parts: Scalar[]): HandleOf[Q]
}

/** A key that holds text. */
export interface StringKey extends AnyKey {
  get(): string | null
  /** False when a condition kept the value from being written. */
  set(value: Scalar, options?: SetOptions): boolean
  /** Sets the value and gives the old one. */
  getSet(value: Scalar, options?: SetOptions): string | null
  /** Adds a number, whole or not; a missing key counts as 0. */
  incrBy(by: number): number
  /** Returns the new length in bytes. */
  append(text: Scalar): number
}

/** A key that holds a list. */
export interface ListKey extends AnyKey {
  /** The new length. */
  pushLeft(...values: Scalar[]): number
  pushRight(...values: Scalar[]): number
  popLeft(): string | null
  popRight(): string | null
  popManyLeft(count: number): string[]
  popManyRight(count: number): string[]
  /** From start to stop, both included; negative positions count from the end. */
  range(start: number, stop: number): string[]
  at(index: number): string | null
  setAt(index: number, value: Scalar): void
  length(): number
}

/** A key that holds a hash. */
export interface HashKey extends AnyKey {
  get(field: Scalar): string | null
  /** One entry per field asked for, null where it is missing. */
  getMany<F extends string>(...fields: F[]): Record<F, string | null>
  getAll(): Record<string, string>
  /** True when the field is new. */
  set(field: Scalar, value: Scalar): boolean
  /** How many fields are new. */
  setAll(values: Readonly<Record<string, Scalar>>): number
  /** How many fields were removed. */
  remove(...fields: Scalar[]): number
  incrBy(field: Scalar, by: number): number
  has(field: Scalar): boolean
  fields(): string[]
  values(): string[]
  size(): number
}

/** A key that holds a set. */
export interface SetKey extends AnyKey {
  add(...members: Scalar[]): number
  remove(...members: Scalar[]): number
  has(member: Scalar): boolean
  members(): string[]
  size(): number
}

/** A key that holds a sorted set. */
export interface SortedSetKey extends AnyKey {
  /** True when the member is new. */
  add(member: Scalar, score: number): boolean
  remove(...members: Scalar[]): number
  /** The new score. */
  incrBy(member: Scalar, by: number): number
  score(member: Scalar): number | null
  /** The members with the highest scores, highest first; one unless a count is given. */
  popMax(count?: number): [string, number][]
  popMin(count?: number): [string, number][]
  /** Members by rank, both ends included. */
  range(start: number, stop: number): string[]
  size(): number
}

/** An entry of a stream. Of a field that stands twice, the last value is seen. */
export interface StreamEntry {
  readonly id: string
  readonly fields: Record<string, string>
}

/** A key that holds a stream. */
export interface StreamKey extends AnyKey {
  /** Appends an entry and gives its id. `maxLength` trims the oldest entries beyond it. */
  add(fields: Readonly<Record<string, Scalar>>, options?: { readonly id?: string; readonly maxLength?: number }): string
  /** Entries from one id to another, both included; `-` and `+` are the ends. */
  range(from?: string, to?: string, count?: number): StreamEntry[]
  length(): number
  /** Keeps so many of the newest entries; returns how many were removed. */
  trim(maxLength: number): number
  delete(): boolean
  /** Removes entries by their ids; returns how many there were. */
  remove(...ids: string[]): number
}

/** The handle of a kind of key. */
export interface HandleOf {
  string: StringKey
  list: ListKey
  hash: HashKey
  set: SetKey
  zset: SortedSetKey
  stream: StreamKey
  any: AnyKey
}

/** The handles of a script's keys. */
export type KeyHandles<K extends Readonly<Record<string, KeyKind>>> = { readonly [N in keyof K]: HandleOf[K[N]] }

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning'

/** What a script can do besides its keys. */
export interface ScriptEnv {
  /** Writes a line to the store's log. */
  log(level: LogLevel, message: string): void
  /** The number that a text spells in decimal; null for anything else, null included. */
  toNumber(text: string | null | undefined): number | null
  /** The value that a JSON text holds, checked; fails with BAD_JSON. Without a shape it can only be passed on. */
  parseJson<T>(text: string, shape: Shape<T>): T
  parseJson(text: string): Json
  /** JSON with the names of objects in byte order. */
  toJson(value: unknown): string
  /** The same text, known to be ASCII from here on; fails with NOT_ASCII. Positions in text need it. */
  ascii(text: string): string
  /** Ends the script with an error. What was written stays. `code` is a literal of capitals, digits and underscores. */
  fail(code: string, message: string): never
  /** The store's time, in milliseconds since 1970; it stands still during the script. */
  nowMs(): number
  /** Any other command. The name is a literal; replies become JSON values (null for missing, text for status). */
  call(command: string, ...args: Scalar[]): Json
}
