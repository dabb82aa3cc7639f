/**
 * From a URL or a client of the user's to a backend.
 *
 * The one idea: whatever differs between a server, Sentinels and a cluster is decided here, once. A client that is given says
 * where to connect and as whom; the connections are ours, so it stays as it is, whatever its own settings are.
 */
import type { ReplyError } from '../../base/reply.ts'
import { type Backend, BackendError } from '../backend.ts'
import { type Address, addressOf } from './address.ts'
import { ClusterBackend } from './cluster/cluster-backend.ts'
import { type NatMap, natMapFrom } from './cluster/nat-map.ts'
import { type Dial, dialLike, type GivenClient, type IoredisOptions, ioredisDial } from './ioredis.ts'
import type { LinkSettings } from './link.ts'
import { RedisBackend } from './redis-backend.ts'

export interface RedisOptions {
  /** In place of those in the URL. */
  readonly username?: string
  readonly password?: string
  readonly db?: number
  /** Encryption: `true`, or the options of `tls.connect` (`ca`, `cert`, `key`, `servername` …). */
  readonly tls?: boolean | object
  /** How long connecting may take, and how long a lost connection is tried again for a call; 10,000 unless given. */
  readonly connectTimeoutMs?: number
  /** How long a reply may take; for ever unless given. Commands that wait are not limited. */
  readonly commandTimeoutMs?: number
  /** What CLIENT LIST calls our connections. */
  readonly connectionName?: string
  /** Connects when it is first needed, so `open` doesn't fail. */
  readonly lazy?: boolean
  /** Anything else that ioredis takes (`family`, `keepAlive`, `sentinelPassword`, `natMap` …). What we rely on can't be changed. */
  readonly redis?: object
}

/** A backend that can say whether the store is there. */
export interface Connectable extends Backend {
  connect(): Promise<ReplyError | undefined>
}

const CONNECT_TIMEOUT_MS = 10_000

/** The backend behind a URL; not connected yet. */
export async function backendAt(url: string, options: RedisOptions): Promise<Connectable> {
  const address = addressOf(url)
  const db = options.db ?? address.db
  if (!Number.isInteger(db) || db < 0) throw new BackendError('UNSUPPORTED', `${db} is no number of a database`)
  const settings = settingsOf(address.name, db, options)
  const dial = await ioredisDial(baseOptions(address, options))
  if (address.kind === 'cluster') {
    if (db !== 0) throw new BackendError('UNSUPPORTED', 'A cluster has only database 0')
    return new ClusterBackend(dial, settings, address.hosts, natMapFrom(options.redis))
  }
  return new RedisBackend(dial, settings, address.kind)
}

/** A backend that connects as a given client does. */
export function backendLike(client: GivenClient, options: RedisOptions): Connectable {
  return client.isCluster ? likeCluster(client, options) : likeServer(client, options)
}

function likeServer(client: GivenClient, options: RedisOptions): Connectable {
  const given = (name: string): unknown => Reflect.get(client.options, name)
  const kind = given('sentinels') ? 'sentinel' : 'redis'
  const place = given('path') ?? `${given('host')}:${given('port')}`
  const name = kind === 'sentinel' ? `the master ${given('name')} of the given client` : `the given client's ${place}`
  const settings = settingsOf(name, options.db ?? Number(given('db') ?? 0), options)
  return new RedisBackend(overriding(dialLike(client), options), settings, kind)
}

function likeCluster(client: GivenClient, options: RedisOptions): Connectable {
  const nodes: unknown = Reflect.get(client, 'nodes')
  const found: unknown = typeof nodes === 'function' ? Reflect.apply(nodes, client, ['all']) : []
  const members = Array.isArray(found) ? found : []
  const hosts = members.map(({ options: { host, port } }) => ({ host: String(host), port: Number(port) }))
  if (hosts.length === 0) {
    throw new BackendError('UNREACHABLE', 'The given cluster client knows no node yet: wait for its `ready`')
  }
  const natMap: NatMap = natMapFrom(client.options)
  const settings = settingsOf(`the given client's cluster`, 0, options)
  return new ClusterBackend(overriding(dialLike(members[0]), options), settings, hosts, natMap)
}

/** The options given to `open` win over those of the client. */
function overriding(dial: Dial, options: RedisOptions): Dial {
  const base = extras(options)
  return (override) => dial({ ...base, ...override })
}

function settingsOf(name: string, db: number, options: RedisOptions): LinkSettings {
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS
  const { commandTimeoutMs } = options
  return { name, db, connectTimeoutMs, commandTimeoutMs, patienceMs: connectTimeoutMs }
}

function baseOptions({ kind, tls, hosts, path, master, ...who }: Address, options: RedisOptions): IoredisOptions {
  const [first] = hosts
  const where = path !== undefined ? { path } : { host: first?.host, port: first?.port }
  const sentinels = kind === 'sentinel' ? { sentinels: hosts, name: master } : where
  const password = options.password ?? who.password
  const username = options.username ?? who.username
  return {
    ...options.redis,
    ...(tls && { tls: {} }),
    ...sentinels,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...extras(options),
  }
}

function extras({ tls, connectTimeoutMs, commandTimeoutMs, connectionName, redis }: RedisOptions): IoredisOptions {
  return {
    ...redis,
    connectTimeout: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    ...(commandTimeoutMs !== undefined && { commandTimeout: commandTimeoutMs }),
    ...(connectionName !== undefined && { connectionName }),
    ...(tls !== undefined && tls !== false && { tls: tls === true ? {} : tls }),
  }
}
