/** Typed methods of the sorted-set commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The sorted-set commands as methods. */
export interface SortedSetMethods {
  /** `BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]`: Pops members from the first sorted set among the given keys that has any, waiting for one. */
  bzmpop(
    timeout: number,
    keys: readonly Text[],
    where: 'MIN' | 'MAX',
    options?: { count?: number },
  ): Promise<[string, [string, number][]] | null>
  /** `BZPOPMAX key [key ...] timeout`: Takes the highest member of the first sorted set among the given keys that has any, waiting for one. */
  bzpopmax(keys: readonly Text[], timeout: number): Promise<[string, string, number] | null>
  /** `BZPOPMIN key [key ...] timeout`: Takes the lowest member of the first sorted set among the given keys that has any, waiting for one. */
  bzpopmin(keys: readonly Text[], timeout: number): Promise<[string, string, number] | null>
  /** `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`: Gives members scores, adding those that are new; on conditions, or by adding to the score there is. */
  zadd(
    key: Text,
    pairs: readonly Text[],
    options: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean; ch?: boolean; incr: true },
  ): Promise<number | null>
  zadd(
    key: Text,
    pairs: readonly Text[],
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean; ch?: boolean; incr?: boolean },
  ): Promise<number>
  /** `ZCARD key`: Tells how many members a sorted set has. */
  zcard(key: Text): Promise<number>
  /** `ZCOUNT key min max`: Counts the members with scores in a range. */
  zcount(key: Text, min: Text | number, max: Text | number): Promise<number>
  /** `ZDIFF numkeys key [key ...] [WITHSCORES]`: Gives the members of the first sorted set that no other has. */
  zdiff(keys: readonly Text[], options: { withscores: true }): Promise<[string, number][]>
  zdiff(keys: readonly Text[], options?: { withscores?: boolean }): Promise<string[]>
  /** `ZDIFFSTORE destination numkeys key [key ...]`: Stores the members of the first sorted set that no other has; answers how many they are. */
  zdiffstore(destination: Text, keys: readonly Text[]): Promise<number>
  /** `ZINCRBY key increment member`: Adds to the score of a member, which counts as 0 when it is missing; gives the sum. */
  zincrby(key: Text, increment: number, member: Text): Promise<number>
  /** `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]`: Gives the members that all sorted sets share, with their scores combined. */
  zinter(
    keys: readonly Text[],
    options: { weights?: readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores: true },
  ): Promise<[string, number][]>
  zinter(
    keys: readonly Text[],
    options?: { weights?: readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores?: boolean },
  ): Promise<string[]>
  /** `ZINTERCARD numkeys key [key ...] [LIMIT limit]`: Counts the members that all sorted sets share, up to a limit. */
  zintercard(keys: readonly Text[], options?: { limit?: number }): Promise<number>
  /** `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]`: Stores the members that all sorted sets share, with their scores combined; answers how many they are. */
  zinterstore(
    destination: Text,
    keys: readonly Text[],
    options?: { weights?: readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX' },
  ): Promise<number>
  /** `ZLEXCOUNT key min max`: Counts the members between two members, where all scores are equal. */
  zlexcount(key: Text, min: Text, max: Text): Promise<number>
  /** `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`: Pops members from the first sorted set among the given keys that has any. */
  zmpop(
    keys: readonly Text[],
    where: 'MIN' | 'MAX',
    options?: { count?: number },
  ): Promise<[string, [string, number][]] | null>
  /** `ZMSCORE key member [member ...]`: Gives the scores of several members. */
  zmscore(key: Text, members: readonly Text[]): Promise<(number | null)[]>
  /** `ZPOPMAX key [count]`: Takes the members with the highest scores out of a sorted set. */
  zpopmax(key: Text, options: { count: number }): Promise<[string, number][]>
  zpopmax(key: Text, options?: { count?: number }): Promise<[string, number]>
  /** `ZPOPMIN key [count]`: Takes the members with the lowest scores out of a sorted set. */
  zpopmin(key: Text, options: { count: number }): Promise<[string, number][]>
  zpopmin(key: Text, options?: { count?: number }): Promise<[string, number]>
  /** `ZRANDMEMBER key [count [WITHSCORES]]`: Gives a member by chance; with a count several: distinct ones, or with repeats when it is negative. */
  zrandmember(key: Text, options: { count?: number | bigint; withscores: true }): Promise<[string, number][]>
  zrandmember(key: Text, options: { count: number | bigint; withscores?: boolean }): Promise<string[]>
  zrandmember(key: Text, options?: { count?: number | bigint; withscores?: boolean }): Promise<string | null>
  /** `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`: Gives the members in a range of ranks, scores or members, upwards or downwards. */
  zrange(
    key: Text,
    start: Text,
    stop: Text,
    options: { byscore?: boolean; bylex?: boolean; rev?: boolean; limit?: readonly [number, number]; withscores: true },
  ): Promise<[string, number][]>
  zrange(
    key: Text,
    start: Text,
    stop: Text,
    options?: {
      byscore?: boolean
      bylex?: boolean
      rev?: boolean
      limit?: readonly [number, number]
      withscores?: boolean
    },
  ): Promise<string[]>
  /** `ZRANGEBYLEX key min max [LIMIT offset count]`: Gives the members between two members, from the lowest up, where all scores are equal. */
  zrangebylex(key: Text, min: Text, max: Text, options?: { limit?: readonly [number, number] }): Promise<string[]>
  /** `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`: Gives the members with scores in a range, from the lowest up. */
  zrangebyscore(
    key: Text,
    min: Text | number,
    max: Text | number,
    options: { withscores: true; limit?: readonly [number, number] },
  ): Promise<[string, number][]>
  zrangebyscore(
    key: Text,
    min: Text | number,
    max: Text | number,
    options?: { withscores?: boolean; limit?: readonly [number, number] },
  ): Promise<string[]>
  /** `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`: Stores the members in a range of ranks, scores or members under another key; answers how many. */
  zrangestore(
    dst: Text,
    src: Text,
    min: Text,
    max: Text,
    options?: { byscore?: boolean; bylex?: boolean; rev?: boolean; limit?: readonly [number, number] },
  ): Promise<number>
  /** `ZRANK key member`: Tells how many members stand below a member. */
  zrank(key: Text, member: Text): Promise<number | null>
  /** `ZREM key member [member ...]`: Removes members and answers how many there were; an empty sorted set is removed. */
  zrem(key: Text, members: readonly Text[]): Promise<number>
  /** `ZREMRANGEBYLEX key min max`: Removes the members between two members, where all scores are equal, and answers how many there were. */
  zremrangebylex(key: Text, min: Text, max: Text): Promise<number>
  /** `ZREMRANGEBYRANK key start stop`: Removes the members between two ranks and answers how many there were. */
  zremrangebyrank(key: Text, start: number, stop: number): Promise<number>
  /** `ZREMRANGEBYSCORE key min max`: Removes the members with scores in a range and answers how many there were. */
  zremrangebyscore(key: Text, min: Text | number, max: Text | number): Promise<number>
  /** `ZREVRANGE key start stop [WITHSCORES]`: Gives the members between two ranks counted from the highest. */
  zrevrange(key: Text, start: number, stop: number, options: { withscores: true }): Promise<[string, number][]>
  zrevrange(key: Text, start: number, stop: number, options?: { withscores?: boolean }): Promise<string[]>
  /** `ZREVRANGEBYLEX key max min [LIMIT offset count]`: Gives the members between two members, from the highest down, where all scores are equal. */
  zrevrangebylex(key: Text, max: Text, min: Text, options?: { limit?: readonly [number, number] }): Promise<string[]>
  /** `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`: Gives the members with scores in a range, from the highest down. */
  zrevrangebyscore(
    key: Text,
    max: Text | number,
    min: Text | number,
    options: { withscores: true; limit?: readonly [number, number] },
  ): Promise<[string, number][]>
  zrevrangebyscore(
    key: Text,
    max: Text | number,
    min: Text | number,
    options?: { withscores?: boolean; limit?: readonly [number, number] },
  ): Promise<string[]>
  /** `ZREVRANK key member`: Tells how many members stand above a member. */
  zrevrank(key: Text, member: Text): Promise<number | null>
  /** `ZSCAN key cursor [MATCH pattern] [COUNT count]`: Gives some members with their scores and a cursor to go on with; a small sorted set comes at once. */
  zscan(key: Text, cursor: Text, options?: { pattern?: Text; count?: number }): Promise<[string, string[]]>
  /** `ZSCORE key member`: Gives the score of a member. */
  zscore(key: Text, member: Text): Promise<number | null>
  /** `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]`: Gives the members of all sorted sets, with their scores combined. */
  zunion(
    keys: readonly Text[],
    options: { weights?: readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores: true },
  ): Promise<[string, number][]>
  zunion(
    keys: readonly Text[],
    options?: { weights?: readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores?: boolean },
  ): Promise<string[]>
  /** `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]`: Stores the members of all sorted sets, with their scores combined; answers how many they are. */
  zunionstore(
    destination: Text,
    keys: readonly Text[],
    options?: { weights?: readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX' },
  ): Promise<number>
}
