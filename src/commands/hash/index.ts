/** Hash commands. */
import { hincrby, hincrbyfloat } from './counter.ts'
import { hdel } from './delete.ts'
import { hexpire, hexpireat, hpersist, hpexpire, hpexpireat } from './expire.ts'
import { hrandfield } from './random.ts'
import { hexists, hget, hgetall, hkeys, hlen, hmget, hstrlen, hvals } from './read.ts'
import { hscan } from './scan.ts'
import { hmset, hset, hsetnx } from './set.ts'
import { hexpiretime, hpexpiretime, hpttl, httl } from './ttl.ts'

export const hashCommands = [
  hset,
  hsetnx,
  hmset,
  hget,
  hmget,
  hgetall,
  hdel,
  hexists,
  hlen,
  hstrlen,
  hkeys,
  hvals,
  hincrby,
  hincrbyfloat,
  hrandfield,
  hscan,
  hexpire,
  hpexpire,
  hexpireat,
  hpexpireat,
  httl,
  hpttl,
  hexpiretime,
  hpexpiretime,
  hpersist,
]
