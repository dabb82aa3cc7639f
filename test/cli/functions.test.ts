/** `geartrain functions`: a TypeScript library, deployed to a served store, listed, called, changed and deleted. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { functionsCommand } from '../../src/cli/functions.ts'
import { type Database, open } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'geartrain-functions-'))
const file = join(folder, 'stats.ts')
const TIMEOUT_MS = 240_000
let db: Database
let url = ''

const source = (by: number): string => `#!js api_version=1.0 name=stats
import { step } from './step.ts'
import type { RedisGlobal, SectionApi } from 'geartrain/functions'
declare const redis: RedisGlobal

const by: number = ${by}
redis.registerFunction('count', (client: SectionApi, name: string) => client.call('incrby', name, step(by)), {
  description: 'counts by name',
})
redis.registerAsyncFunction('later', async () => ({ half: 0.5, tags: new Set(['a']) }))
redis.registerFunction('fails', () => {
  throw new Error('on purpose')
})
`

beforeAll(async () => {
  writeFileSync(join(folder, 'step.ts'), 'export const step = (by: number): number => by * 10\n')
  writeFileSync(file, source(1))
  db = await open('memory:', { engine: { functions: { trustLibraries: true } } })
  url = (await db.listen()).url
})
afterAll(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

const PROGRAM = ['--import', 'tsx', 'src/cli/main.ts', 'functions']
/** Runs a subcommand in this process: what it prints, or the text of what it throws. */
async function run(...words: string[]): Promise<string> {
  let printed = ''
  const command = functionsCommand((text) => {
    printed += text
  })
  try {
    await command.parseAsync([...words, '--to', url], { from: 'user' })
    return printed
  } catch (error) {
    return error instanceof Error ? `! ${error.message}` : String(error)
  }
}

const STATS = `stats (js, of default)
  function count: counts by name
  function later
  function fails
`

test('a library is deployed, listed, called and deleted', { timeout: TIMEOUT_MS }, async () => {
  expect(await run('deploy', file)).toBe(STATS)
  const [list, json, count, later, none] = await Promise.all([
    run('list'),
    run('list', 'stats', '--json'),
    run('call', 'stats.count', '--key', 'n'),
    run('call', 'stats.later'),
    run('call', 'stats.none'),
  ])
  expect(list).toBe(STATS)
  const listed: unknown = JSON.parse(json)
  expect(listed).toMatchObject([
    { name: 'stats', functions: [{ name: 'count' }, { name: 'later' }, { name: 'fails' }] },
  ])
  expect(count).toBe('10\n')
  expect(later).toBe('{"half":0.5,"tags":["a"]}\n')
  expect(none).toMatch(/^! .*Unknown function none$/)
  // Errors name the TypeScript source.
  await db.call('TCONFIG_SET', 'error-verbosity', 2)
  await expect(db.functions.call('stats.fails')).rejects.toThrow(/on purpose\|.*stats\.ts:12:\d+/)
  expect(await run('delete', 'stats')).toBe('stats is deleted\n')
  expect(await run('list', 'stats')).toContain('there is no library stats')
})

test('what is no library, or cannot be bundled, is told', { timeout: TIMEOUT_MS }, async () => {
  const other = join(folder, 'other.ts')
  writeFileSync(other, 'export {}\n')
  expect(await run('deploy', other)).toContain("its first line is '#!js api_version=1.0 name=<name>'")
  writeFileSync(other, "#!js api_version=1.0 name=o\nimport './missing.ts'\n")
  expect(await run('deploy', other)).toContain('other.ts can not be bundled: ')
  expect(await run('deploy', join(folder, 'none.ts'))).toContain('none.ts can not be read')
})

test('with --watch it is deployed again when a file of it changes', { timeout: TIMEOUT_MS }, async () => {
  const child = spawn(process.execPath, [...PROGRAM, 'deploy', file, '--watch', '--to', url])
  try {
    const printed = (): Promise<void> => new Promise((resolve) => child.stdout.once('data', () => resolve()))
    await printed()
    expect(await db.functions.call('stats.count', { keys: ['m'] })).toBe(10)
    const again = printed()
    writeFileSync(join(folder, 'step.ts'), 'export const step = (by: number): number => by * 100\n')
    await again
    expect(await db.functions.call('stats.count', { keys: ['m'] })).toBe(110)
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
})
