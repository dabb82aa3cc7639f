/** Typed methods of the hash commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Entries, Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The hash commands as methods. */
export interface HashMethods<M, S> {
  /** `HDEL key field [field ...]`: Removes fields and answers how many there were; a hash without fields is removed. */
  hdel(key: Text, fields: Value | readonly Value[]): Returned<M, number>
  /** `HEXISTS key field`: Tells whether a hash has a field. */
  hexists(key: Text, field: Value): Returned<M, number>
  /** `HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`: Lets fields of a hash expire after some seconds. */
  hexpire(
    key: Text,
    seconds: Value,
    fields: Value | readonly Value[],
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number[]>
  /** `HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`: Lets fields of a hash expire at an instant given in seconds since 1970. */
  hexpireat(
    key: Text,
    unixTimeSeconds: Value | Date,
    fields: Value | readonly Value[],
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number[]>
  /** `HEXPIRETIME key FIELDS numfields field [field ...]`: Gives the seconds since 1970 at which fields expire: -1 for never, -2 for one that is not there. */
  hexpiretime(key: Text, fields: Value | readonly Value[]): Returned<M, number[]>
  /** `HGET key field`: Gives the value of a field. */
  hget(key: Text, field: Value): Returned<M, S | null>
  /** `HGETALL key`: Gives all fields with their values. */
  hgetall(key: Text): Returned<M, Map<S, S>>
  /** `HINCRBY key field increment`: Adds to the integer in a field, which counts as 0 when it is missing; gives the sum. */
  hincrby(key: Text, field: Value, increment: number | bigint): Returned<M, number>
  /** `HINCRBYFLOAT key field increment`: Adds a float to the number in a field, which counts as 0 when it is missing; gives the new text. */
  hincrbyfloat(key: Text, field: Value, increment: Value): Returned<M, S>
  /** `HKEYS key`: Gives all fields. */
  hkeys(key: Text): Returned<M, S[]>
  /** `HLEN key`: Counts the fields of a hash. */
  hlen(key: Text): Returned<M, number>
  /** `HMGET key field [field ...]`: Gives the values of fields. */
  hmget(key: Text, fields: Value | readonly Value[]): Returned<M, (S | null)[]>
  /** `HMSET key field value [field value ...]`: Stores values in fields of a hash, made when it is missing. */
  hmset(key: Text, pairs: Entries): Returned<M, 'OK'>
  /** `HPERSIST key FIELDS numfields field [field ...]`: Takes the deadlines of fields away. */
  hpersist(key: Text, fields: Value | readonly Value[]): Returned<M, number[]>
  /** `HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`: Lets fields of a hash expire after some milliseconds. */
  hpexpire(
    key: Text,
    milliseconds: Value,
    fields: Value | readonly Value[],
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number[]>
  /** `HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]`: Lets fields of a hash expire at an instant given in milliseconds since 1970. */
  hpexpireat(
    key: Text,
    unixTimeMilliseconds: Value | Date,
    fields: Value | readonly Value[],
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean },
  ): Returned<M, number[]>
  /** `HPEXPIRETIME key FIELDS numfields field [field ...]`: Gives the milliseconds since 1970 at which fields expire: -1 for never, -2 for one that is not there. */
  hpexpiretime(key: Text, fields: Value | readonly Value[]): Returned<M, number[]>
  /** `HPTTL key FIELDS numfields field [field ...]`: Gives the milliseconds until fields expire: -1 for one that never does, -2 for one that is not there. */
  hpttl(key: Text, fields: Value | readonly Value[]): Returned<M, number[]>
  /** `HRANDFIELD key [count [WITHVALUES]]`: Gives a field by chance; with a count several: distinct ones, or with repeats when it is negative. */
  hrandfield(key: Text, options: { count?: number | bigint; withvalues: true }): Returned<M, [S, S][]>
  hrandfield(key: Text, options: { count: number | bigint; withvalues?: boolean }): Returned<M, S[]>
  hrandfield(key: Text, options?: { count?: number | bigint; withvalues?: boolean }): Returned<M, S | null>
  /** `HSET key field value [field value ...]`: Stores values in fields of a hash, made when it is missing; answers how many fields are new. */
  hset(key: Text, pairs: Entries): Returned<M, number>
  /** `HSETNX key field value`: Stores a value in a field of a hash unless the field exists; answers whether it was stored. */
  hsetnx(key: Text, field: Value, value: Value): Returned<M, number>
  /** `HSTRLEN key field`: Gives the length of a value in bytes. */
  hstrlen(key: Text, field: Value): Returned<M, number>
  /** `HTTL key FIELDS numfields field [field ...]`: Gives the seconds until fields expire: -1 for one that never does, -2 for one that is not there. */
  httl(key: Text, fields: Value | readonly Value[]): Returned<M, number[]>
  /** `HVALS key`: Gives all values. */
  hvals(key: Text): Returned<M, S[]>
}
