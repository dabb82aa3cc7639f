/** Set commands. */
import { sdiff, sdiffstore, sinter, sintercard, sinterstore, sunion, sunionstore } from './algebra.ts'
import { sadd, smove, srem } from './members.ts'
import { spop, srandmember } from './random.ts'
import { scard, sismember, smembers, smismember, sscan } from './read.ts'

export const setCommands = [
  sadd,
  srem,
  smove,
  sismember,
  smismember,
  scard,
  smembers,
  sscan,
  spop,
  srandmember,
  sinter,
  sunion,
  sdiff,
  sinterstore,
  sunionstore,
  sdiffstore,
  sintercard,
]
