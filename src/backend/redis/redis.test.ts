/** The parts of the Redis backend that need no server: replies, addresses, what may be repeated, what waits. */
import { describe, expect, it, test } from 'vitest'
import { raw } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import { allCommands } from '../../commands/all.ts'
import { Table } from '../../engine/table.ts'
import { addressOf } from './address.ts'
import { sendable } from './foreign.ts'
import { isRepeatable, mayWait } from './repeatable.ts'
import { nameTo, replyFrom, wordTo } from './replies.ts'
import { withSince } from './since.ts'

const table = new Table(allCommands)
const argv = (line: string) => line.split(' ').map(raw)
const known = (line: string) => sendable(table.find(argv(line)), argv(line))

describe('replies', () => {
  it('are told apart: integers come as text, the rest as buffers', () => {
    expect(replyFrom('12')).toBe(12)
    expect(replyFrom('-9223372036854775808')).toBe(-9223372036854775808n)
    expect(replyFrom('9007199254740993')).toBe(9007199254740993n)
    expect(replyFrom('9007199254740991')).toBe(9007199254740991)
    expect(replyFrom(Buffer.from('12'))).toBe('12')
    expect(replyFrom(Buffer.from([0, 255]))).toBe('\0\xff')
    expect(replyFrom([null, '1', [new Error('WRONGTYPE größe')]])).toEqual([
      null,
      1,
      [new ReplyError('WRONGTYPE gr\xc3\xb6\xc3\x9fe')],
    ])
  })
  it('and words go out as they are', () => {
    expect(wordTo(raw('abc'))).toBe('abc')
    expect(wordTo(raw('\xff'))).toEqual(Buffer.from([255]))
    expect(['hgetall', 'MSET', 'nosuch', 'gr\xc3\xb6\xc3\x9fe'].map(raw).map(nameTo)).toEqual([
      'HGETALL',
      'MSET',
      'nosuch',
      'größe',
    ])
  })
})

describe('an address', () => {
  const nobody = { username: undefined, password: undefined, master: undefined, path: undefined, tls: false }
  const host = (name: string, port: number) => ({ host: name, port })
  test.each([
    ['redis://', { kind: 'redis', hosts: [host('127.0.0.1', 6379)], db: 0 }],
    ['redis://h/3/', { kind: 'redis', hosts: [host('h', 6379)], db: 3, name: 'redis://h/3' }],
    ['redis://[::1]:7000', { kind: 'redis', hosts: [host('::1', 7000)] }],
    ['rediss://ada:a%40b:c@h:1', { tls: true, username: 'ada', password: 'a@b:c', name: 'rediss://h:1' }],
    ['redis://:p@h', { username: undefined, password: 'p', name: 'redis://h' }],
    ['unix:/run/r.sock', { kind: 'redis', path: '/run/r.sock', hosts: [], name: 'unix:/run/r.sock' }],
    ['unix:///run/r.sock', { path: '/run/r.sock' }],
    [
      'redis+sentinel://a:1,b/main/2',
      {
        kind: 'sentinel',
        hosts: [host('a', 1), host('b', 26379)],
        master: 'main',
        db: 2,
        name: 'redis+sentinel://a:1,b/main/2',
      },
    ],
    [
      'redis+cluster://u:p@a,b:2',
      { kind: 'cluster', hosts: [host('a', 6379), host('b', 2)], username: 'u', password: 'p' },
    ],
  ])('%s', (url, parts) => {
    expect(addressOf(url)).toMatchObject({ ...nobody, ...parts })
  })
})

describe('commands', () => {
  test.each([
    'GET k',
    'MGET a b',
    'XREAD BLOCK 0 STREAMS k 0',
    'PING',
    'INFO',
    'CONFIG GET x',
    'EVALSHA_RO x 0',
    'TOUCH k',
  ])('%s may be sent again', (line) => expect(isRepeatable(known(line))).toBe(true))
  test.each(['SET k v', 'PUBLISH c m', 'EVAL x 0', 'FLUSHALL', 'CONFIG SET a b', 'UNHEARD of', 'BLPOP k 0', 'SPOP k'])(
    '%s may not',
    (line) => expect(isRepeatable(known(line))).toBe(false),
  )
  test.each(['BLPOP k 0', 'bzmpop 0 1 k MIN', 'XREAD block 0 STREAMS k 0', 'XREADGROUP GROUP g c BLOCK 0 STREAMS k >'])(
    '%s may wait',
    (line) => expect(mayWait(known(line), argv(line))).toBe(true),
  )
  test.each(['GET k', 'XREAD COUNT 1 STREAMS BLOCK 0', 'XREADGROUP GROUP BLOCK BLOCK STREAMS k >', 'UNHEARD of'])(
    '%s may not wait',
    (line) => expect(mayWait(known(line), argv(line))).toBe(false),
  )
  it('that a server does not know say where they come from', () => {
    const unknown = new ReplyError("ERR unknown command 'X'")
    const hint = (line: string) => withSince(unknown, table.find(argv(line)), '6.0.0')
    expect(hint('GETEX k')).toMatchObject({
      message: `${unknown.message} (GETEX came with Redis 6.2.0; this server is 6.0.0)`,
    })
    expect(hint('TFCALL l.f 0')).toMatchObject({ message: expect.stringContaining("a command of Geartrain's") })
    expect(hint('UNHEARD of')).toBe(unknown)
  })
})
