/** `geartrain functions test`: a library's own tests, in TypeScript and JavaScript, passing and failing. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { functionsCommand } from '../../src/cli/functions.ts'

const folder = mkdtempSync(join(tmpdir(), 'geartrain-trial-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const TIMEOUT_MS = 120_000

const write = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

/** What is printed, and the error, if any. */
async function run(file: string): Promise<string> {
  let printed = ''
  const command = functionsCommand((text) => {
    printed += text
  })
  try {
    await command.parseAsync(['test', file], { from: 'user' })
    return printed
  } catch (error) {
    return `${printed}! ${error instanceof Error ? error.message : error}`
  }
}

test('each function that a test file exports gets a store with the library, on a clock of its own', {
  timeout: TIMEOUT_MS,
}, async () => {
  write(
    'sessions.ts',
    `#!js api_version=1.0 name=sessions
import { lifeMs } from './life.ts'
redis.registerFunction('begin', (client, name: string) => client.call('set', name, 'on', 'px', lifeMs))
`,
  )
  write('life.ts', 'export const lifeMs: number = 1000\n')
  const file = write(
    'sessions.test.ts',
    `import { equal } from 'node:assert/strict'
import { lifeMs } from './life.ts'
export const limit = 3
export async function beginsEmpty({ db }: { db: any }): Promise<void> { equal(await db.dbsize(), 0) }
export async function endsInTime({ db, clock }: { db: any; clock: any }): Promise<void> {
  await db.functions.call('sessions.begin', { args: ['ada'] })
  equal(await db.get('ada'), 'on')
  clock.advance(lifeMs + 1)
  equal(await db.get('ada'), null)
}
`,
  )
  expect(await run(file)).toBe('ok beginsEmpty\nok endsInTime\n')
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('the example of the guide passes', { timeout: TIMEOUT_MS }, async () => {
  expect(await run('examples/functions-rate-limiter/limits.test.ts')).toBe('ok opensAgainAfterAMinute\n')
})

test('what fails is told, and is the end of the program', { timeout: TIMEOUT_MS }, async () => {
  write('one.js', "#!js api_version=1.0 name=one\nredis.registerFunction('one', () => 1)\n")
  const file = write('one.test.mjs', '')
  expect(await run(file)).toContain('one.mjs can not be read')
  const own = write(
    'one.test.js',
    `
    exports.is = async ({ db }) => { if ((await db.functions.call('one.one')) !== 1) throw new Error('not one') }
    exports.isTwo = async ({ db }) => { if ((await db.functions.call('one.one')) !== 2) throw new Error('not two') }`,
  )
  const printed = await run(own)
  expect(printed).toContain('ok is\nnot ok isTwo\n  Error: not two\n')
  expect(printed).toMatch(/! 1 of 2 tests failed$/)
  expect(await run(join(folder, 'one.js'))).toContain('is no test: the tests of lib.ts are in lib.test.ts')
  expect(await run(join(folder, 'none.test.ts'))).toContain('can not be read')
  write('bare.js', '#!js api_version=1.0 name=bare\n')
  expect(await run(write('bare.test.js', 'exports.a = 1'))).toContain('exports no functions')
})
