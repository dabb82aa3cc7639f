/**
 * Scripts after a toolchain: bundled, minified, with names kept, for older targets. Each still compiles to what it meant,
 * shown by the acceptance rows on both stores; or its definition error says what the toolchain has done.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { oracleMissing } from '../../oracle/available.ts'
import { OracleServer } from '../../oracle/redis-server.ts'

type Entry = typeof import('./entry.ts')

interface Toolchain {
  readonly name: string
  readonly options: BuildOptions
  /** Rows whose scripts cannot be read any more: the codes of their definition errors. */
  readonly refused?: Readonly<Record<string, readonly string[]>>
}

/** The scripts' modules go through tsc first. */
const downLevelled = (target: ts.ScriptTarget): BuildOptions => ({
  plugins: [
    {
      name: 'tsc',
      setup: ({ onLoad }) => {
        onLoad({ filter: /testing\/scripts\/.*\.ts$/ }, ({ path }) => {
          const text = ts.sys.readFile(path) ?? ''
          const compilerOptions = { target, module: ts.ModuleKind.ESNext }
          return { contents: ts.transpileModule(text, { compilerOptions }).outputText, loader: 'js' }
        })
      },
    },
  ],
})

const TOOLCHAINS: readonly Toolchain[] = [
  { name: 'bundled', options: {} },
  { name: 'bundled with names kept', options: { keepNames: true } },
  { name: 'minified', options: { minify: true } },
  {
    name: 'minified with names kept',
    options: { minify: true, keepNames: true },
    // The helper that keeps a name is called by a letter: it cannot be told from a function of the author's.
    refused: { '65 words of Lua as names': ['free-name', 'unsupported-syntax'] },
  },
  { name: 'for ES2019', options: { target: 'es2019' } },
  { name: 'for ES2017', options: { target: 'es2017' } },
  { name: 'by tsc for ES2022', options: downLevelled(ts.ScriptTarget.ES2022) },
  { name: 'by tsc for ES2017', options: downLevelled(ts.ScriptTarget.ES2017) },
  { name: 'by tsc for ES2015', options: downLevelled(ts.ScriptTarget.ES2015) },
]

const CACHE = 'node_modules/.cache'

describe.each(TOOLCHAINS)('$name', ({ options, refused = {} }) => {
  let folder: string
  let entry: Entry
  beforeAll(async () => {
    mkdirSync(CACHE, { recursive: true })
    // Beside the modules that stay outside of the bundle.
    folder = mkdtempSync(join(CACHE, 'scripts-'))
    const outfile = join(folder, 'entry.mjs')
    const common: BuildOptions = {
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'error',
      // As programs are shipped: scripts are compiled when they are first needed.
      define: { 'process.env.NODE_ENV': '"production"' },
    }
    await build({ ...common, target: 'es2022', ...options, entryPoints: ['test/scripts/toolchain/entry.ts'], outfile })
    entry = await import(/* @vite-ignore */ pathToFileURL(outfile).href)
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function rows(url: string | undefined): Promise<void> {
    const { acceptanceRows, heldBy, k, open, prepare, shadowMode } = entry
    shadowMode.isOn = true
    await using db = await open(url)
    const codes: Record<string, readonly string[]> = {}
    for (const { row, given, run, gives, data } of acceptanceRows) {
      await db.flushall()
      await prepare(db, given)
      try {
        expect(await run(db), row).toEqual(gives)
      } catch (error) {
        if (!isDefinitionError(error)) throw error
        codes[row] = error.diagnostics.map(({ code }) => code)
        continue
      }
      if (data !== undefined) expect(await heldBy(db, k('')), row).toEqual(data)
    }
    expect(codes).toEqual(refused)
  }

  test('in process, shadowed', () => rows(undefined), 60_000)

  test.skipIf(oracleMissing)('on redis-server', { timeout: 60_000 }, async () => {
    const server = await OracleServer.start()
    try {
      await rows(`redis://127.0.0.1:${server.port}`)
    } finally {
      await server.stop()
    }
  })
})

function isDefinitionError(error: unknown): error is { readonly diagnostics: readonly { readonly code: string }[] } {
  return error instanceof Error && error.name === 'ScriptDefinitionError'
}
