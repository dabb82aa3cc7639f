/** Stream commands. */
import { xlen } from './length.ts'

export const streamCommands = [xlen]
