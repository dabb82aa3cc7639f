/** Stream commands. */
import { xack } from './acknowledge.ts'
import { xadd } from './add.ts'
import { xclaim } from './claim.ts'
import { xautoclaim } from './claim-idle.ts'
import { xgroup } from './group-admin.ts'
import { xreadgroup } from './group-read.ts'
import { xinfo } from './info.ts'
import { xlen } from './length.ts'
import { xpending } from './pending.ts'
import { xrange, xrevrange } from './range.ts'
import { xread } from './read.ts'
import { xdel, xtrim } from './remove.ts'
import { xsetid } from './set-id.ts'

export const streamCommands = [
  xadd,
  xtrim,
  xdel,
  xlen,
  xrange,
  xrevrange,
  xread,
  xsetid,
  xinfo,
  xgroup,
  xreadgroup,
  xack,
  xpending,
  xclaim,
  xautoclaim,
]
