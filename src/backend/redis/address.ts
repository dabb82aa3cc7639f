/**
 * URLs of Redis: where it is, who we are, which database.
 *
 * The one idea: a URL is read whole. What is misspelt or means nothing is an error that names it; nothing is passed over.
 */
import { BackendError } from '../backend.ts'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** A URL, read. */
export interface Address {
  readonly kind: 'redis' | 'sentinel' | 'cluster'
  readonly tls: boolean
  /** Servers, Sentinels or nodes; empty for a unix socket. */
  readonly hosts: readonly HostPort[]
  readonly path: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
  /** The name by which Sentinels know the master. */
  readonly master: string | undefined
  readonly db: number
  /** The URL without credentials. */
  readonly name: string
}

const SCHEMES: ReadonlyMap<string, Pick<Address, 'kind' | 'tls'>> = new Map([
  ['redis', { kind: 'redis', tls: false }],
  ['rediss', { kind: 'redis', tls: true }],
  ['redis+sentinel', { kind: 'sentinel', tls: false }],
  ['rediss+sentinel', { kind: 'sentinel', tls: true }],
  ['redis+cluster', { kind: 'cluster', tls: false }],
  ['rediss+cluster', { kind: 'cluster', tls: true }],
])

const DEFAULT_PORT = { redis: 6379, sentinel: 26379, cluster: 6379 } as const

/** Whether a URL is for this backend. */
export const isRedisScheme = (scheme: string): boolean => SCHEMES.has(scheme) || scheme === 'unix'

/** Reads a URL; throws `BackendError` (`UNSUPPORTED`) when it can't be one. */
export function addressOf(url: string): Address {
  const scheme = url.slice(0, url.indexOf(':'))
  if (scheme === 'unix') return unixAddress(url)
  const known = SCHEMES.get(scheme)
  const [, rest] = /^[^:]+:\/\/(.*)$/s.exec(url) ?? []
  if (known === undefined || rest === undefined) throw wrong(url, 'it begins with redis://host')
  if (/[?#]/.test(rest)) throw wrong(url, 'what would stand behind ? is given in the options of open')
  const slash = rest.indexOf('/')
  const authority = slash < 0 ? rest : rest.slice(0, slash)
  const path =
    slash < 0
      ? []
      : rest
          .slice(slash + 1)
          .replace(/\/$/, '')
          .split('/')
  const { username, password, hosts } = authorityOf(url, authority)
  const parts = { ...known, path: undefined, username, password }
  const list = hosts.split(',').map((host) => hostPort(url, host, DEFAULT_PORT[known.kind]))
  if (known.kind === 'redis' && list.length > 1)
    throw wrong(url, 'several hosts need redis+cluster: or redis+sentinel:')
  const master = known.kind === 'sentinel' ? decoded(url, path.shift() ?? '') : undefined
  if (master === '') throw wrong(url, 'it ends with the name of the master: redis+sentinel://host:26379/mymaster')
  const db = databaseOf(url, path)
  if (known.kind === 'cluster' && db !== 0) throw wrong(url, 'a cluster has only database 0')
  const tail = [...(master === undefined ? [] : [master]), ...(db === 0 ? [] : [db])]
  return { ...parts, hosts: list, master, db, name: `${scheme}://${[hosts, ...tail].join('/')}` }
}

function unixAddress(url: string): Address {
  const path = url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '')
  if (path === '') throw wrong(url, 'it ends with the path of a socket: unix:/run/redis.sock')
  const nobody = { username: undefined, password: undefined, master: undefined }
  return { kind: 'redis', tls: false, hosts: [], path, ...nobody, db: 0, name: `unix:${path}` }
}

function authorityOf(url: string, authority: string) {
  const at = authority.lastIndexOf('@')
  const hosts = authority.slice(at + 1)
  if (at < 0) return { username: undefined, password: undefined, hosts }
  const who = authority.slice(0, at)
  const colon = who.indexOf(':')
  const username = decoded(url, colon < 0 ? who : who.slice(0, colon))
  const password = colon < 0 ? undefined : decoded(url, who.slice(colon + 1))
  return { username: username === '' ? undefined : username, password, hosts }
}

function hostPort(url: string, text: string, defaultPort: number): HostPort {
  const [, bracketed, plain, digits] = /^(?:\[([\da-fA-F:.]+)\]|([^[\]:]*))(?::(\d+))?$/.exec(text) ?? []
  const port = digits === undefined ? defaultPort : Number(digits)
  if ((bracketed === undefined && plain === undefined) || port > 65535) {
    throw wrong(url, `${JSON.stringify(text)} is no host:port`)
  }
  return { host: bracketed ?? (plain === '' ? '127.0.0.1' : plain!), port }
}

function databaseOf(url: string, path: readonly string[]): number {
  const [word = ''] = path
  if (path.length > 1 || !/^\d*$/.test(word)) throw wrong(url, 'behind the last / stands the number of a database')
  return Number(word)
}

function decoded(url: string, text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong(url, 'a % in it is no escape')
  }
}

/** Says what is wrong with a URL, without its password. */
const wrong = (url: string, why: string): BackendError =>
  new BackendError('UNSUPPORTED', `Don't know how to open ${JSON.stringify(url.replace(/\/\/.*@/, '//…@'))}: ${why}`)
