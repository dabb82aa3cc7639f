/**
 * ioredis, seen from here: what we use of it, whoever made the client.
 *
 * The one idea: clients are known by what they can do, never by their class, so that no declaration names ioredis and any copy
 * of it will do. It is an optional peer: loaded when a URL needs it.
 */
import { BackendError } from '../backend.ts'

/** One connection, made by ioredis. */
export interface IoredisClient {
  callBuffer(name: string, words: (string | Buffer)[]): Promise<unknown>
  connect(): Promise<void>
  disconnect(): void
  on(event: string, listener: (...heard: unknown[]) => void): unknown
}

/** Options of ioredis, as it takes them. */
export type IoredisOptions = Readonly<Record<string, unknown>>

/** Makes clients that aren't connected yet; `override` wins over whatever else is said. */
export type Dial = (override: IoredisOptions) => IoredisClient

/** A client of the user's own: ioredis' `Redis` or `Cluster`. */
export interface GivenClient {
  readonly isCluster: boolean
  readonly status: string
  readonly options: object
  disconnect(): void
}

/** Whether a value is a client of ioredis, by what it has. */
export function isGivenClient(value: unknown): value is GivenClient {
  if (typeof value !== 'object' || value === null) return false
  const has = (name: string, type: string): boolean => typeof Reflect.get(value, name) === type
  return (
    has('isCluster', 'boolean') && has('status', 'string') && has('options', 'object') && has('callBuffer', 'function')
  )
}

/** What holds for every connection of ours: one life, nothing kept back, nothing sent again, replies as they are. */
const OURS: IoredisOptions = {
  lazyConnect: true,
  retryStrategy: null,
  sentinelRetryStrategy: null,
  maxRetriesPerRequest: null,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  enableReadyCheck: true,
  reconnectOnError: null,
  stringNumbers: true,
  keyPrefix: '',
  readOnly: false,
  monitor: false,
  showFriendlyErrorStack: false,
  // The database is selected by us: ioredis goes on in database 0 when that fails.
  db: 0,
}

/** Makes clients by ioredis itself; rejects when it isn't installed. */
export async function ioredisDial(base: IoredisOptions): Promise<Dial> {
  const { Redis } = await load()
  return (override) => new Redis({ ...base, ...OURS, ...override })
}

/** Makes clients as a given one was made. */
export function dialLike(client: GivenClient): Dial {
  const duplicate: unknown = Reflect.get(client, 'duplicate')
  if (typeof duplicate !== 'function') throw new TypeError('this client can not be duplicated')
  return (override) => Reflect.apply(duplicate, client, [{ ...OURS, ...override }])
}

async function load() {
  try {
    return await import('ioredis')
  } catch (error) {
    throw new BackendError('UNSUPPORTED', 'Stores behind a URL like redis: need ioredis: npm i ioredis', error)
  }
}
