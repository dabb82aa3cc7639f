/** Connection commands. */
import type { Command } from '../command.ts'
import { client } from './client.ts'
import { auth, hello } from './hello.ts'
import { echo, ping, quit, reset, select } from './ping.ts'

export const connectionCommands: readonly Command[] = [auth, hello, ping, echo, quit, reset, select, client]
