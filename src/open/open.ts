/**
 * `open`: from a URL to a database.
 *
 * The one idea: the URL says where the data is, and nothing else in a program does.
 */
import { MessagePort } from 'node:worker_threads'
import { BackendError } from '../backend/backend.ts'
import type { ScriptLog } from '../backend/embedded/scripts.ts'
import { PortBackend } from '../backend/port/port-backend.ts'
import { isRedisScheme } from '../backend/redis/address.ts'
import type { GivenClient } from '../backend/redis/ioredis.ts'
import type { RedisOptions } from '../backend/redis/open-redis.ts'
import type { Database } from '../client/database.ts'
import type { Text } from '../commands/args/nodes.ts'
import type { CreateOptions } from '../create.ts'
import { databaseOn } from './database-on.ts'
import { type Fsync, openFile } from './file.ts'
import { openMemory } from './memory.ts'
import { openClient, openRedis } from './redis.ts'

export interface OpenOptions extends RedisOptions {
  /** For stores of this process: the engine's own options, taken by who opens a store first. */
  readonly engine?: CreateOptions
  /** For stores of this process: hears what portable scripts log (`env.log`); on servers that goes to the server's log. */
  readonly onScriptLog?: ScriptLog
  /** For stores in a folder: when writes are brought to the disk (Redis' `appendfsync`); `everysec` unless given. */
  readonly fsync?: Fsync
  /** What all keys begin with in the store, unseen by callers: see `db.withPrefix`. */
  readonly keyPrefix?: Text
}

/** Every option there is, so that a misspelt one is told, not passed over. */
const OPTIONS: Readonly<Record<keyof OpenOptions, true>> = {
  engine: true,
  onScriptLog: true,
  fsync: true,
  keyPrefix: true,
  username: true,
  password: true,
  db: true,
  tls: true,
  connectTimeoutMs: true,
  commandTimeoutMs: true,
  connectionName: true,
  lazy: true,
  redis: true,
}

/**
 * Opens a database: `memory:` (private), `memory:name` (shared within the process), `file:./folder` (kept on disk), or the port that another thread's
 * `db.port()` gave; `redis://[user:password@]host:6379[/db]`, `rediss:`, `unix:/path`, `redis+sentinel://host,host2/master[/db]`,
 * `redis+cluster://host,host2`, or an ioredis client, which stays the caller's own (these need ioredis).
 * Rejects with a `BackendError` when the store can't be reached or the URL means nothing.
 */
export async function open(
  url: string | MessagePort | GivenClient = 'memory:',
  { keyPrefix, ...options }: OpenOptions = {},
): Promise<Database> {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name))
  if (unknown !== undefined) {
    throw new BackendError('UNSUPPORTED', `open has no option "${unknown}": it has ${Object.keys(OPTIONS).join(', ')}`)
  }
  const whole = await openWhole(url, options)
  if (keyPrefix === undefined || keyPrefix.length === 0) return whole
  return whole.withPrefix(keyPrefix, { closes: true })
}

async function openWhole(url: string | MessagePort | GivenClient, options: OpenOptions): Promise<Database> {
  if (url instanceof MessagePort) {
    refuseNumber(options.db)
    return databaseOn(PortBackend.take(url))
  }
  if (typeof url !== 'string') return openClient(url, options)
  const colon = url.indexOf(':')
  const scheme = colon < 0 ? '' : url.slice(0, colon)
  if (scheme === 'memory' || scheme === 'file') refuseNumber(options.db)
  switch (scheme) {
    case 'memory':
      return openMemory(url.slice(colon + 1), options.engine ?? {}, options.onScriptLog)
    case 'file':
      return openFile(url, { engine: options.engine ?? {}, fsync: options.fsync, onScriptLog: options.onScriptLog })
    default:
      if (isRedisScheme(scheme)) return openRedis(url, options)
      throw new BackendError(
        'UNSUPPORTED',
        `Don't know how to open ${JSON.stringify(scheme === '' ? url : `${scheme}:`)}: a URL begins with memory:, file:, redis:, rediss:, unix:, redis+sentinel: or redis+cluster:`,
      )
  }
}

/** A program that keeps things apart by number would find them mixed. */
function refuseNumber(db = 0): void {
  if (db === 0) return
  throw new BackendError(
    'UNSUPPORTED',
    `Stores of this process are opened in database 0, not ${db}: take a store of another name, or keyPrefix`,
  )
}
