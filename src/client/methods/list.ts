/** Typed methods of the list commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The list commands as methods. */
export interface ListMethods<M, S> {
  /** `BLMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout`: Moves an element from an end of one list to an end of another, waiting for one. */
  blmove(
    source: Text,
    destination: Text,
    whereFrom: 'LEFT' | 'RIGHT',
    whereTo: 'LEFT' | 'RIGHT',
    timeout: number,
  ): Returned<M, S | null>
  /** `BLMPOP timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`: Pops elements from the first list among the given keys that has any, waiting for one. */
  blmpop(
    timeout: number,
    keys: Text | readonly Text[],
    where: 'LEFT' | 'RIGHT',
    options?: { count?: number },
  ): Returned<M, [S, S[]] | null>
  /** `BLPOP key [key ...] timeout`: Takes the first element of the first list among the given keys that has any, waiting for one. */
  blpop(keys: Text | readonly Text[], timeout: number): Returned<M, [S, S] | null>
  /** `BRPOP key [key ...] timeout`: Takes the last element of the first list among the given keys that has any, waiting for one. */
  brpop(keys: Text | readonly Text[], timeout: number): Returned<M, [S, S] | null>
  /** `BRPOPLPUSH source destination timeout`: Moves the last element of one list to the head of another, waiting for one. */
  brpoplpush(source: Text, destination: Text, timeout: number): Returned<M, S | null>
  /** `LINDEX key index`: Gives the element at an index; negative ones count from the tail. */
  lindex(key: Text, index: Value): Returned<M, S | null>
  /** `LINSERT key <BEFORE | AFTER> pivot element`: Puts an element before or after the first one equal to a pivot. */
  linsert(key: Text, where: 'BEFORE' | 'AFTER', pivot: Value, element: Value): Returned<M, number>
  /** `LLEN key`: Tells how many elements a list has. */
  llen(key: Text): Returned<M, number>
  /** `LMOVE source destination <LEFT | RIGHT> <LEFT | RIGHT>`: Moves an element from an end of one list to an end of another. */
  lmove(source: Text, destination: Text, whereFrom: 'LEFT' | 'RIGHT', whereTo: 'LEFT' | 'RIGHT'): Returned<M, S | null>
  /** `LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`: Pops elements from the first list among the given keys that has any. */
  lmpop(
    keys: Text | readonly Text[],
    where: 'LEFT' | 'RIGHT',
    options?: { count?: number },
  ): Returned<M, [S, S[]] | null>
  /** `LPOP key [count]`: Takes elements from the head of a list. */
  lpop(key: Text, options: { count: number }): Returned<M, S[] | null>
  lpop(key: Text, options?: { count?: number }): Returned<M, S | null>
  /** `LPOS key element [RANK rank] [COUNT count] [MAXLEN maxlen]`: Gives the indexes of elements equal to a value. */
  lpos(key: Text, element: Value, options: { rank?: number; count: number; maxlen?: number }): Returned<M, number[]>
  lpos(
    key: Text,
    element: Value,
    options?: { rank?: number; count?: number; maxlen?: number },
  ): Returned<M, number | null>
  /** `LPUSH key element [element ...]`: Puts elements at the head of a list, made when it is missing. */
  lpush(key: Text, elements: Value | readonly Value[]): Returned<M, number>
  /** `LPUSHX key element [element ...]`: Puts elements at the head of a list that exists. */
  lpushx(key: Text, elements: Value | readonly Value[]): Returned<M, number>
  /** `LRANGE key start stop`: Gives the elements between two indexes, both included. */
  lrange(key: Text, start: number, stop: number): Returned<M, S[]>
  /** `LREM key count element`: Removes elements equal to a value: the first ones, the last ones when the count is negative, all for 0. */
  lrem(key: Text, count: number, element: Value): Returned<M, number>
  /** `LSET key index element`: Replaces the element at an index. */
  lset(key: Text, index: Value, element: Value): Returned<M, 'OK'>
  /** `LTRIM key start stop`: Removes all elements but those between two indexes. */
  ltrim(key: Text, start: number, stop: number): Returned<M, 'OK'>
  /** `RPOP key [count]`: Takes elements from the tail of a list. */
  rpop(key: Text, options: { count: number }): Returned<M, S[] | null>
  rpop(key: Text, options?: { count?: number }): Returned<M, S | null>
  /** `RPOPLPUSH source destination`: Moves the last element of one list to the head of another. */
  rpoplpush(source: Text, destination: Text): Returned<M, S | null>
  /** `RPUSH key element [element ...]`: Puts elements at the tail of a list, made when it is missing. */
  rpush(key: Text, elements: Value | readonly Value[]): Returned<M, number>
  /** `RPUSHX key element [element ...]`: Puts elements at the tail of a list that exists. */
  rpushx(key: Text, elements: Value | readonly Value[]): Returned<M, number>
}
