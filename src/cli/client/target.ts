/**
 * Where to connect and as whom.
 *
 * The one idea: a URL, options and the environment are three ways to say the same few facts; what stands in an option wins
 * over the URL, and both win over REDISCLI_AUTH.
 */
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { parseAddress, RemoteError } from '../remote.ts'

/** A server and who we are there. */
export interface Target {
  readonly host: string
  readonly port: number
  /** A unix socket, in place of host and port. */
  readonly socketPath: string | undefined
  /** Present where the connection is encrypted. */
  readonly tls: ConnectionOptions | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly db: number
}

/** The options that say where. */
export interface TargetOptions {
  readonly host?: string
  readonly port?: number
  readonly socket?: string
  readonly db?: number
  readonly user?: string
  readonly password?: string
  readonly pass?: string
  readonly url?: string
  readonly tls?: boolean
  readonly cacert?: string
  readonly cert?: string
  readonly key?: string
  readonly insecure?: boolean
  readonly sni?: string
}

const DEFAULT_PORT = 6379

/** Whether a word is an address, and no command. */
export const isAddress = (word: string): boolean => /^(rediss?:\/\/|unix:)/.test(word)

/** The target that options and environment name. Throws `RemoteError` for what is no address, or no file. */
export function targetOf(options: TargetOptions, environment: NodeJS.ProcessEnv): Target {
  const said = options.url === undefined ? {} : fromUrl(options.url)
  const host = options.host ?? said.host ?? '127.0.0.1'
  const tls = options.tls === true || said.tls === true
  const { cacert, cert, key, insecure, sni } = options
  if (!tls && [cacert, cert, key, insecure, sni].some((each) => each !== undefined)) {
    throw new RemoteError('--cacert, --cert, --key, --insecure and --sni are about TLS: say --tls or rediss://.')
  }
  return {
    host,
    port: options.port ?? said.port ?? DEFAULT_PORT,
    socketPath: options.socket ?? said.socket,
    tls: tls ? tlsOf(options, host) : undefined,
    user: options.user ?? said.user,
    password: options.password ?? options.pass ?? said.password ?? environment.REDISCLI_AUTH,
    db: options.db ?? said.db ?? 0,
  }
}

/** What a URL says, as options. */
function fromUrl(url: string): TargetOptions {
  if (url.startsWith('unix:')) return { socket: decodeURIComponent(url.slice('unix:'.length).replace(/^\/\//, '')) }
  const { protocol, hostname, port, username, password, pathname } = parseAddress(url)
  const db = pathname.slice(1)
  if (!/^\d*$/.test(db)) throw new RemoteError(`'${db}' in the address is no number of a database.`)
  // A single word before the host is the password, as in redis-cli.
  const [user, pass] = password === '' ? ['', username] : [username, password]
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    tls: protocol === 'rediss:',
    ...(port === '' ? {} : { port: Number(port) }),
    ...(db === '' ? {} : { db: Number(db) }),
    ...(user === '' ? {} : { user: decodeURIComponent(user) }),
    ...(pass === '' ? {} : { password: decodeURIComponent(pass) }),
  }
}

function tlsOf({ cacert, cert, key, insecure, sni }: TargetOptions, host: string): ConnectionOptions {
  // A name for the certificate must be a name: TLS has none for addresses.
  const servername = sni ?? (/^[\d.]+$|:/.test(host) ? '' : host)
  return {
    rejectUnauthorized: insecure !== true,
    servername,
    ...(cacert === undefined ? {} : { ca: read(cacert) }),
    ...(cert === undefined ? {} : { cert: read(cert) }),
    ...(key === undefined ? {} : { key: read(key) }),
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new RemoteError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`, error)
  }
}

/** `127.0.0.1:6379`, `[::1]:6379`, or the path of a socket. */
export function nameOf({ host, port, socketPath }: Target): string {
  return socketPath ?? `${host.includes(':') ? `[${host}]` : host}:${port}`
}
