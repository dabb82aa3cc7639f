/**
 * What the typed API costs the compiler of a program that uses it.
 *
 * The one idea: counted, not timed: instantiations and types of a small program. Overloads
 * and conditional types grow by multiplication when nobody looks.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'geartrain-types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PROGRAM = `
import { open } from 'geartrain'
const db = await open('memory:')
await db.set('k', 'v', { ex: 60 })
const text: string | null = await db.get('k')
const [list, n] = await db.multi().lpop('l', { count: 2 }).incrby('n', 5).exec()
const done = await db.transaction('n', async (tx) => tx.multi().set('n', Number(await tx.get('n')) + 1))
for await (const key of db.scan({ match: 'k*' })) console.log(key)
await using heard = await db.buffers.subscribe('news')
for await (const { message } of heard) console.log(message.length)
console.log(text, list, n, done, db.sync.zrange('z', 0, -1, { withscores: true }))
`
const FLAGS = '--strict --module nodenext --target es2023 --lib es2023,esnext.disposable --types node --noEmit'.split(
  ' ',
)

/** The compiler's own figures. */
async function figures(name: string, source: string): Promise<Map<string, number>> {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@types'), { recursive: true })
  for (const each of ['@types/node', 'undici-types']) link(resolve('node_modules', each), join(modules, each))
  link(resolve('.'), join(modules, 'geartrain'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, name), source)
  const tsc = resolve('node_modules/typescript/bin/tsc')
  const args = [tsc, ...FLAGS, '--extendedDiagnostics', '--ignoreConfig', name]
  const { stdout } = await run(process.execPath, args, { cwd: folder }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout)
  })
  return new Map([...stdout.matchAll(/^([A-Z][\w ]+):\s+(\d+)$/gm)].map(([, what, count]) => [what!, Number(count)]))
}

function link(from: string, to: string): void {
  rmSync(to, { force: true })
  symlinkSync(from, to)
}

test('a small program costs a bounded number of types and instantiations, and each command of a queue as much', {
  timeout: 120_000,
}, async () => {
  const small = await figures('small.ts', PROGRAM)
  // Control: it is this program that is counted.
  expect(small.get('Instantiations')).toBeGreaterThan(1000)
  expect(small.get('Instantiations')).toBeLessThan(60_000)
  expect(small.get('Types')).toBeLessThan(45_000)
  const queue = `console.log(await db.multi()${".incr('n')".repeat(40)}.exec())\n`
  const long = await figures('long.ts', PROGRAM + queue)
  expect((long.get('Instantiations')! - small.get('Instantiations')!) / 40).toBeLessThan(200)
})
