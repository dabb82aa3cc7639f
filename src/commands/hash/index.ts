/** Hash commands. */
import { hincrby, hincrbyfloat } from './counter.ts'
import { hdel } from './delete.ts'
import { hrandfield } from './random.ts'
import { hexists, hget, hgetall, hkeys, hlen, hmget, hstrlen, hvals } from './read.ts'
import { hscan } from './scan.ts'
import { hmset, hset, hsetnx } from './set.ts'

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
]
