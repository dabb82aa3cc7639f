/** Typed methods of the set commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The set commands as methods. */
export interface SetMethods<M, S> {
  /** `SADD key member [member ...]`: Adds members to a set, made when it is missing; answers how many are new. */
  sadd(key: Text, members: Value | readonly Value[]): Returned<M, number>
  /** `SCARD key`: Counts the members of a set. */
  scard(key: Text): Returned<M, number>
  /** `SDIFF key [key ...]`: Gives the members of the first set that no other set has. */
  sdiff(keys: Text | readonly Text[]): Returned<M, Set<S>>
  /** `SDIFFSTORE destination key [key ...]`: Stores the members of the first set that no other set has; answers how many they are. */
  sdiffstore(destination: Text, keys: Text | readonly Text[]): Returned<M, number>
  /** `SINTER key [key ...]`: Gives the members that all sets share. */
  sinter(keys: Text | readonly Text[]): Returned<M, Set<S>>
  /** `SINTERCARD numkeys key [key ...] [LIMIT limit]`: Counts the members that all sets share, up to a limit. */
  sintercard(keys: Text | readonly Text[], options?: { limit?: number }): Returned<M, number>
  /** `SINTERSTORE destination key [key ...]`: Stores the members that all sets share; answers how many they are. */
  sinterstore(destination: Text, keys: Text | readonly Text[]): Returned<M, number>
  /** `SISMEMBER key member`: Tells whether a set has a member. */
  sismember(key: Text, member: Value): Returned<M, number>
  /** `SMEMBERS key`: Gives all members of a set. */
  smembers(key: Text): Returned<M, Set<S>>
  /** `SMISMEMBER key member [member ...]`: Tells of several words which are members of a set. */
  smismember(key: Text, members: Value | readonly Value[]): Returned<M, number[]>
  /** `SMOVE source destination member`: Moves a member from one set to another; answers whether it was there. */
  smove(source: Text, destination: Text, member: Value): Returned<M, number>
  /** `SPOP key [count]`: Removes and gives a member by chance, or several distinct ones. */
  spop(key: Text, options: { count: number }): Returned<M, Set<S>>
  spop(key: Text, options?: { count?: number }): Returned<M, S | null>
  /** `SRANDMEMBER key [count]`: Gives a member by chance; with a count several: distinct ones, or with repeats when it is negative. */
  srandmember(key: Text, options: { count: number }): Returned<M, S[]>
  srandmember(key: Text, options?: { count?: number }): Returned<M, S | null>
  /** `SREM key member [member ...]`: Removes members and answers how many there were; an empty set is removed. */
  srem(key: Text, members: Value | readonly Value[]): Returned<M, number>
  /** `SUNION key [key ...]`: Gives the members of all sets, each once. */
  sunion(keys: Text | readonly Text[]): Returned<M, Set<S>>
  /** `SUNIONSTORE destination key [key ...]`: Stores the members of all sets; answers how many they are. */
  sunionstore(destination: Text, keys: Text | readonly Text[]): Returned<M, number>
}
