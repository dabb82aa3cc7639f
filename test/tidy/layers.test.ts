/**
 * The layer rules fire: a control for `.dependency-cruiser.cjs`, over a sample tree that breaks each rule once.
 *
 * The rules themselves are run over src/ by the test command; here we only show that they can fail.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const SAMPLE: Readonly<Record<string, string>> = {
  'tsconfig.json':
    '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true } }',
  'src/base/bytes.ts': 'export type Bytes = string\nexport const EMPTY = ""',
  'src/structures/deque.ts': "import type { Entry } from '../keyspace/entry.ts'\nexport type Deque = Entry[]",
  'src/keyspace/entry.ts': "import { EMPTY } from '../base/bytes.ts'\nexport type Entry = typeof EMPTY",
  'src/engine/execute.ts': "import { decode } from '../resp/decode.ts'\nexport const execute = decode",
  'src/resp/decode.ts': "import { EMPTY } from '../base/bytes.ts'\nexport const decode = EMPTY",
  'src/create.ts': "import { serve } from './server/serve.ts'\nexport const create = serve",
  'src/server/serve.ts': "import { execute } from '../engine/execute.ts'\nexport const serve = execute",
  'src/cli/main.ts': "import { EMPTY } from '../base/bytes.ts'\nexport const main = EMPTY",
  'src/testing/transcript.ts': "import { main } from '../cli/main.ts'\nexport const play = main",
  'src/commands/first.ts': "import { second } from './second.ts'\nexport const first = () => second",
  'src/commands/second.ts': "import { first } from './first.ts'\nexport const second = () => first",
  'src/keyspace/disk.ts': "import { readFileSync } from 'node:fs'\nexport const read = readFileSync",
  'src/client/lonely.ts': 'export const lonely = 1',
  'src/plumbing/pipe.ts': "import { EMPTY } from '../base/bytes.ts'\nexport const pipe = EMPTY",
  'src/backend/sample.test.ts': "import { serve } from '../server/serve.ts'\nexport const allowed = serve",
  'src/backend/embedded.ts': "import { allowed } from './sample.test.ts'\nexport const embedded = allowed",
}

const EXPECTED = [
  'core-stays-inside: src/keyspace/disk.ts',
  'layer-create.ts: src/create.ts → src/server/serve.ts',
  'layer-engine: src/engine/execute.ts → src/resp/decode.ts',
  'layer-structures: src/structures/deque.ts → src/keyspace/entry.ts',
  'layer-testing: src/testing/transcript.ts → src/cli/main.ts',
  'no-cycle: src/commands/first.ts → \n      src/commands/second.ts →\n      src/commands/first.ts',
  'no-orphan: src/client/lonely.ts',
  'no-test-import: src/backend/embedded.ts → src/backend/sample.test.ts',
  'unranked: src/plumbing/pipe.ts',
]

describe('the layer rules', () => {
  let folder: string
  let report: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'geartrain-layers-'))
    for (const [path, text] of Object.entries(SAMPLE)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const cruiser = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
    const args = [cruiser, '--config', resolve('.dependency-cruiser.cjs'), '--output-type', 'err', 'src']
    report = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(EXPECTED)('find %s', (line) => {
    expect(report).toContain(`error ${line}`)
  })

  test('let lower layers, type imports downwards and test files be', () => {
    expect(report).not.toMatch(/error layer-(base|keyspace|resp|server|backend)/)
    expect(report).not.toContain('error no-test-import: src/backend/sample.test.ts')
  })
})
