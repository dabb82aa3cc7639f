/** Unix sockets and TLS, addresses and options, from the command line to the reply. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/create.ts'
import { Server } from '../../src/server/server.ts'
import { runOurs } from './rig.ts'

const folder = mkdtempSync(join(tmpdir(), 'geartrain-sockets-'))
const socket = join(folder, 'a.sock')
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
const opensslMissing = spawnSync('openssl', ['version']).error !== undefined
if (opensslMissing) console.log('TLS is not tested: openssl, which makes certificates, is missing')

let server: Server
let tlsPort = 0
beforeAll(async () => {
  const config: Record<string, string> = {}
  if (!opensslMissing) {
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost']
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    spawnSync('openssl', [...request, ...names, '-keyout', key, '-out', cert])
    Object.assign(config, { 'tls-cert-file': cert, 'tls-key-file': key, 'tls-ca-cert-file': cert })
  }
  server = new Server(createEngine({ config }))
  await server.listen([
    { kind: 'unix', path: socket },
    ...(opensslMissing ? [] : [{ kind: 'tls', host: '127.0.0.1', port: 0 } as const]),
  ])
  for (const endpoint of server.endpoints) if (endpoint.kind === 'tls') tlsPort = endpoint.port
})
afterAll(async () => {
  await server.close(0)
  rmSync(folder, { recursive: true, force: true })
})

test.each([['-s', socket], [`unix:${socket}`], ['-u', `unix://${socket}`]])('a unix socket: %s', async (...where) => {
  expect(await runOurs([...where, 'PING'])).toEqual({ stdout: 'PONG\n', stderr: '', status: 0 })
})

describe.skipIf(opensslMissing)('TLS', () => {
  const where = (...more: string[]): string[] => ['-h', '127.0.0.1', '-p', `${tlsPort}`, '--tls', ...more]
  const mine = ['--cert', cert, '--key', key]

  test('with the certificates of both sides', async () => {
    const said = await runOurs([...where('--cacert', cert, ...mine), 'PING'])
    expect(said).toEqual({ stdout: 'PONG\n', stderr: '', status: 0 })
    const byAddress = [`rediss://localhost:${tlsPort}`, '--cacert', cert, ...mine, 'PING']
    expect((await runOurs(byAddress)).stdout).toBe('PONG\n')
    expect((await runOurs([...where('--insecure', ...mine), 'PING'])).stdout).toBe('PONG\n')
  })

  test('a certificate that nobody vouches for is refused, and ours is asked for', async () => {
    const stranger = await runOurs([...where(...mine), 'PING'])
    expect(stranger).toMatchObject({ stdout: '', status: 1 })
    expect(stranger.stderr).toMatch(/^Could not connect to Redis at 127\.0\.0\.1:\d+: .*self.signed certificate/i)
    const nameless = await runOurs([...where('--cacert', cert), 'PING'])
    expect(nameless).toMatchObject({ stdout: '', status: 1 })
    expect(nameless.stderr).not.toBe('')
  })
})
