/** Stream commands. */
import { xack } from './acknowledge.ts'
import { xclaim } from './claim.ts'
import { xautoclaim } from './claim-idle.ts'
import { xgroup } from './group-admin.ts'
import { xreadgroup } from './group-read.ts'
import { xlen } from './length.ts'
import { xpending } from './pending.ts'

export const streamCommands = [xlen, xgroup, xreadgroup, xack, xpending, xclaim, xautoclaim]
