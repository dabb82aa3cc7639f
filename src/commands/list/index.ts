/** List commands. */
import { blmpop, lmpop } from './pop-any.ts'
import { lpush, lpushx, rpush, rpushx } from './push.ts'

export const listCommands = [lpush, rpush, lpushx, rpushx, lmpop, blmpop]
