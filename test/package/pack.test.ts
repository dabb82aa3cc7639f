/**
 * What is published works where it lands: `npm pack`, unpacked in an empty folder beside its dependencies alone (no
 * optional peers, no install scripts), opens every door by `import` and by `require`, and its types satisfy a strict
 * consumer who checks declarations too.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies: Readonly<Record<string, string>>
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const doors = Object.keys(manifest.exports)
  .filter((door) => door !== './package.json')
  .map((door) => `geartrain${door.slice(1)}`)

/** A build on a busy machine. */
const BUILD_TIMEOUT_MS = 180_000

let folder: string
let files: readonly string[]

/** Makes one of our installed packages visible in the empty folder. */
function link(name: string): void {
  const target = join(folder, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(resolve('node_modules', name), target)
}

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geartrain-pack-'))
  execFileSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'scripts/build.ts'])
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [tarball]: { filename: string; files: { path: string }[] }[] = Object.values(JSON.parse(packed))
  files = tarball!.files.map(({ path }) => path)
  const home = join(folder, 'node_modules/geartrain')
  mkdirSync(home, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, tarball!.filename), '--strip-components=1', '-C', home])
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', 'undici-types']) link(name)
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }')
}, BUILD_TIMEOUT_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the packed package', () => {
  test('holds what it should and nothing else', () => {
    expect(files).toContain('dist/cli/main.js')
    expect(files).toContain('LICENSE')
    expect(
      files.filter((path) => !/^(dist|docs)\/|^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/.test(path)),
    ).toEqual([])
    expect(files.filter((path) => /\.test\.|tsbuildinfo/.test(path))).toEqual([])
  })

  test.each(doors)('%s opens by import', (door) => {
    const names = node('--input-type=module', '-e', `console.log(Object.keys(await import('${door}')).length)`)
    expect(Number(names)).toBeGreaterThan(0)
  })

  test.each(doors)('%s opens by require', (door) => {
    const names = node(
      '--no-warnings',
      '--input-type=commonjs',
      '-e',
      `console.log(Object.keys(require('${door}')).length)`,
    )
    expect(Number(names)).toBeGreaterThan(0)
  })

  test('satisfies a strict nodenext consumer, declarations checked', () => {
    const imports = doors.map(
      (door, i) => `import * as door${i} from '${door}'\nexport const has${i} = typeof door${i}\n`,
    )
    writeFileSync(join(folder, 'consumer.ts'), imports.join(''))
    const compiler = resolve('node_modules/typescript/bin/tsc')
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--noEmit']
    expect(() => node(compiler, ...flags, 'consumer.ts')).not.toThrow()
  })

  test('asks for ioredis where a URL needs it, and only there', () => {
    const opening = `import { open } from 'geartrain'; await (await open()).close(); await open('redis://h').catch((e) => console.log(e.message))`
    expect(node('--input-type=module', '-e', opening)).toMatch(/npm i ioredis/)
  })

  test('asks for isolated-vm where a library is sent, and only there', () => {
    const loading = `import { open } from 'geartrain'; import { library } from 'geartrain/functions'
      const db = await open('memory:', { engine: { functions: { libraries: [library('own', () => ({ one: () => 1 }))] } } })
      console.log(await db.functions.call('own.one'))
      await db.functions.load("#!js api_version=1.0 name=L").catch((e) => console.log(e.message)); await db.close()`
    expect(node('--input-type=module', '-e', loading)).toMatch(
      /^1\nERR TFUNCTION LOAD is off: .*npm install isolated-vm .*--trust-libraries/,
    )
  })

  test('has a program that runs', () => {
    const version: unknown = JSON.parse(readFileSync('package.json', 'utf8')).version
    expect(node('node_modules/geartrain/dist/cli/main.js', 'version')).toContain(version)
  })
})
