/** The commands of libraries, functions and triggers. They are RedisGears' own; redis-server has none of them. */
import type { Command } from '../command.ts'
import { tfcall, tfcallasync } from './call.ts'
import { tconfigGet, tconfigSet } from './config.ts'
import { tfunction } from './library.ts'

export const triggersCommands: readonly Command[] = [tfunction, tfcall, tfcallasync, tconfigGet, tconfigSet]
