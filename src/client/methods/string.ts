/** Typed methods of the string commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Entries, Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The string commands as methods. */
export interface StringMethods<M, S> {
  /** `APPEND key value`: Adds bytes to the end of a string, made when it is missing, and gives its new length. */
  append(key: Text, value: Value): Returned<M, number>
  /** `DECR key`: Takes one from the integer value of a key, which counts as 0 when it is missing. */
  decr(key: Text): Returned<M, number>
  /** `DECRBY key decrement`: Takes a number from the integer value of a key, which counts as 0 when it is missing. */
  decrby(key: Text, decrement: number | bigint): Returned<M, number>
  /** `GET key`: Gives the string at a key. */
  get(key: Text): Returned<M, S | null>
  /** `GETDEL key`: Gives the string at a key and removes the key. */
  getdel(key: Text): Returned<M, S | null>
  /** `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`: Gives the string at a key and sets or takes away its deadline. */
  getex(
    key: Text,
    options?: { ex?: Value; px?: Value; exat?: Value | Date; pxat?: Value | Date; persist?: boolean },
  ): Returned<M, S | null>
  /** `GETRANGE key start end`: Gives the part of a string between two offsets, both included. */
  getrange(key: Text, start: number, end: number): Returned<M, S>
  /** `GETSET key value`: Stores a string and gives the one that was there. */
  getset(key: Text, value: Value): Returned<M, S | null>
  /** `INCR key`: Adds one to the integer value of a key, which counts as 0 when it is missing. */
  incr(key: Text): Returned<M, number>
  /** `INCRBY key increment`: Adds a number to the integer value of a key, which counts as 0 when it is missing. */
  incrby(key: Text, increment: number | bigint): Returned<M, number>
  /** `INCRBYFLOAT key increment`: Adds a float to the number a string spells, which counts as 0 when it is missing; gives the new string. */
  incrbyfloat(key: Text, increment: Value): Returned<M, S>
  /** `LCS key1 key2 [LEN] [IDX] [MINMATCHLEN min-match-len] [WITHMATCHLEN]`: Finds the longest subsequence that two strings have in common. */
  lcs(
    key1: Text,
    key2: Text,
    options: { len?: boolean; idx: true; minmatchlen?: Value; withmatchlen: true },
  ): Returned<M, { matches: [[number, number], [number, number], number][]; len: number }>
  lcs(
    key1: Text,
    key2: Text,
    options: { len?: boolean; idx: true; minmatchlen?: Value; withmatchlen?: boolean },
  ): Returned<M, { matches: [[number, number], [number, number]][]; len: number }>
  lcs(
    key1: Text,
    key2: Text,
    options: { len: true; idx?: boolean; minmatchlen?: Value; withmatchlen?: boolean },
  ): Returned<M, number>
  lcs(
    key1: Text,
    key2: Text,
    options?: { len?: boolean; idx?: boolean; minmatchlen?: Value; withmatchlen?: boolean },
  ): Returned<M, S>
  /** `MGET key [key ...]`: Gives the strings at many keys; null for what is missing or no string. */
  mget(keys: Text | readonly Text[]): Returned<M, (S | null)[]>
  /** `MSET key value [key value ...]`: Stores many strings at once. */
  mset(pairs: Entries): Returned<M, 'OK'>
  /** `MSETNX key value [key value ...]`: Stores many strings at once, unless one of the keys is there. */
  msetnx(pairs: Entries): Returned<M, number>
  /** `PSETEX key milliseconds value`: Stores a string that expires after some milliseconds. */
  psetex(key: Text, milliseconds: Value, value: Value): Returned<M, 'OK'>
  /** `SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`: Stores a string under a key, whatever was there; on conditions, with a deadline, or giving the old one. */
  set(
    key: Text,
    value: Value,
    options: {
      nx?: boolean
      xx?: boolean
      get: true
      ex?: Value
      px?: Value
      exat?: Value | Date
      pxat?: Value | Date
      keepttl?: boolean
    },
  ): Returned<M, S | null>
  set(
    key: Text,
    value: Value,
    options?: {
      nx?: boolean
      xx?: boolean
      get?: boolean
      ex?: Value
      px?: Value
      exat?: Value | Date
      pxat?: Value | Date
      keepttl?: boolean
    },
  ): Returned<M, 'OK' | null>
  /** `SETEX key seconds value`: Stores a string that expires after some seconds. */
  setex(key: Text, seconds: Value, value: Value): Returned<M, 'OK'>
  /** `SETNX key value`: Stores a string only when the key is not there. */
  setnx(key: Text, value: Value): Returned<M, number>
  /** `SETRANGE key offset value`: Writes bytes into a string from an offset on, filling a gap with zero bytes, and gives its length. */
  setrange(key: Text, offset: number, value: Value): Returned<M, number>
  /** `STRLEN key`: Gives the length of the string at a key in bytes, 0 when there is none. */
  strlen(key: Text): Returned<M, number>
  /** `SUBSTR key start end`: Gives the part of a string between two offsets, both included. */
  substr(key: Text, start: number, end: number): Returned<M, S>
}
