/**
 * Users of a configuration: `user` lines, `aclfile` and `requirepass` when a server starts.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configuredEngine, directivesOf } from '../../src/cli/serve.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geartrain-acl-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** An engine made of a configuration file. */
function engineOf(...lines: string[]) {
  const path = join(folder, 'redis.conf')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return configuredEngine(directivesOf([path]))
}

/** The users of a configuration file, as ACL LIST shows them. */
const usersOf = (...lines: string[]): readonly string[] => engineOf(...lines).acl.lines

describe('user lines', () => {
  test('make users, the default one afresh', () => {
    expect(usersOf('user alice on nopass ~a* +get (+set ~b)', 'user "" off', 'user bob "(+get ~x)"')).toEqual([
      'user  off resetchannels -@all',
      'user alice on nopass ~a* resetchannels -@all +get (~b resetchannels -@all +set)',
      'user bob off resetchannels -@all (~x resetchannels -@all +get)',
      'user default on nopass ~* &* +@all',
    ])
    expect(usersOf('requirepass abc', 'user default on >x +ping')).toEqual([
      'user default on sanitize-payload #2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 resetchannels -@all +ping',
    ])
    expect(usersOf('requirepass abc')).toEqual([
      'user default on #ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ~* &* +@all',
    ])
  })

  test('come on the command line too, and take UTF-8', () => {
    const { acl } = configuredEngine(directivesOf(['--user', 'zoë', 'on', '~ä']))
    expect(acl.userNames).toEqual(['default', 'zo\xc3\xab'])
    expect(acl.lines[1]).toBe('user zo\xc3\xab on ~\xc3\xa4 resetchannels -@all')
  })

  test.each<[lines: string[], line: number, why: string]>([
    [['user a +nosuch'], 1, "Error in user declaration '+nosuch': Unknown command or category name in ACL"],
    [
      ['', 'user a on', 'user a off'],
      3,
      "Error in user declaration 'a': Duplicate user found. A user can only be defined once in config files",
    ],
    [['user default on', 'user default off'], 2, "Error in user declaration 'default': Duplicate user found."],
    [
      ['user a on (+get ~a) (+set'],
      1,
      "Error in user declaration '(+set': Unmatched parenthesis in selector definition",
    ],
    [['user a on (+get) (~a b)'], 1, "Error in user declaration '(~a b)': Syntax error"],
    [['user a ~* ~b'], 1, "Error in user declaration '~b': Adding a pattern after the * pattern"],
    [['user "a b" on'], 1, 'Spaces not allowed in ACL usernames'],
    [['user'], 1, 'wrong number of arguments'],
    [
      ['acllog-max-len -1'],
      1,
      "Bad directive 'acllog-max-len': argument must be between 0 and 9223372036854775807 inclusive",
    ],
  ])('%j are refused with their line', (lines, line, why) => {
    expect(() => engineOf(...lines)).toThrow(why)
    expect(() => engineOf(...lines)).toThrow(`redis.conf, line ${line}\n  >>> '${lines[line - 1]}'`)
  })
})

describe('aclfile', () => {
  test('names the file of users, and what is wrong in it', () => {
    const path = join(folder, 'users.acl')
    writeFileSync(path, 'user alice on\nuser default on >x +@all\n')
    expect(usersOf('requirepass abc', `aclfile ${path}`)).toEqual([
      'user alice on resetchannels -@all',
      'user default on #2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 resetchannels +@all',
    ])
    writeFileSync(path, 'user alice on\nbob\n')
    expect(() => engineOf('port 7000', `aclfile ${path}`)).toThrow(`${path}:2 should start with user keyword`)
    expect(() => engineOf('port 7000', `aclfile ${path}`)).toThrow(`redis.conf, line 2\n  >>> 'aclfile ${path}'`)
  })

  test('may have any name, and passwords any letters', () => {
    const path = join(folder, 'nützer.acl')
    writeFileSync(path, 'user zoë on\n')
    expect(engineOf(`aclfile "${path}"`).acl.userNames).toEqual(['default', 'zo\xc3\xab'])
    const hash = createHash('sha256').update('zoë', 'utf8').digest('hex')
    expect(usersOf('requirepass zoë')).toEqual([`user default on #${hash} ~* &* +@all`])
  })

  test('and user lines exclude each other', () => {
    const path = join(folder, 'users.acl')
    writeFileSync(path, '')
    expect(() => engineOf('user a on', `aclfile ${path}`)).toThrow('not in both')
  })
})
