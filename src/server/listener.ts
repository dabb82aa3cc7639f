/**
 * Listener: one open endpoint, TCP, TLS or unix, handing over what connects to it.
 */
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from 'node:tls'
import { type Endpoint, showEndpoint } from './endpoints.ts'
import { ServerError, systemCode } from './errors.ts'
import type { Settings } from './settings.ts'

/** Takes an accepted socket. */
export type Accept = (socket: Socket, endpoint: Endpoint) => void

export class Listener {
  /** With the port that was given where 0 was asked for. */
  readonly endpoint: Endpoint
  readonly #server: Server

  private constructor(server: Server, endpoint: Endpoint) {
    this.#server = server
    this.endpoint = endpoint
  }

  /** Opens an endpoint. Undefined for one that is optional and not there. */
  static async open(endpoint: Endpoint, settings: Settings, accept: Accept): Promise<Listener | undefined> {
    const server = makeServer(endpoint, settings)
    server.on(endpoint.kind === 'tls' ? 'secureConnection' : 'connection', (socket) => accept(socket, endpoint))
    try {
      await listen(server, endpoint, settings.number('tcp-backlog'))
    } catch (error) {
      if (endpoint.kind !== 'unix' && endpoint.optional && isAbsent(error)) return undefined
      throw new ServerError('GEARTRAIN_LISTEN', whyNot(endpoint, error), error)
    }
    if (endpoint.kind === 'unix') {
      if (endpoint.mode) chmodSync(endpoint.path, endpoint.mode)
      return new Listener(server, endpoint)
    }
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : endpoint.port
    return new Listener(server, { ...endpoint, port })
  }

  /** Takes no more connections. Those that are open stay. */
  close(): void {
    this.#server.close()
  }
}

function makeServer(endpoint: Endpoint, settings: Settings): Server {
  const noDelay = endpoint.kind !== 'unix'
  if (endpoint.kind !== 'tls') return createServer({ noDelay, pauseOnConnect: true })
  const server = tlsServer({ noDelay, ...tlsOptions(settings) })
  // A handshake that fails is the peer's affair.
  server.on('tlsClientError', (_, socket) => socket.destroy())
  return server
}

function tlsServer(options: TlsOptions): TlsServer {
  try {
    return createTlsServer(options)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ServerError(
      'GEARTRAIN_TLS',
      `TLS cannot be served with what tls-cert-file, tls-key-file, tls-key-file-pass and tls-ca-cert-file name: ${why}`,
      error,
    )
  }
}

function tlsOptions(settings: Settings): TlsOptions {
  const auth = settings.text('tls-auth-clients')
  const ca = settings.text('tls-ca-cert-file')
  const passphrase = settings.text('tls-key-file-pass')
  if (auth !== 'no' && ca === '') {
    throw new ServerError(
      'GEARTRAIN_TLS',
      'tls-auth-clients asks clients for certificates, but tls-ca-cert-file names none to check them against: set it, or set tls-auth-clients no.',
    )
  }
  return {
    cert: readFile(settings, 'tls-cert-file'),
    key: readFile(settings, 'tls-key-file'),
    ...(ca === '' ? {} : { ca: readFile(settings, 'tls-ca-cert-file') }),
    ...(passphrase === '' ? {} : { passphrase }),
    requestCert: auth !== 'no',
    rejectUnauthorized: auth === 'yes',
  }
}

function readFile(settings: Settings, directive: string): Buffer {
  const path = settings.text(directive)
  if (path === '') throw new ServerError('GEARTRAIN_TLS', `tls-port needs ${directive}: the path of a PEM file.`)
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ServerError('GEARTRAIN_TLS', `${directive} '${path}' cannot be read (${systemCode(error)}).`, error)
  }
}

function listen(server: Server, endpoint: Endpoint, backlog: number): Promise<void> {
  const options: ListenOptions =
    endpoint.kind === 'unix'
      ? { path: endpoint.path, backlog }
      : { host: endpoint.host, port: endpoint.port, backlog, ipv6Only: endpoint.host === '::' }
  // As in Redis: what a stopped server left behind is in the way.
  if (endpoint.kind === 'unix') rmSync(endpoint.path, { force: true })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      // EMFILE while accepting: the connection is lost, the server is not.
      server.on('error', () => undefined)
      resolve()
    })
  })
}

/** The machine has no such address, or no such family of addresses. */
function isAbsent(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EPROTONOSUPPORT'].includes(systemCode(error))
}

function whyNot(endpoint: Endpoint, error: unknown): string {
  const where = showEndpoint(endpoint)
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return `${where} is taken by another program: choose another port (--port 7000), or stop what listens there.`
    case 'EACCES':
      // What a socket's folder lacks is told by this code, too.
      if (endpoint.kind === 'unix')
        return `${where} cannot be made: its folder must be there, for this user to write in.`
      return `${where} may not be opened by this user: choose a port above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${where} is no address of this machine: check bind.`
    default:
      return `${where} cannot be opened: ${error instanceof Error ? error.message : error}`
  }
}
