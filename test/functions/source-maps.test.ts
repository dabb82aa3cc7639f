/** Errors of bundled libraries name the places of the sources they were made from. */
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { SourceMap } from '../../src/functions/source-maps/source-map.ts'
import { PROLOGUE, trustingEngine, Wire } from './rig.ts'

const TYPESCRIPT = `interface Person { readonly name: string }

const fail = (person: Person): never => {
  throw new Error(\`no such person: \${person.name}\`)
}
redis.registerFunction('fail', () => fail({ name: 'Ada' }))
redis.registerAsyncFunction('failLater', async () => fail({ name: 'Bob' }))
`

async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, loader: 'ts', sourcefile: 'people.ts' },
    bundle: true,
    write: false,
    format: 'iife',
    sourcemap: 'inline',
    banner: { js: PROLOGUE.trimEnd() },
    minify: true,
  })
  return outputFiles[0]!.text
}

describe('a bundled library with an inline map', () => {
  test('reports lines of the TypeScript source', async () => {
    const wire = new Wire(trustingEngine())
    expect(await wire.send('TFUNCTION', 'LOAD', await bundled(TYPESCRIPT))).toBe('+OK')
    expect(await wire.send('TFCALL', 'L.fail', '0')).toBe('-Error: no such person: Ada')
    await wire.send('TCONFIG_SET', 'error-verbosity', '2')
    const error = await wire.send('TFCALL', 'L.fail', '0')
    expect(error).toMatch(/^-Error: no such person: Ada\|.*people\.ts:4:\d+.*people\.ts:6:\d+/)
    expect(error).not.toContain('library.js')
    expect(error).not.toContain('/src/')
    expect(await wire.send('TFCALLASYNC', 'L.failLater', '0')).toMatch(/people\.ts:4:\d+.*people\.ts:7:\d+/)
  })

  test('fails to load at a line of the source', async () => {
    const wire = new Wire(trustingEngine())
    const code = await bundled(`const a: number = 1\n\nthrow new TypeError('not ' + a)`)
    expect(await wire.send('TFUNCTION', 'LOAD', code)).toBe('-Failed loading library: TypeError: not 1.')
    await wire.send('TCONFIG_SET', 'error-verbosity', '2')
    expect(await wire.send('TFUNCTION', 'LOAD', code)).toMatch(/TypeError: not 1\|.*people\.ts:3:\d+/)
  })

  test('keeps the places of its text when the map is no map', async () => {
    const wire = new Wire(trustingEngine())
    const map = (text: string): string => Buffer.from(text).toString('base64')
    await wire.send('TCONFIG_SET', 'error-verbosity', '2')
    for (const text of ['', '[]', '{"sources":1}', '{"sources":["a.ts"],"mappings":"??;"}', '{"mappings":']) {
      const code = `${PROLOGUE}redis.registerFunction('f', () => {\n throw new Error('x') })\n//# sourceMappingURL=data:application/json;base64,${map(text)}`
      expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', code)).toBe('+OK')
      expect(await wire.send('TFCALL', 'L.f', '0')).toContain('library.js:3:')
    }
  })
})

test('a map gives the nearest segment before a place', () => {
  // Two lines; on the first, columns 0 -> 0:0 and 4 -> 1:2; on the second, column 2 -> 1:0 of the second source.
  const map = new SourceMap(() => JSON.stringify({ sources: ['a.ts', 'b.ts'], mappings: 'AAAA,IACE;ECAF' }))
  expect(map.find(1, 1)).toEqual({ source: 'a.ts', line: 1, column: 1 })
  expect(map.find(1, 4)).toEqual({ source: 'a.ts', line: 1, column: 1 })
  expect(map.find(1, 9)).toEqual({ source: 'a.ts', line: 2, column: 3 })
  expect(map.find(2, 3)).toEqual({ source: 'b.ts', line: 2, column: 1 })
  expect(map.find(3, 1)).toBeUndefined()
})

test('a text carries its map inline or not at all', () => {
  expect(SourceMap.of('f()\n//# sourceMappingURL=library.js.map')).toBeUndefined()
  const json = encodeURIComponent(JSON.stringify({ sources: ['a.ts'], mappings: 'AAAA' }))
  const inline = SourceMap.of(`f()\n//# sourceMappingURL=data:application/json;charset=utf-8,${json}\n`)
  expect(inline?.find(1, 1)?.source).toBe('a.ts')
})
