/** Typed methods of the generic commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The generic commands as methods. */
export interface GenericMethods<M, S> {
  /** `COPY source destination [DB destination-db] [REPLACE]`: Copies a value to another key or database. */
  copy(source: Text, destination: Text, options?: { db?: number; replace?: boolean }): Returned<M, number>
  /** `DEL key [key ...]`: Removes keys and gives how many were there. */
  del(keys: Text | readonly Text[]): Returned<M, number>
  /** `DUMP key`: Gives a value as bytes that RESTORE makes the same value of, here or on another server. */
  dump(key: Text): Returned<M, S | null>
  /** `EXISTS key [key ...]`: Counts the keys that are there; one named twice counts twice. */
  exists(keys: Text | readonly Text[]): Returned<M, number>
  /** `EXPIRE key seconds [NX] [XX] [GT] [LT]`: Lets a key expire after some seconds. */
  expire(
    key: Text,
    seconds: Value,
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number>
  /** `EXPIREAT key unix-time-seconds [NX] [XX] [GT] [LT]`: Lets a key expire at an instant given in seconds since 1970. */
  expireat(
    key: Text,
    unixTimeSeconds: Value | Date,
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number>
  /** `EXPIRETIME key`: Gives the second since 1970 at which a key expires: -1 when it never does, -2 when there is none. */
  expiretime(key: Text): Returned<M, number>
  /** `KEYS pattern`: Gives every key that matches a pattern; looks at all keys at once. */
  keys(pattern: Text): Returned<M, S[]>
  /** `MIGRATE host port key destination-db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key [key ...]]`: Sends keys to another server, and removes them here once they are there. */
  migrate(
    host: Value,
    port: number,
    key: Text,
    destinationDb: number,
    timeout: number,
    options?: {
      copy?: boolean
      replace?: boolean
      auth?: Value
      auth2?: readonly [Value, Value]
      keys?: Text | readonly Text[]
    },
  ): Returned<M, 'OK' | 'NOKEY'>
  /** `MOVE key db`: Moves a key to another database, unless that one has it. */
  move(key: Text, db: number): Returned<M, number>
  /** `OBJECT ENCODING key`: Names the form in which a value is held. */
  object_encoding(key: Text): Returned<M, string | null>
  /** `OBJECT FREQ key`: Gives the logarithm of how often a value is used, under an LFU policy. */
  object_freq(key: Text): Returned<M, number | null>
  /** `OBJECT HELP`: Describes the subcommands. */
  object_help(): Returned<M, string[]>
  /** `OBJECT IDLETIME key`: Gives the seconds since a value was last used. */
  object_idletime(key: Text): Returned<M, number | null>
  /** `OBJECT REFCOUNT key`: Gives how often a value is referred to: 1, or the largest 32-bit integer for small shared integers. */
  object_refcount(key: Text): Returned<M, number | null>
  /** `PERSIST key`: Takes a key's deadline away. */
  persist(key: Text): Returned<M, number>
  /** `PEXPIRE key milliseconds [NX] [XX] [GT] [LT]`: Lets a key expire after some milliseconds. */
  pexpire(
    key: Text,
    milliseconds: Value,
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number>
  /** `PEXPIREAT key unix-time-milliseconds [NX] [XX] [GT] [LT]`: Lets a key expire at an instant given in milliseconds since 1970. */
  pexpireat(
    key: Text,
    unixTimeMilliseconds: Value | Date,
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number>
  /** `PEXPIRETIME key`: Gives the millisecond since 1970 at which a key expires: -1 when it never does, -2 when there is none. */
  pexpiretime(key: Text): Returned<M, number>
  /** `PTTL key`: Gives the milliseconds until a key expires: -1 when it never does, -2 when there is none. */
  pttl(key: Text): Returned<M, number>
  /** `RANDOMKEY`: Gives any key, each equally likely. */
  randomkey(): Returned<M, S | null>
  /** `RENAME key newkey`: Gives a value another key, in place of whatever that key held. */
  rename(key: Text, newkey: Text): Returned<M, 'OK'>
  /** `RENAMENX key newkey`: Gives a value another key, unless that key is there. */
  renamenx(key: Text, newkey: Text): Returned<M, number>
  /** `RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ frequency]`: Makes a key of what DUMP gave. */
  restore(
    key: Text,
    ttl: Value,
    serializedValue: Value,
    options?: { replace?: boolean; absttl?: boolean; idletime?: number; freq?: number },
  ): Returned<M, 'OK'>
  /** `SORT key [BY by] [LIMIT offset count] [GET get [GET get ...]] [ASC | DESC] [ALPHA] [STORE destination]`: Sorts the elements of a list, set or sorted set; gives or stores them, or values found by their names. */
  sort(
    key: Text,
    options: {
      by?: Text
      limit?: readonly [number, number]
      get?: Text | readonly Text[]
      asc?: boolean
      desc?: boolean
      alpha?: boolean
      store: Text
    },
  ): Returned<M, number>
  sort(
    key: Text,
    options?: {
      by?: Text
      limit?: readonly [number, number]
      get?: Text | readonly Text[]
      asc?: boolean
      desc?: boolean
      alpha?: boolean
      store?: Text
    },
  ): Returned<M, (S | null)[]>
  /** `SORT_RO key [BY by] [LIMIT offset count] [GET get [GET get ...]] [ASC | DESC] [ALPHA]`: Sorts the elements of a list, set or sorted set; gives them, or values found by their names. */
  sort_ro(
    key: Text,
    options?: {
      by?: Text
      limit?: readonly [number, number]
      get?: Text | readonly Text[]
      asc?: boolean
      desc?: boolean
      alpha?: boolean
    },
  ): Returned<M, (S | null)[]>
  /** `TOUCH key [key ...]`: Marks keys as used now and counts those that are there. */
  touch(keys: Text | readonly Text[]): Returned<M, number>
  /** `TTL key`: Gives the seconds until a key expires: -1 when it never does, -2 when there is none. */
  ttl(key: Text): Returned<M, number>
  /** `TYPE key`: Names the type of the value at a key. */
  type(key: Text): Returned<M, 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream' | 'none'>
  /** `UNLINK key [key ...]`: Removes keys and gives how many were there; the same as DEL here, since memory is collected aside anyway. */
  unlink(keys: Text | readonly Text[]): Returned<M, number>
  /** `WAIT numreplicas timeout`: Waits until so many replicas have what this client wrote, or for so many milliseconds. */
  wait(numreplicas: number, timeout: number): Returned<M, number>
}
