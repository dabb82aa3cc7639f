/** List commands. */
import { blpop, brpop } from './blocking-pop.ts'
import { blmove, brpoplpush, lmove, rpoplpush } from './move.ts'
import { lpop, rpop } from './pop.ts'
import { blmpop, lmpop } from './pop-any.ts'
import { lpush, lpushx, rpush, rpushx } from './push.ts'
import { lindex, llen, lrange, lset, ltrim } from './range.ts'
import { linsert, lpos, lrem } from './search.ts'

export const listCommands = [
  lpush,
  rpush,
  lpushx,
  rpushx,
  lpop,
  rpop,
  llen,
  lindex,
  lset,
  lrange,
  ltrim,
  lpos,
  lrem,
  linsert,
  lmove,
  rpoplpush,
  lmpop,
  blpop,
  brpop,
  blmove,
  brpoplpush,
  blmpop,
]
