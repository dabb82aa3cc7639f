/** Typed methods of the set commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The set commands as methods. */
export interface SetMethods {
  /** `SADD key member [member ...]`: Adds members to a set, made when it is missing; answers how many are new. */
  sadd(key: Text, members: readonly Text[]): Promise<number>
  /** `SCARD key`: Counts the members of a set. */
  scard(key: Text): Promise<number>
  /** `SDIFF key [key ...]`: Gives the members of the first set that no other set has. */
  sdiff(keys: readonly Text[]): Promise<Set<string>>
  /** `SDIFFSTORE destination key [key ...]`: Stores the members of the first set that no other set has; answers how many they are. */
  sdiffstore(destination: Text, keys: readonly Text[]): Promise<number>
  /** `SINTER key [key ...]`: Gives the members that all sets share. */
  sinter(keys: readonly Text[]): Promise<Set<string>>
  /** `SINTERCARD numkeys key [key ...] [LIMIT limit]`: Counts the members that all sets share, up to a limit. */
  sintercard(keys: readonly Text[], options?: { limit?: number }): Promise<number>
  /** `SINTERSTORE destination key [key ...]`: Stores the members that all sets share; answers how many they are. */
  sinterstore(destination: Text, keys: readonly Text[]): Promise<number>
  /** `SISMEMBER key member`: Tells whether a set has a member. */
  sismember(key: Text, member: Text): Promise<number>
  /** `SMEMBERS key`: Gives all members of a set. */
  smembers(key: Text): Promise<Set<string>>
  /** `SMISMEMBER key member [member ...]`: Tells of several words which are members of a set. */
  smismember(key: Text, members: readonly Text[]): Promise<number[]>
  /** `SMOVE source destination member`: Moves a member from one set to another; answers whether it was there. */
  smove(source: Text, destination: Text, member: Text): Promise<number>
  /** `SPOP key [count]`: Removes and gives a member by chance, or several distinct ones. */
  spop(key: Text, options: { count: number }): Promise<Set<string>>
  spop(key: Text, options?: { count?: number }): Promise<string | null>
  /** `SRANDMEMBER key [count]`: Gives a member by chance; with a count several: distinct ones, or with repeats when it is negative. */
  srandmember(key: Text, options: { count: number }): Promise<string[]>
  srandmember(key: Text, options?: { count?: number }): Promise<string | null>
  /** `SREM key member [member ...]`: Removes members and answers how many there were; an empty set is removed. */
  srem(key: Text, members: readonly Text[]): Promise<number>
  /** `SSCAN key cursor [MATCH pattern] [COUNT count]`: Gives some members and a cursor to go on with; an intset comes at once. */
  sscan(key: Text, cursor: Text, options?: { pattern?: Text; count?: number }): Promise<[string, string[]]>
  /** `SUNION key [key ...]`: Gives the members of all sets, each once. */
  sunion(keys: readonly Text[]): Promise<Set<string>>
  /** `SUNIONSTORE destination key [key ...]`: Stores the members of all sets; answers how many they are. */
  sunionstore(destination: Text, keys: readonly Text[]): Promise<number>
}
