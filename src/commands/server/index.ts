/** Server commands. */
import type { Command } from '../command.ts'
import { commandTable } from './command-table.ts'
import { config } from './config.ts'
import { debug } from './debug.ts'
import { memory } from './memory.ts'
import { info, shutdown, time } from './process.ts'

export const serverCommands: readonly Command[] = [commandTable, config, info, time, debug, memory, shutdown]
