/** Typed methods of the string commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The string commands as methods. */
export interface StringMethods {
  /** `APPEND key value`: Adds bytes to the end of a string, made when it is missing, and gives its new length. */
  append(key: Text, value: Text): Promise<number>
  /** `DECR key`: Takes one from the integer value of a key, which counts as 0 when it is missing. */
  decr(key: Text): Promise<number>
  /** `DECRBY key decrement`: Takes a number from the integer value of a key, which counts as 0 when it is missing. */
  decrby(key: Text, decrement: number | bigint): Promise<number>
  /** `GET key`: Gives the string at a key. */
  get(key: Text): Promise<string | null>
  /** `GETDEL key`: Gives the string at a key and removes the key. */
  getdel(key: Text): Promise<string | null>
  /** `GETEX key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]`: Gives the string at a key and sets or takes away its deadline. */
  getex(
    key: Text,
    options?: {
      seconds?: Text | number
      milliseconds?: Text | number
      unixTimeSeconds?: Text | number
      unixTimeMilliseconds?: Text | number
      persist?: boolean
    },
  ): Promise<string | null>
  /** `GETRANGE key start end`: Gives the part of a string between two offsets, both included. */
  getrange(key: Text, start: number, end: number): Promise<string>
  /** `GETSET key value`: Stores a string and gives the one that was there. */
  getset(key: Text, value: Text): Promise<string | null>
  /** `INCR key`: Adds one to the integer value of a key, which counts as 0 when it is missing. */
  incr(key: Text): Promise<number>
  /** `INCRBY key increment`: Adds a number to the integer value of a key, which counts as 0 when it is missing. */
  incrby(key: Text, increment: number | bigint): Promise<number>
  /** `INCRBYFLOAT key increment`: Adds a float to the number a string spells, which counts as 0 when it is missing; gives the new string. */
  incrbyfloat(key: Text, increment: Text | number): Promise<string>
  /** `MGET key [key ...]`: Gives the strings at many keys; null for what is missing or no string. */
  mget(keys: readonly Text[]): Promise<(string | null)[]>
  /** `MSET key value [key value ...]`: Stores many strings at once. */
  mset(pairs: readonly Text[]): Promise<'OK'>
  /** `MSETNX key value [key value ...]`: Stores many strings at once, unless one of the keys is there. */
  msetnx(pairs: readonly Text[]): Promise<number>
  /** `PSETEX key milliseconds value`: Stores a string that expires after some milliseconds. */
  psetex(key: Text, milliseconds: Text | number, value: Text): Promise<'OK'>
  /** `SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]`: Stores a string under a key, whatever was there; on conditions, with a deadline, or giving the old one. */
  set(
    key: Text,
    value: Text,
    options: {
      nx?: boolean
      xx?: boolean
      get: true
      seconds?: Text | number
      milliseconds?: Text | number
      unixTimeSeconds?: Text | number
      unixTimeMilliseconds?: Text | number
      keepttl?: boolean
    },
  ): Promise<string | null>
  set(
    key: Text,
    value: Text,
    options?: {
      nx?: boolean
      xx?: boolean
      get?: boolean
      seconds?: Text | number
      milliseconds?: Text | number
      unixTimeSeconds?: Text | number
      unixTimeMilliseconds?: Text | number
      keepttl?: boolean
    },
  ): Promise<'OK' | null>
  /** `SETEX key seconds value`: Stores a string that expires after some seconds. */
  setex(key: Text, seconds: Text | number, value: Text): Promise<'OK'>
  /** `SETNX key value`: Stores a string only when the key is not there. */
  setnx(key: Text, value: Text): Promise<number>
  /** `SETRANGE key offset value`: Writes bytes into a string from an offset on, filling a gap with zero bytes, and gives its length. */
  setrange(key: Text, offset: number, value: Text): Promise<number>
  /** `STRLEN key`: Gives the length of the string at a key in bytes, 0 when there is none. */
  strlen(key: Text): Promise<number>
  /** `SUBSTR key start end`: Gives the part of a string between two offsets, both included. */
  substr(key: Text, start: number, end: number): Promise<string>
}
