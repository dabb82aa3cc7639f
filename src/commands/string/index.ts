/** String commands. */
import { decr, decrby, incr, incrby } from './counter.ts'

export const stringCommands = [incr, decr, incrby, decrby]
