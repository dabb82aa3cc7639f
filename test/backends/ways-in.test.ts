/** The ways to a store: clients that are given, sockets, TLS, and a master that Sentinels replace. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open } from '../../src/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { freePort } from '../oracle/redis-server.ts'
import { RedisProcess } from './redis-process.ts'
import { RedisSentinel } from './redis-sentinel.ts'

describe.skipIf(oracleMissing)('a client that is given', () => {
  let server: RedisProcess
  beforeAll(async () => {
    server = await RedisProcess.start(['requirepass right'])
  })
  afterAll(() => server.stop())

  test('says where and as whom; whatever its settings, replies are exact and it stays its owner’s', async () => {
    const client = new Redis(server.port, {
      password: 'right',
      db: 2,
      keyPrefix: 'app:',
      stringNumbers: true,
      enableAutoPipelining: true,
      commandTimeout: 150,
    })
    await client.set('k', 'v')
    const db = await open(client)
    expect(db.features).toMatchObject({ kind: 'redis', name: expect.stringContaining(`${server.port}`) })
    expect(await db.get('k')).toBe('v')
    expect(await db.rpush('l', ['a', 'b'])).toBe(2)
    expect(await client.lrange('l', 0, -1)).toEqual(['a', 'b'])
    expect(await db.keys('*')).toEqual(expect.arrayContaining(['k', 'l']))
    expect(await db.call('INCRBY', 'big', 9007199254740993n)).toBe(9007199254740993n)
    expect(await db.blpop('none', 0.3)).toBeNull()
    await db.close()
    expect(await client.get('k')).toBe('v')
    client.disconnect()
  })

  test('may be closed or not be connected yet', async () => {
    const client = new Redis(server.port, { lazyConnect: true, password: 'right' })
    await using db = await open(client, { connectionName: 'ours' })
    expect(client.status).toBe('wait')
    expect(await db.client_getname()).toBe('ours')
    client.disconnect()
    expect(await db.ping()).toBe('PONG')
  })

  test('that may not enter, or is none, is an error of open', async () => {
    const client = new Redis(server.port, { lazyConnect: true, password: 'wrong' })
    await expect(open(client)).rejects.toMatchObject({ name: 'RedisError', code: 'WRONGPASS' })
    // @ts-expect-error: not a client
    await expect(open({ get: () => null })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    // @ts-expect-error: not a client
    await expect(open(null)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

test.skipIf(oracleMissing)('a unix socket', async () => {
  const server = await RedisProcess.start(['unixsocket redis.sock'])
  const db = await open(`unix:${join(server.folder, 'redis.sock')}`, { db: 1 })
  expect(await db.set('k', 'v')).toBe('OK')
  expect(await server.ask('DBSIZE')).toBe('0')
  await db.close()
  await server.stop()
})

const opensslMissing = spawnSync('openssl', ['version']).error !== undefined

test.skipIf(oracleMissing || opensslMissing)('TLS, with a certificate that has to be vouched for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost']
  spawnSync('openssl', [...request, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert])
  const port = await freePort()
  const tls = [`tls-port ${port}`, `tls-cert-file ${cert}`, `tls-key-file ${key}`, 'tls-auth-clients no']
  const server = await RedisProcess.start(tls)
  const url = `rediss://127.0.0.1:${port}`
  const db = await open(url, { tls: { ca: readFileSync(cert) } })
  expect(await db.set('k', 'v')).toBe('OK')
  expect(await db.blpop('none', 0.05)).toBeNull()
  await db.close()
  await expect(open(url)).rejects.toMatchObject({ code: 'UNREACHABLE', message: /self.signed/ })
  await server.stop()
  rmSync(folder, { recursive: true })
})

test.skipIf(oracleMissing)('when Sentinels have another master, that is the one', async () => {
  const servers = await RedisSentinel.start()
  const db = await open(servers.url)
  expect(db.features.kind).toBe('sentinel')
  await db.set('k', 'before')
  expect(await db.wait(1, 1000)).toBe(1)
  await servers.master.kill()
  expect(await db.get('k')).toBe('before')
  expect(await db.set('k', 'after')).toBe('OK')
  expect(await servers.replica.ask('GET', 'k')).toBe('after')
  await db.close()
  await servers.stop()
})
