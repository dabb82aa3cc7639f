/**
 * Prints the typed client's interface from the grammar, one file a group, into src/client/methods/.
 *
 *   npx tsx scripts/print-client.ts           writes the files; a test says when they are stale
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allCommands } from '../src/commands/all.ts'
import { printClient } from '../src/testing/print-client.ts'

const folder = join(import.meta.dirname, '../src/client/methods')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [name, text] of printClient(allCommands)) writeFileSync(join(folder, name), text)
// Twice: Biome's first pass may break what its second joins.
for (let pass = 0; pass < 2; pass++) spawnSync('npx', ['biome', 'check', '--write', folder], { stdio: 'inherit' })
