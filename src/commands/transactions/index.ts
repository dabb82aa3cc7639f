/** Transaction commands. */
import { discard, exec, multi } from './multi.ts'
import { unwatch, watch } from './watch.ts'

export const transactionsCommands = [multi, exec, discard, watch, unwatch]
