/** Both servers on folders of their own on the same disk, started again on what they left. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { OracleServer } from '../../test/oracle/redis-server.ts'
import { type Rival, rival, startOurs } from './rivals.ts'

/** Beside the sources: a folder for temporary files may be memory. */
const PARENT = join(import.meta.dirname, '..', '..', 'node_modules')

/** A folder on the disk, and its removal. */
export function folderOnDisk(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(PARENT, '.bench-durability-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Starts one of the two on a folder, with Redis' directives; resolves when it answers. */
export async function startOn(name: Rival['name'], dir: string, directives: readonly string[]): Promise<Rival> {
  const words = ['--dir', dir, '--save', '', ...directives]
  if (name === 'ours') return startOurs(words)
  const server = await OracleServer.start(words)
  return rival('redis', server.port, () => server.stop())
}

/** Waits until a field of INFO has a value. */
export async function until({ client }: Rival, field: string, value: string): Promise<void> {
  for (;;) {
    const info = await client.info('persistence')
    if (new RegExp(`^${field}:${value}\\r?$`, 'm').test(info)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Fills a server with so many keys of 16 bytes and values of 32. */
export async function fill({ client }: Rival, keys: number): Promise<void> {
  const BATCH = 10_000
  for (let at = 0; at < keys; at += BATCH) {
    const words: string[] = []
    for (let i = at; i < Math.min(at + BATCH, keys); i++) {
      words.push(`key:${String(i).padStart(12, '0')}`, `value-${String(i).padStart(26, 'x')}`)
    }
    await client.mset(words)
  }
}
