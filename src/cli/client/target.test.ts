import { describe, expect, test } from 'vitest'
import { isAddress, nameOf, type TargetOptions, targetOf } from './target.ts'

const nowhere = { host: '127.0.0.1', port: 6379, socketPath: undefined, tls: undefined, user: undefined }
const plain = { ...nowhere, password: undefined, db: 0 }

describe('a target', () => {
  test.each<[TargetOptions, object]>([
    [{}, {}],
    [{ url: 'redis://h:7000/3' }, { host: 'h', port: 7000, db: 3 }],
    [{ url: 'redis://u%40x:p%3Aw@h' }, { host: 'h', user: 'u@x', password: 'p:w' }],
    [{ url: 'redis://secret@h' }, { host: 'h', password: 'secret' }],
    [{ url: 'redis://:secret@[::1]:1' }, { host: '::1', port: 1, password: 'secret' }],
    [{ url: 'unix:/run/a%20b.sock' }, { socketPath: '/run/a b.sock' }],
    [{ url: 'unix:///run/s' }, { socketPath: '/run/s' }],
    [
      { url: 'redis://u:p@h:1/2', host: 'g', port: 9, db: 4, user: 'v', password: 'q' },
      { host: 'g', port: 9, db: 4, user: 'v', password: 'q' },
    ],
    [{ url: 'rediss://h' }, { host: 'h', tls: { rejectUnauthorized: true, servername: 'h' } }],
    [{ tls: true, insecure: true }, { tls: { rejectUnauthorized: false, servername: '' } }],
    [{ tls: true, sni: 'name' }, { tls: { rejectUnauthorized: true, servername: 'name' } }],
  ])('%j', (options, expected) => expect(targetOf(options, {})).toEqual({ ...plain, ...expected }))

  test('takes the password of the environment when none is said', () => {
    expect(targetOf({}, { REDISCLI_AUTH: 'e' }).password).toBe('e')
    expect(targetOf({ pass: 'p' }, { REDISCLI_AUTH: 'e' }).password).toBe('p')
    expect(targetOf({ url: 'redis://:u@h' }, { REDISCLI_AUTH: 'e' }).password).toBe('u')
  })

  test('has a name', () => {
    expect(nameOf(targetOf({}, {}))).toBe('127.0.0.1:6379')
    expect(nameOf(targetOf({ host: '::1' }, {}))).toBe('[::1]:6379')
    expect(nameOf(targetOf({ socket: '/s' }, {}))).toBe('/s')
  })

  test('that cannot be read is refused', () => {
    expect(() => targetOf({ url: 'redis://' }, {})).toThrow('no address of a Redis')
    expect(() => targetOf({ url: 'redis://h/db1' }, {})).toThrow("'db1'")
    expect(() => targetOf({ cert: 'c.pem' }, {})).toThrow('--tls')
    expect(() => targetOf({ tls: true, key: 'no-such-file' }, {})).toThrow('no-such-file cannot be read')
  })

  test('is told from a command', () => {
    expect(['redis://h', 'rediss://h', 'unix:/s'].every(isAddress)).toBe(true)
    expect(['GET', 'redis', 'unixtime', 'http://h'].some(isAddress)).toBe(false)
  })
})
