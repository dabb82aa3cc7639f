/** Sorted set commands. */
import { zdiff, zinter, zintercard, zunion } from './algebra-read.ts'
import { zdiffstore, zinterstore, zunionstore } from './algebra-store.ts'
import { bzpopmax, bzpopmin } from './blocking-pop.ts'
import { zpopmax, zpopmin } from './pop.ts'
import { bzmpop, zmpop } from './pop-any.ts'
import { zrandmember } from './random.ts'
import { zscan } from './scan.ts'

export const sortedSetCommands = [
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
