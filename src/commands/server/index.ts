/** Server commands. */
import { acl } from '../acl/index.ts'
import type { Command } from '../command.ts'
import { restoreAsking } from '../generic/restore.ts'
import { commandTable } from './command-table.ts'
import { config } from './config.ts'
import { debug } from './debug.ts'
import { latency } from './latency.ts'
import { lolwut } from './lolwut.ts'
import { memory } from './memory.ts'
import { monitor } from './monitor.ts'
import { info, shutdown, time } from './process.ts'
import { role, wait } from './replication.ts'
import { bgrewriteaof } from './rewrite-log.ts'
import { slowlog } from './slow-log.ts'
import { bgsave, lastsave, save } from './snapshots.ts'

export const serverCommands: readonly Command[] = [
  commandTable,
  acl,
  config,
  info,
  time,
  debug,
  memory,
  monitor,
  shutdown,
  slowlog,
  latency,
  role,
  wait,
  save,
  bgsave,
  lastsave,
  bgrewriteaof,
  restoreAsking,
  lolwut,
]
