/** What a snapshot holds under a key: the structures themselves, as the keyspace keeps them. */
import type { Bytes } from '../base/bytes.ts'
import type { FieldHash } from '../structures/field-hash.ts'
import type { Growable } from '../structures/growable.ts'
import type { List } from '../structures/list.ts'
import type { SortedSet } from '../structures/sorted-set.ts'
import type { Stream } from '../structures/stream.ts'
import type { StringSet } from '../structures/string-set.ts'

/** A value of any type. A string is a number where it is the plain decimal of a safe integer. */
export type RdbValue = number | Bytes | Growable | List | FieldHash | StringSet | SortedSet | Stream

/** What writing needs of a value: the same, as a reader has it who may not change it. */
export type RdbReading =
  | number
  | Bytes
  | Pick<Growable, 'bytes' | 'length'>
  | Pick<List, 'type' | 'size' | 'forEachFrom' | 'slice'>
  | Pick<FieldHash, 'type' | 'size' | 'encoding' | 'forEach' | 'scan' | 'expiring' | 'deadline' | 'nextDeadline'>
  | Pick<StringSet, 'type' | 'size' | 'encoding' | 'members' | 'scan'>
  | Pick<SortedSet, 'type' | 'size' | 'encoding' | 'forEach' | 'forEachRange'>
  | Pick<Stream, 'type' | 'size' | 'log' | 'lastId' | 'firstId' | 'maxDeletedId' | 'entriesAdded' | 'groups'>
