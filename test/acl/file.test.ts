/**
 * ACL files: what ACL LOAD says of a file is what redis-server says of the same file, and ACL SAVE writes one that both
 * read.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { raw } from '../../src/base/bytes.ts'
import { createEngine } from '../../src/create.ts'
import { aclFiles } from '../../src/durability/acl-files.ts'
import { oracleMissing } from '../oracle/available.ts'
import { Peers } from '../oracle/peers.ts'
import { OracleServer } from '../oracle/redis-server.ts'

const OPEN = 'user default on nopass ~* &* +@all\n'

const WRONG: readonly string[] = [
  'foo\n',
  'user\n',
  'user \n',
  'USER a on\n',
  'usera on\n',
  'user a b\n  \n# c\nuser c +nosuch ~a ~*  ~b\n',
  'user a on\nuser a off\n',
  `${OPEN}user default on\n`,
  'user a (+get\nuser b +x\nbar\n',
  'user a (+get)   +set\nuser "b c" on\n',
  'user a on\n\nuser b +nosuch on ~* ~a &* &b >x\n',
  'user a\tb on\n',
  'user  a on\n',
  'user a (+nosuch)\nuser c (~* ~a)\n',
  'user a #12\n',
  'user a >x <y\n',
]

const RIGHT: readonly string[] = [
  '',
  '\n\n',
  'user a on\r\nuser b on',
  'user a on  off\n',
  'user a \ton\n',
  ' user d on  \n\tuser e\n',
  'user a (+get ~x) ( +set \t~y ) on\n',
  'user a +get +get|x +select|0 -@all +@read\n',
]

describe('a file on disk', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'geartrain-acl-'))
    return () => rmSync(folder, { recursive: true })
  })

  it('is replaced as a whole, byte for byte, with nothing left beside it', () => {
    const path = join(folder, 'users.acl')
    aclFiles.replace(path, raw('user a on ~\xff\n'))
    aclFiles.replace(path, raw('user b off ~\xe4\n'))
    expect(aclFiles.read(path)).toBe('user b off ~\xe4\n')
    expect(readdirSync(folder)).toEqual(['users.acl'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    chmodSync(path, 0o644)
    aclFiles.replace(path, raw(''))
    expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  it('that cannot be written leaves nothing behind', () => {
    const path = join(folder, 'users.acl')
    mkdirSync(path)
    expect(() => aclFiles.replace(path, raw('x'))).toThrow()
    expect(readdirSync(folder)).toEqual(['users.acl'])
  })

  it('that is missing or wrong stops an engine from being made, and is told line by line', () => {
    const path = join(folder, 'users.acl')
    const make = () => createEngine({ config: { aclfile: path } })
    expect(make).toThrow(`opening file '${path}': No such file or directory`)
    writeFileSync(path, 'user a +x\nuser b +y\n')
    expect(make).toThrow(`${path}:1: Error in applying operation '+x'`)
    expect(make).toThrow(`${path}:2: Error in applying operation '+y'`)
    writeFileSync(path, 'user a on\n')
    expect(make().acl.userNames).toEqual(['a', 'default'])
  })
})

describe.skipIf(oracleMissing)('ACL LOAD and ACL SAVE', () => {
  let folder: string
  let path: string
  let server: OracleServer
  let peers: Peers

  const send = (...words: string[]) => peers.send('1', words.map(raw))

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'geartrain-acl-'))
    path = join(folder, 'users.acl')
    writeFileSync(path, '')
    server = await OracleServer.start(['--aclfile', path])
    peers = new Peers(server, { config: { aclfile: path }, aclFiles })
  })
  afterAll(async () => {
    peers.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  it.each(WRONG)('refuse %j as redis-server does', async (content) => {
    writeFileSync(path, content)
    const before = await send('ACL', 'LIST')
    const { ours, theirs } = await send('ACL', 'LOAD')
    expect(theirs).toMatch(/^-ERR /)
    expect(ours).toBe(theirs)
    expect(await send('ACL', 'LIST')).toEqual(before)
  })

  it.each(RIGHT)('take %j as redis-server does', async (content) => {
    writeFileSync(path, content)
    expect(await send('ACL', 'LOAD')).toEqual({ ours: '+OK\r\n', theirs: '+OK\r\n' })
    const { ours, theirs } = await send('ACL', 'LIST')
    expect(ours).toBe(theirs)
  })

  it('a file that is gone is an error with its name', async () => {
    rmSync(path, { force: true })
    const { ours, theirs } = await send('ACL', 'LOAD')
    expect(theirs).toContain('No such file or directory')
    expect(ours).toBe(theirs)
  })

  it('a file that cannot be written is an error', async () => {
    mkdirSync(path)
    const { ours, theirs } = await send('ACL', 'SAVE')
    expect(ours).toBe(theirs)
    rmSync(path, { recursive: true })
  })

  it('close the clients of all but the default user', async () => {
    writeFileSync(path, `${OPEN}user a on nopass +@all\n`)
    await send('ACL', 'LOAD')
    await peers.send('2', ['AUTH', 'a', 'x'].map(raw))
    const { ours, theirs } = await send('ACL', 'LOAD')
    expect(ours).toBe(theirs)
    expect(theirs).toContain('2: (closed)')
  })

  it('of a saved file give the same users again', async () => {
    await send('ACL', 'SETUSER', 'b', 'on', '>p', '~\xff*', '%R~y', '&c', '+get', '(+set ~z)', 'skip-sanitize-payload')
    await send('ACL', 'SETUSER', 'c', 'reset', '+@all', '-flushall')
    const before = await send('ACL', 'LIST')
    expect(before.ours).toBe(before.theirs)
    await peers.deliverApart('1', undefined, ['ACL', 'SAVE'].map(raw))
    const theirs = readFileSync(path, 'latin1')
    await peers.deliverApart('1', ['ACL', 'SAVE'].map(raw), undefined)
    expect(readFileSync(path, 'latin1')).toBe(theirs)
    peers.received()
    await send('ACL', 'DELUSER', 'b', 'c')
    expect(await send('ACL', 'LOAD')).toEqual({ ours: '+OK\r\n', theirs: '+OK\r\n' })
    expect(await send('ACL', 'LIST')).toEqual(before)
  })
})
