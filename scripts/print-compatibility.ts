/**
 * Prints the parts of docs/COMPATIBILITY.md that follow from the sources: commands, against a real redis-server, and
 * directives. A test says when they are stale.
 *
 *   npx tsx scripts/print-compatibility.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandPart, compareWith } from '../test/compatibility/commands.ts'
import { directivePart } from '../test/compatibility/directives.ts'
import { withPart } from '../test/compatibility/page.ts'
import { OracleServer } from '../test/oracle/redis-server.ts'

const path = join(import.meta.dirname, '../docs/COMPATIBILITY.md')
const server = await OracleServer.start()
try {
  const commands = commandPart(await compareWith(server))
  const page = withPart(readFileSync(path, 'utf8'), 'commands', commands)
  writeFileSync(path, withPart(page, 'directives', directivePart()))
} finally {
  await server.stop()
}
