/**
 * Commands given as words: `db.call('SET', 'k', 'v')`.
 */

import type { Line } from '../backend/backend.ts'
import type { Argv } from '../base/bytes.ts'
import { allCommands } from '../commands/all.ts'
import type { Value } from '../commands/args/nodes.ts'
import { anyWord } from '../commands/args/word.ts'
import { Table } from '../engine/table.ts'
import { refuseOfConnections } from './of-connections.ts'

const table = new Table(allCommands)

/** A line of any words. Its command is unknown when our table lacks it: a server may know more. */
export function lineOf(words: readonly Value[]): Line {
  if (words.length === 0) throw new TypeError('a command begins with its name')
  const argv: Argv = words.map(anyWord)
  return { command: table.find(argv), argv }
}

/** As `lineOf`, for what a user sends: commands about connections are refused. */
export function userLineOf(words: readonly Value[]): Line {
  const line = lineOf(words)
  refuseOfConnections(line.command)
  return line
}
