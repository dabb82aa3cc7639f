/** Sorted set commands. */
import { zadd, zincrby } from './add.ts'
import { zdiff, zinter, zintercard, zunion } from './algebra-read.ts'
import { zdiffstore, zinterstore, zunionstore } from './algebra-store.ts'
import { bzpopmax, bzpopmin } from './blocking-pop.ts'
import { zrangebylex, zrangebyscore, zrevrange, zrevrangebylex, zrevrangebyscore } from './older-ranges.ts'
import { zpopmax, zpopmin } from './pop.ts'
import { bzmpop, zmpop } from './pop-any.ts'
import { zrandmember } from './random.ts'
import { zrange, zrangestore } from './range.ts'
import { zcard, zcount, zlexcount, zmscore, zrank, zrevrank, zscore } from './read.ts'
import { zrem, zremrangebylex, zremrangebyrank, zremrangebyscore } from './remove.ts'
import { zscan } from './scan.ts'

export const sortedSetCommands = [
  zadd,
  zincrby,
  zrem,
  zscore,
  zmscore,
  zcard,
  zcount,
  zlexcount,
  zrank,
  zrevrank,
  zrange,
  zrangestore,
  zrangebyscore,
  zrevrangebyscore,
  zrangebylex,
  zrevrangebylex,
  zrevrange,
  zremrangebyrank,
  zremrangebyscore,
  zremrangebylex,
  zpopmin,
  zpopmax,
  zmpop,
  bzpopmin,
  bzpopmax,
  bzmpop,
  zrandmember,
  zscan,
  zunion,
  zinter,
  zdiff,
  zintercard,
  zunionstore,
  zinterstore,
  zdiffstore,
]
