/** What happens while a line is typed, and when it is done: hints, completion, what it means, what is remembered. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytes } from '../../base/bytes.ts'
import { style } from '../style.ts'
import { complete } from './completion.ts'
import { helpFor } from './help.ts'
import { hintFor } from './hints.ts'
import { HISTORY_LIMIT, History, isSecret } from './history.ts'
import { readLine } from './spoken-line.ts'

describe('a hint', () => {
  test.each([
    ['get', ' key'],
    ['GET ', 'key'],
    ['get k', ''],
    ['set k', ' value [NX | XX] [GET] [EX seconds |'],
    ['lpos k e RANK', ' [RANK rank] [COUNT '],
    ['config', ' <GET | SET'],
    ['config get', ' parameter [parameter ...]'],
    ['rpush "a b', ''],
    ['nosuch', ''],
    ['constructor', ''],
    ['', ''],
  ])('behind %j begins with %j', (line, hint) => {
    expect(hintFor(line).slice(0, hint === '' ? undefined : hint.length)).toBe(hint)
  })
})

describe('completion', () => {
  test.each([
    ['zremr', ['zremrangebylex ', 'zremrangebyrank ', 'zremrangebyscore '], 'zremr'],
    ['HGETA', ['HGETALL '], 'HGETA'],
    ['config ge', ['get '], 'ge'],
    ['set k v kee', ['keepttl '], 'kee'],
    ['set k v K', ['KEEPTTL '], 'K'],
    ['help @sor', ['@sorted-set '], '@sor'],
    ['help zad', ['zadd '], 'zad'],
    ['exit', ['exit '], 'exit'],
    ['qui', ['quit '], 'qui'],
    ['nosuch a', [], 'a'],
    ['set "k', [], '"k'],
  ])('of %j', (line, offers, word) => expect(complete(line)).toEqual([offers, word]))

  test('offers nothing that is not a command’s own', () => {
    expect(complete('get k ')[0]).toEqual([])
    expect(complete('')[0].length).toBeGreaterThan(200)
  })
})

describe('help', () => {
  const help = (...words: string[]): string => helpFor(words.map(bytes), style({}))
  test('is there for a command, its subcommands and a group', () => {
    expect(help('get')).toMatch(/^\n {2}GET key\n {2}summary: .*\n {2}since: 1\.0\.0\n {2}group: string\n/)
    expect(help('config')).toContain('CONFIG SET')
    expect(help('config', 'get')).toMatch(/^\n {2}CONFIG GET parameter/)
    expect(help('@stream')).toContain('XADD')
    expect(help()).toContain('connect host port')
  })
  test('says when there is none', () => {
    expect(help('nosuch')).toContain("no help for 'nosuch'")
    expect(help('@nosuch')).toContain('sorted-set')
  })
})

describe('a line', () => {
  test.each([
    ['ping', { argv: ['ping'], times: 1 }],
    ['3 ping', { argv: ['ping'], times: 3 }],
    ['3', { argv: ['3'], times: 1 }],
    ['  ', { argv: [], times: 1 }],
    ['-1 ping', { error: 'Invalid geartrain cli repeat command option value.' }],
    ['set "a', { error: 'Invalid argument(s)' }],
  ])('%j', (line, meaning) => expect(readLine(line)).toEqual(meaning))
})

describe('the history', () => {
  test.each([
    ['auth x', true],
    ['3 AUTH u x', true],
    ['acl setuser a >x', true],
    ['acl list', false],
    ['config set maxmemory 1 requirepass x', true],
    ['config set maxmemory requirepass', false],
    ['hello 3 auth u p', true],
    ['hello 3', false],
    ['migrate h 1 k 0 1 AUTH2 u p', true],
    ['auth "half', true],
    ['set k "half', false],
    ['get auth', false],
  ])('%j is a secret: %j', (line, expected) => expect(isSecret(line)).toBe(expected))

  test('is kept for its owner, without secrets, and cut when it grew', () => {
    const folder = mkdtempSync(join(tmpdir(), 'geartrain-history-'))
    const file = join(folder, 'history')
    const old = Array.from({ length: 2 * HISTORY_LIMIT + 1 }, (_, i) => `echo ${i}\n`)
    writeFileSync(file, old.join(''), { mode: 0o644 })
    const history = new History({ GEARTRAIN_CLI_HISTFILE: file })
    const lines = history.load()
    expect([lines.length, lines[0]]).toEqual([HISTORY_LIMIT, `echo ${2 * HISTORY_LIMIT}`])
    history.add('get k')
    history.add('auth x')
    history.add(' ')
    const kept = readFileSync(file, 'utf8')
    expect(kept.split('\n')).toHaveLength(HISTORY_LIMIT + 2)
    expect(kept.endsWith('\nget k\n')).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    rmSync(folder, { recursive: true })
  })

  test('does without a file', () => {
    const history = new History({ GEARTRAIN_CLI_HISTFILE: join(tmpdir(), 'no-such-folder', 'history') })
    expect(history.load()).toEqual([])
    expect(() => history.add('get k')).not.toThrow()
  })
})
