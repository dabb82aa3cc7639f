/**
 * Commands given as words: `db.call('SET', 'k', 'v')`.
 */

import type { Line } from '../backend/backend.ts'
import type { Argv } from '../base/bytes.ts'
import { allCommands } from '../commands/all.ts'
import { anyWord } from '../commands/args/encode.ts'
import type { Value } from '../commands/args/nodes.ts'
import { Table } from '../engine/table.ts'

const table = new Table(allCommands)

/** A line of any words. Its command is unknown when our table lacks it: a server may know more. */
export function lineOf(words: readonly Value[]): Line {
  const argv: Argv = words.map(anyWord)
  return { command: argv.length === 0 ? undefined : table.find(argv), argv }
}
