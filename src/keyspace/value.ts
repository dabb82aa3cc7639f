/**
 * Values: what a key can hold, and how a command says which type it expects.
 */
import type { Bytes } from '../base/bytes.ts'
import { WRONGTYPE } from '../base/errors.ts'
import type { FieldHash } from '../structures/field-hash.ts'
import type { Growable } from '../structures/growable.ts'
import type { List } from '../structures/list.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import type { Stream } from '../structures/stream.ts'
import type { StringSet } from '../structures/string-set.ts'

/** A string: an integer (safe numbers only), flat bytes, or a buffer that grows in place. */
export type StringValue = number | Bytes | Growable

/** A value that is not a string; empty ones are never stored (streams apart). */
export type Collection = List | FieldHash | StringSet | SortedSet | Stream

export type Value = StringValue | Collection

/** Redis' TYPE words. */
export type TypeName = 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'

/** A type as commands name it in look-ups; `T` is what they get. */
export class ValueType<T extends Value> {
  readonly name: TypeName
  /** Phantom. */
  readonly types?: T
  constructor(name: TypeName) {
    this.name = name
  }
}

export const STRING = new ValueType<StringValue>('string')
export const LIST = new ValueType<List>('list')
export const HASH = new ValueType<FieldHash>('hash')
export const SET = new ValueType<StringSet>('set')
export const ZSET = new ValueType<SortedSet>('zset')
export const STREAM = new ValueType<Stream>('stream')

/** The TYPE word of a value. */
export function typeOf(value: Value): TypeName {
  return typeof value === 'object' && 'type' in value ? value.type : 'string'
}

/** A value as the type that was asked for; throws WRONGTYPE. */
export function checked<T extends Value>(value: Value, type: ValueType<T>): T {
  if (typeOf(value) !== type.name) throw WRONGTYPE
  return value as T
}

/** Names of the methods that change a value; `find` hides them, `edit` gives them. */
type Mutator =
  | 'pushHead'
  | 'pushTail'
  | 'popHead'
  | 'popTail'
  | 'insert'
  | 'trim'
  | 'removeValue'
  | 'set'
  | 'add'
  | 'delete'
  | 'pop'
  | 'popMin'
  | 'popMax'
  | 'deleteRange'
  | 'append'
  | 'setRange'
  | 'trimToLength'
  | 'trimBelow'
  | 'addGroup'
  | 'advance'
  | 'update'
  | 'expireAt'
  | 'persist'
  | 'takeDue'

/** A value as readers see it. */
export type Reading<T> = T extends number | string ? T : Omit<T, Mutator>
