/** Which commands the differential runs draw from, and which they treat apart. */

import { allCommands } from '../../src/commands/all.ts'
import type { Node } from '../../src/commands/args/nodes.ts'
import type { Command } from '../../src/commands/command.ts'
import { Table } from '../../src/engine/table.ts'

/** Walked to the end on each side, since cursors are each side's own. */
export const SCANS: ReadonlySet<string> = new Set(['SCAN', 'HSCAN', 'SSCAN', 'ZSCAN'])

/** Groups of commands about data; the others have transcripts. */
const GROUPS = new Set([
  'string',
  'bitmap',
  'hash',
  'list',
  'set',
  'sorted-set',
  'stream',
  'hyperloglog',
  'geo',
  'generic',
  'transactions',
  'pubsub',
])

/** Not drawn, and why. */
const APART = new Map([
  ['SUBSCRIBE', 'turns a RESP2 client into a subscriber for good; transcripts cover it'],
  ['PSUBSCRIBE', 'as SUBSCRIBE'],
  ['SSUBSCRIBE', 'as SUBSCRIBE'],
  ['FLUSHALL', 'would keep the data small; transcripts and the start of each run cover it'],
  ['FLUSHDB', 'as FLUSHALL'],
  ['PFSELFTEST', 'takes redis-server seconds; transcripts cover it'],
  ['MIGRATE', 'needs a second server; test/migrate covers it'],
  ['WAIT', 'says nothing of data and parks its client; transcripts cover it'],
])

/** Whether redis-server 7.0 has what came with this version. */
function isKnown(since: string): boolean {
  const [major = 0, minor = 0] = since.split('.').map(Number)
  return major < 7 || (major === 7 && minor === 0)
}

/** The commands to draw from; more common ones several times. */
export function commandsOf(table: Table): readonly Command[] {
  const all = table.all.flatMap((command) =>
    command.subcommands.size > 0 ? [...command.subcommands.values()] : [command],
  )
  const drawn = all.filter(
    // HELP texts are in our own words.
    (command) =>
      isKnown(command.spec.since) &&
      GROUPS.has(command.spec.group) &&
      !APART.has(command.name) &&
      !command.name.endsWith('|HELP'),
  )
  const writers = drawn.filter((command) =>
    /^(SET|XADD|ZADD|HSET|SADD|RPUSH|LPUSH|XGROUP\|CREATE|EXEC)$/.test(command.name),
  )
  return [...drawn, ...writers, ...writers, ...writers]
}

/** Every option token and choice word that the drawn commands have, as the generator counts them. */
export function tokensOf(): readonly string[] {
  const commands = new Set(commandsOf(new Table(allCommands)))
  return [...commands].flatMap((command) => wordsOf(command.spec.args).map((word) => `${command.name} ${word}`))
}

function wordsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if (node.newIn !== undefined) return []
    const own =
      node.kind === 'choice' ? [...node.choices!] : node.kind === 'flag' || node.kind === 'option' ? [node.token!] : []
    return [...own, ...wordsOf(node.inner ?? [])]
  })
}
