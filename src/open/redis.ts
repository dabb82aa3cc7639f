/**
 * Stores behind Redis' protocol, opened: what they refuse at once is an error of `open`.
 */
import { BackendError } from '../backend/backend.ts'
import { PrefixedBackend } from '../backend/prefixed/prefixed-backend.ts'
import { type GivenClient, isGivenClient } from '../backend/redis/ioredis.ts'
import { backendAt, backendLike, type Connectable, type RedisOptions } from '../backend/redis/open-redis.ts'
import { bytes } from '../base/bytes.ts'
import type { Database } from '../client/database.ts'
import { RedisError } from '../client/errors.ts'
import { databaseOn } from './database-on.ts'

/** Opens a URL. Rejects when the store can't be reached (`UNREACHABLE`) or doesn't let us in (`RedisError`), unless `lazy`. */
export async function openRedis(url: string, options: RedisOptions): Promise<Database> {
  return databaseOn(await connected(await backendAt(url, options), options))
}

/** Opens a database that connects as a client of the user's does; its keyPrefix is the database's. */
export async function openClient(client: GivenClient, options: RedisOptions): Promise<Database> {
  if (!isGivenClient(client)) {
    throw new BackendError(
      'UNSUPPORTED',
      'open takes a URL, a port of db.port(), or a client of ioredis (Redis or Cluster)',
    )
  }
  const backend = await connected(backendLike(client, options), options)
  const prefix = prefixOf(client)
  return databaseOn(prefix === '' ? backend : new PrefixedBackend(backend, bytes(prefix)))
}

async function connected(backend: Connectable, { lazy = false }: RedisOptions): Promise<Connectable> {
  if (lazy) return backend
  try {
    const refusal = await backend.connect()
    if (refusal !== undefined) throw new RedisError(refusal)
    return backend
  } catch (error) {
    await backend.close()
    throw error
  }
}

/** Of a cluster's client the prefix may stand with the options of its nodes. */
function prefixOf({ options }: GivenClient): string {
  const ofNodes: unknown = Reflect.get(options, 'redisOptions')
  const inNodes: unknown =
    typeof ofNodes === 'object' && ofNodes !== null ? Reflect.get(ofNodes, 'keyPrefix') : undefined
  return String(Reflect.get(options, 'keyPrefix') || inNodes || '')
}
