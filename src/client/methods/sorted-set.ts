/** Typed methods of the sorted-set commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Entries, Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The sorted-set commands as methods. */
export interface SortedSetMethods<M, S> {
  /** `BZMPOP timeout numkeys key [key ...] <MIN | MAX> [COUNT count]`: Pops members from the first sorted set among the given keys that has any, waiting for one. */
  bzmpop(
    timeout: number,
    keys: Text | readonly Text[],
    where: 'MIN' | 'MAX',
    options?: { count?: number },
  ): Returned<M, [S, [S, number][]] | null>
  /** `BZPOPMAX key [key ...] timeout`: Takes the highest member of the first sorted set among the given keys that has any, waiting for one. */
  bzpopmax(keys: Text | readonly Text[], timeout: number): Returned<M, [S, S, number] | null>
  /** `BZPOPMIN key [key ...] timeout`: Takes the lowest member of the first sorted set among the given keys that has any, waiting for one. */
  bzpopmin(keys: Text | readonly Text[], timeout: number): Returned<M, [S, S, number] | null>
  /** `ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]`: Gives members scores, adding those that are new; on conditions, or by adding to the score there is. */
  zadd(
    key: Text,
    pairs: Entries,
    options: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean; ch?: boolean; incr: true },
  ): Returned<M, number | null>
  zadd(
    key: Text,
    pairs: Entries,
    options?: { nx?: boolean; xx?: boolean; gt?: boolean; lt?: boolean; ch?: boolean; incr?: boolean },
  ): Returned<M, number>
  /** `ZCARD key`: Tells how many members a sorted set has. */
  zcard(key: Text): Returned<M, number>
  /** `ZCOUNT key min max`: Counts the members with scores in a range. */
  zcount(key: Text, min: Value, max: Value): Returned<M, number>
  /** `ZDIFF numkeys key [key ...] [WITHSCORES]`: Gives the members of the first sorted set that no other has. */
  zdiff(keys: Text | readonly Text[], options: { withscores: true }): Returned<M, [S, number][]>
  zdiff(keys: Text | readonly Text[], options?: { withscores?: boolean }): Returned<M, S[]>
  /** `ZDIFFSTORE destination numkeys key [key ...]`: Stores the members of the first sorted set that no other has; answers how many they are. */
  zdiffstore(destination: Text, keys: Text | readonly Text[]): Returned<M, number>
  /** `ZINCRBY key increment member`: Adds to the score of a member, which counts as 0 when it is missing; gives the sum. */
  zincrby(key: Text, increment: number, member: Value): Returned<M, number>
  /** `ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]`: Gives the members that all sorted sets share, with their scores combined. */
  zinter(
    keys: Text | readonly Text[],
    options: { weights?: number | readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores: true },
  ): Returned<M, [S, number][]>
  zinter(
    keys: Text | readonly Text[],
    options?: { weights?: number | readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores?: boolean },
  ): Returned<M, S[]>
  /** `ZINTERCARD numkeys key [key ...] [LIMIT limit]`: Counts the members that all sorted sets share, up to a limit. */
  zintercard(keys: Text | readonly Text[], options?: { limit?: number }): Returned<M, number>
  /** `ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]`: Stores the members that all sorted sets share, with their scores combined; answers how many they are. */
  zinterstore(
    destination: Text,
    keys: Text | readonly Text[],
    options?: { weights?: number | readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX' },
  ): Returned<M, number>
  /** `ZLEXCOUNT key min max`: Counts the members between two members, where all scores are equal. */
  zlexcount(key: Text, min: Value, max: Value): Returned<M, number>
  /** `ZMPOP numkeys key [key ...] <MIN | MAX> [COUNT count]`: Pops members from the first sorted set among the given keys that has any. */
  zmpop(
    keys: Text | readonly Text[],
    where: 'MIN' | 'MAX',
    options?: { count?: number },
  ): Returned<M, [S, [S, number][]] | null>
  /** `ZMSCORE key member [member ...]`: Gives the scores of several members. */
  zmscore(key: Text, members: Value | readonly Value[]): Returned<M, (number | null)[]>
  /** `ZPOPMAX key [count]`: Takes the members with the highest scores out of a sorted set. */
  zpopmax(key: Text, options: { count: number }): Returned<M, [S, number][]>
  zpopmax(key: Text, options?: { count?: number }): Returned<M, [S, number] | null>
  /** `ZPOPMIN key [count]`: Takes the members with the lowest scores out of a sorted set. */
  zpopmin(key: Text, options: { count: number }): Returned<M, [S, number][]>
  zpopmin(key: Text, options?: { count?: number }): Returned<M, [S, number] | null>
  /** `ZRANDMEMBER key [count [WITHSCORES]]`: Gives a member by chance; with a count several: distinct ones, or with repeats when it is negative. */
  zrandmember(key: Text, options: { count?: number | bigint; withscores: true }): Returned<M, [S, number][]>
  zrandmember(key: Text, options: { count: number | bigint; withscores?: boolean }): Returned<M, S[]>
  zrandmember(key: Text, options?: { count?: number | bigint; withscores?: boolean }): Returned<M, S | null>
  /** `ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]`: Gives the members in a range of ranks, scores or members, upwards or downwards. */
  zrange(
    key: Text,
    start: Value,
    stop: Value,
    options: { byscore?: boolean; bylex?: boolean; rev?: boolean; limit?: readonly [number, number]; withscores: true },
  ): Returned<M, [S, number][]>
  zrange(
    key: Text,
    start: Value,
    stop: Value,
    options?: {
      byscore?: boolean
      bylex?: boolean
      rev?: boolean
      limit?: readonly [number, number]
      withscores?: boolean
    },
  ): Returned<M, S[]>
  /** `ZRANGEBYLEX key min max [LIMIT offset count]`: Gives the members between two members, from the lowest up, where all scores are equal. */
  zrangebylex(key: Text, min: Value, max: Value, options?: { limit?: readonly [number, number] }): Returned<M, S[]>
  /** `ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]`: Gives the members with scores in a range, from the lowest up. */
  zrangebyscore(
    key: Text,
    min: Value,
    max: Value,
    options: { withscores: true; limit?: readonly [number, number] },
  ): Returned<M, [S, number][]>
  zrangebyscore(
    key: Text,
    min: Value,
    max: Value,
    options?: { withscores?: boolean; limit?: readonly [number, number] },
  ): Returned<M, S[]>
  /** `ZRANGESTORE dst src min max [BYSCORE | BYLEX] [REV] [LIMIT offset count]`: Stores the members in a range of ranks, scores or members under another key; answers how many. */
  zrangestore(
    dst: Text,
    src: Text,
    min: Value,
    max: Value,
    options?: { byscore?: boolean; bylex?: boolean; rev?: boolean; limit?: readonly [number, number] },
  ): Returned<M, number>
  /** `ZRANK key member [WITHSCORE]`: Tells how many members stand below a member, and its score if asked. */
  zrank(key: Text, member: Value, options: { withscore: true }): Returned<M, [number, number] | null>
  zrank(key: Text, member: Value, options?: { withscore?: boolean }): Returned<M, number | null>
  /** `ZREM key member [member ...]`: Removes members and answers how many there were; an empty sorted set is removed. */
  zrem(key: Text, members: Value | readonly Value[]): Returned<M, number>
  /** `ZREMRANGEBYLEX key min max`: Removes the members between two members, where all scores are equal, and answers how many there were. */
  zremrangebylex(key: Text, min: Value, max: Value): Returned<M, number>
  /** `ZREMRANGEBYRANK key start stop`: Removes the members between two ranks and answers how many there were. */
  zremrangebyrank(key: Text, start: number, stop: number): Returned<M, number>
  /** `ZREMRANGEBYSCORE key min max`: Removes the members with scores in a range and answers how many there were. */
  zremrangebyscore(key: Text, min: Value, max: Value): Returned<M, number>
  /** `ZREVRANGE key start stop [WITHSCORES]`: Gives the members between two ranks counted from the highest. */
  zrevrange(key: Text, start: number, stop: number, options: { withscores: true }): Returned<M, [S, number][]>
  zrevrange(key: Text, start: number, stop: number, options?: { withscores?: boolean }): Returned<M, S[]>
  /** `ZREVRANGEBYLEX key max min [LIMIT offset count]`: Gives the members between two members, from the highest down, where all scores are equal. */
  zrevrangebylex(key: Text, max: Value, min: Value, options?: { limit?: readonly [number, number] }): Returned<M, S[]>
  /** `ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]`: Gives the members with scores in a range, from the highest down. */
  zrevrangebyscore(
    key: Text,
    max: Value,
    min: Value,
    options: { withscores: true; limit?: readonly [number, number] },
  ): Returned<M, [S, number][]>
  zrevrangebyscore(
    key: Text,
    max: Value,
    min: Value,
    options?: { withscores?: boolean; limit?: readonly [number, number] },
  ): Returned<M, S[]>
  /** `ZREVRANK key member [WITHSCORE]`: Tells how many members stand above a member, and its score if asked. */
  zrevrank(key: Text, member: Value, options: { withscore: true }): Returned<M, [number, number] | null>
  zrevrank(key: Text, member: Value, options?: { withscore?: boolean }): Returned<M, number | null>
  /** `ZSCORE key member`: Gives the score of a member. */
  zscore(key: Text, member: Value): Returned<M, number | null>
  /** `ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]`: Gives the members of all sorted sets, with their scores combined. */
  zunion(
    keys: Text | readonly Text[],
    options: { weights?: number | readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores: true },
  ): Returned<M, [S, number][]>
  zunion(
    keys: Text | readonly Text[],
    options?: { weights?: number | readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX'; withscores?: boolean },
  ): Returned<M, S[]>
  /** `ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]`: Stores the members of all sorted sets, with their scores combined; answers how many they are. */
  zunionstore(
    destination: Text,
    keys: Text | readonly Text[],
    options?: { weights?: number | readonly number[]; aggregate?: 'SUM' | 'MIN' | 'MAX' },
  ): Returned<M, number>
}
