/** `geartrain scripts build`: manifests of the scripts that modules define. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scriptsCommand } from '../../src/cli/scripts.ts'
import { type ScriptManifest, script, t, withManifest } from '../../src/index.ts'

const CACHE = 'node_modules/.cache'
let folder: string
beforeAll(() => {
  mkdirSync(CACHE, { recursive: true })
  folder = mkdtempSync(join(CACHE, 'manifest-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A module as a program ships it: bundled, with what it needs of us. */
async function module(name: string, text: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  const contents = `import { script, t } from './src/index.ts'\n${text}`
  const stdin = { contents, resolveDir: '.', loader: 'ts' } as const
  await build({
    stdin,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    outfile,
    minify: true,
  })
  return outfile
}

async function run(...words: string[]): Promise<string> {
  const written: string[] = []
  const { write } = process.stdout
  process.stdout.write = (text) => written.push(String(text)) > 0
  try {
    await scriptsCommand().parseAsync(['build', ...words], { from: 'user' })
  } finally {
    process.stdout.write = write
  }
  return written.join('')
}

const SPEC = `{ name: 'visits', keys: { k: 'string' }, args: { by: t.number }, returns: t.number }`

test('what a module defines is compiled, found again by its hash, and checked', { timeout: 30_000 }, async () => {
  const out = join(folder, 'manifest.json')
  const visits = `export const visits = script(${SPEC}, ({ k }, { by }) => k.incrBy(by))`
  const file = await module('visits', visits)
  const said = await run(file, '--out', out)
  const manifest: ScriptManifest = JSON.parse(readFileSync(out, 'utf8'))
  const [entry] = manifest.scripts
  expect(entry).toMatchObject({ name: 'visits', sha1: expect.stringMatching(/^[0-9a-f]{40}$/) })
  expect(said).toContain(`${entry?.sha1}  visits`)
  expect(await run(await module('again', visits), '--out', out, '--check')).toContain('up to date')
  expect(JSON.parse(await run(await module('json', visits), '--out', out, '--json'))).toEqual(manifest)

  // The same text, written here: the hash is the same, and so the manifest's Lua is taken.
  const body = new Function('return ({k:n},{by:t})=>n.incrBy(t)')()
  const own = script({ name: 'visits', keys: { k: 'string' }, args: { by: t.number }, returns: t.number }, body)
  expect(own.lua).toBe(withManifest(own, manifest).lua)

  const changed = await module('changed', `export const visits = script(${SPEC}, ({ k }, { by }) => k.incrBy(by + 1))`)
  await expect(run(changed, '--out', out, '--check')).rejects.toMatchObject({
    code: 'GEARTRAIN_SCRIPTS',
    message: `${out} is stale: visits. Build it again.`,
  })
})

test('what cannot be compiled or loaded is told with its file', { timeout: 30_000 }, async () => {
  const out = join(folder, 'bad.json')
  const bad = await module(
    'bad',
    `export const visits = script(${SPEC}, ({ k }, { by }) => k.incrBy(by + Math.random()), { check: false })`,
  )
  await expect(run(bad, '--out', out)).rejects.toThrow(
    /bad\.mjs: script visits cannot be defined:\n {2}1:\d+ forbidden-global/,
  )
  await expect(run(join(folder, 'nowhere.mjs'), '--out', out)).rejects.toThrow(/nowhere\.mjs could not be loaded/)
  writeFileSync(join(folder, 'odd.xyz'), 'what')
  await expect(run(join(folder, 'odd.xyz'), '--out', out)).rejects.toThrow(/could not be loaded/)
  const twins = `script(${SPEC}, ({ k }, { by }) => k.incrBy(by)); script(${SPEC}, ({ k }, { by }) => k.incrBy(-by))`
  await expect(run(await module('twins', twins), '--out', out)).rejects.toThrow(/two scripts visits/)
})
