/** Who may come in: protected mode, passwords, unix sockets, certificates. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { endpointsOf } from '../../src/server/endpoints.ts'
import { DENIED, isDenied, isLoopback } from '../../src/server/protected-mode.ts'
import { Server } from '../../src/server/server.ts'
import { Settings } from '../../src/server/settings.ts'
import { serveFresh, Wire } from './wire.ts'

const folder = mkdtempSync(join(tmpdir(), 'geartrain-access-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('protected mode', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    [undefined, true],
    ['10.0.0.7', false],
    ['128.0.0.1', false],
    ['::ffff:10.0.0.7', false],
    ['fe80::1', false],
  ])('%s is this machine: %s', (address, expected) => expect(isLoopback(address)).toBe(expected))

  test('denies strangers only while no password is set', () => {
    expect(isDenied(true, false, '10.0.0.7')).toBe(true)
    expect(isDenied(true, true, '10.0.0.7')).toBe(false)
    expect(isDenied(false, false, '10.0.0.7')).toBe(false)
    expect(isDenied(true, false, '127.0.0.1')).toBe(false)
    expect(DENIED).toMatch(/^-DENIED Redis is running in protected mode[^\r\n]*\r\n$/)
  })
})

describe('a password', () => {
  test('is asked for, and before it requests are small', async () => {
    const served = await serveFresh({ requirepass: 'secret' })
    const wire = await Wire.open(served.port)
    expect(await wire.ask('\r\n', 'GET', 'k')).toBe('-NOAUTH Authentication required.\r\n')
    expect(await wire.ask('\r\n', 'AUTH', 'wrong')).toContain('-WRONGPASS')
    expect(await wire.ask('\r\n', 'AUTH', 'secret')).toBe('+OK\r\n')
    expect(await wire.ask('\r\n', 'SET', 'k', 'v'.repeat(20_000))).toBe('+OK\r\n')
    const stranger = await Wire.open(served.port)
    stranger.write('*2\r\n$4\r\nECHO\r\n$20000\r\n')
    expect(await stranger.untilClosed()).toBe('-ERR Protocol error: unauthenticated bulk length\r\n')
    wire.close()
    await served.stop()
  })
})

describe('endpoints', () => {
  const of = (config: Record<string, string>) => endpointsOf(new Settings(createEngine({ config }).config))

  test('follow bind, port, tls-port and unixsocket', () => {
    expect(of({})).toEqual([
      { kind: 'tcp', host: '0.0.0.0', port: 6379, optional: false },
      { kind: 'tcp', host: '::', port: 6379, optional: true },
    ])
    expect(of({ port: '0' })).toEqual([])
    expect(of({ port: '0', 'tls-port': '7000', bind: '127.0.0.1' })).toEqual([
      { kind: 'tls', host: '127.0.0.1', port: 7000, optional: false },
    ])
    expect(of({ port: '0', unixsocket: 'a.sock', unixsocketperm: '700' })).toEqual([
      { kind: 'unix', path: 'a.sock', mode: 0o700 },
    ])
  })

  test('that are taken are an error that says what to do', async () => {
    const first = await serveFresh()
    const second = new Server(createEngine())
    const failure = second.listen([{ kind: 'tcp', host: '127.0.0.1', port: first.port }])
    await expect(failure).rejects.toMatchObject({ code: 'GEARTRAIN_LISTEN' })
    await expect(failure).rejects.toThrow(/choose another port/)
    await first.stop()
  })
})

test('a unix socket serves, with its permissions, and replaces what a crash left behind', async () => {
  const path = join(folder, 'geartrain.sock')
  writeFileSync(path, '')
  const engine = createEngine()
  const server = new Server(engine)
  await server.listen([{ kind: 'unix', path, mode: 0o600 }])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const wire = await Wire.open({ path })
  expect(await wire.ask('\r\n', 'PING')).toBe('+PONG\r\n')
  expect(await wire.ask('\n\r\n', 'CLIENT', 'INFO')).toContain(`addr=${path}:0 `)
  wire.close()
  await server.close(0)
})

// openssl makes the certificate. Where it is missing the test command has said so.
describe.skipIf(spawnSync('openssl', ['version']).error !== undefined)('TLS', () => {
  const key = join(folder, 'key.pem')
  const cert = join(folder, 'cert.pem')
  beforeAll(() => {
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
    spawnSync('openssl', [...request, '-keyout', key, '-out', cert])
  })

  const files = { 'tls-cert-file': cert, 'tls-key-file': key }
  const serveTls = async (config: Record<string, string>) => {
    const server = new Server(createEngine({ config: { ...files, ...config } }))
    await server.listen([{ kind: 'tls', host: '127.0.0.1', port: 0 }])
    const [endpoint] = server.endpoints
    return { server, port: endpoint?.kind === 'tls' ? endpoint.port : 0 }
  }

  test('serves pipelines and large values', async () => {
    const { server, port } = await serveTls({ 'tls-auth-clients': 'no' })
    const wire = new Wire(connectTls({ port, host: '127.0.0.1', ca: readFileSync(cert), servername: 'localhost' }))
    wire.send('SET', 'k', 'v'.repeat(1_000_000))
    wire.send('STRLEN', 'k')
    expect(await wire.until(':1000000\r\n')).toBe('+OK\r\n:1000000\r\n')
    wire.close()
    await server.close(0)
  })

  test('turns away who has no certificate where one is asked for, and serves who has', async () => {
    const { server, port } = await serveTls({ 'tls-ca-cert-file': cert })
    const target = { port, host: '127.0.0.1', ca: readFileSync(cert), servername: 'localhost' }
    const stranger = new Wire(connectTls(target))
    stranger.send('PING')
    expect(await stranger.untilClosed()).toBe('')
    const friend = new Wire(connectTls({ ...target, cert: readFileSync(cert), key: readFileSync(key) }))
    expect(await friend.ask('\r\n', 'PING')).toBe('+PONG\r\n')
    friend.close()
    await server.close(0)
  })

  test('opens a key that is encrypted with its password, and with no other', async () => {
    const locked = join(folder, 'locked.pem')
    spawnSync('openssl', ['rsa', '-aes256', '-in', key, '-out', locked, '-passout', 'pass:sesame'])
    const config = { 'tls-auth-clients': 'no', 'tls-key-file': locked }
    const { server, port } = await serveTls({ ...config, 'tls-key-file-pass': 'sesame' })
    const wire = new Wire(connectTls({ port, host: '127.0.0.1', ca: readFileSync(cert), servername: 'localhost' }))
    expect(await wire.ask('\r\n', 'PING')).toBe('+PONG\r\n')
    wire.close()
    await server.close(0)
    for (const wrong of ['', 'melon'])
      await expect(serveTls({ ...config, 'tls-key-file-pass': wrong })).rejects.toMatchObject({
        code: 'GEARTRAIN_TLS',
        message: expect.stringContaining('tls-key-file-pass'),
      })
  })

  test('without what it needs is an error that names the directive', async () => {
    await expect(serveTls({})).rejects.toThrow(/tls-ca-cert-file/)
    await expect(serveTls({ 'tls-auth-clients': 'no', 'tls-key-file': '' })).rejects.toThrow(/tls-key-file/)
    await expect(serveTls({ 'tls-auth-clients': 'no', 'tls-key-file': join(folder, 'none') })).rejects.toMatchObject({
      code: 'GEARTRAIN_TLS',
    })
  })
})
