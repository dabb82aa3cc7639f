/**
 * Ways to a store for transfers: lines out, replies in order, many at a time.
 *
 * The one idea: a plain server is spoken to directly, so that nothing need be installed; Sentinels and clusters go through
 * ioredis, and a store in a folder through its own engine. Whoever transfers sees lines and replies only.
 */
import type { Backend, Runner } from '../../backend/backend.ts'
import { backendAt } from '../../backend/redis/open-redis.ts'
import { type Argv, raw } from '../../base/bytes.ts'
import { isArray, type Reply, ReplyError, Verbatim } from '../../base/reply.ts'
import { allCommands } from '../../commands/all.ts'
import { Table } from '../../engine/table.ts'
import { Connection, ConnectionLost } from '../client/connection.ts'
import { nameOf, type Target, targetOf } from '../client/target.ts'
import { TransferError } from './error.ts'

/** A store, one database of it. */
export interface Link {
  /** What it is called in messages. */
  readonly name: string
  /** Replies to lines, in order; errors are values. Throws `TransferError` when the way is lost. */
  ask(lines: readonly Argv[]): Promise<readonly Reply[]>
  /** Where keys lie on several nodes: each of them, to be scanned. */
  nodes(): Promise<readonly Pick<Link, 'ask'>[]>
  close(): Promise<void>
}

/** Opens database `db` of a server. */
export type Dial = (db: number) => Promise<Link>

/** A server: how to reach its databases, and the one that its address names. */
export interface Place {
  readonly dial: Dial
  /** Undefined where the address names none. */
  readonly db: number | undefined
}

/** The server behind an address. Throws `TransferError` for what is none. */
export function placeAt(url: string, environment: NodeJS.ProcessEnv): Place {
  if (/^rediss?\+(sentinel|cluster):/.test(url)) {
    const db = /\/(\d+)\/?$/.exec(url)?.[1]
    return { dial: (index) => throughBackend(url, index), db: db === undefined ? undefined : Number(db) }
  }
  const target = targetOf({ url }, environment)
  const isNamed = !url.startsWith('unix:') && /^\/\d+/.test(new URL(url).pathname)
  return { dial: (db) => direct({ ...target, db }), db: isNamed ? target.db : undefined }
}

async function direct(target: Target): Promise<Link> {
  const name = nameOf(target)
  const lost = (error: unknown): never => {
    if (!(error instanceof ConnectionLost)) throw error
    throw new TransferError(`${name}: ${error.message}.`, error)
  }
  const connection = await Connection.open(target).catch(lost)
  const ask = async (lines: readonly Argv[]): Promise<readonly Reply[]> => {
    const replies: Reply[] = []
    try {
      for (const line of lines) connection.send(line)
      while (replies.length < lines.length) replies.push(await connection.next())
      return replies
    } catch (error) {
      return lost(error)
    }
  }
  const { user, password, db } = target
  const signIn = password === undefined ? [] : [['AUTH', ...(user === undefined ? [] : [user]), password].map(utf8)]
  const greeting = [...signIn, ...(db === 0 ? [] : [[raw('SELECT'), raw(`${db}`)]])]
  const link: Link = { name, ask, nodes: async () => [link], close: async () => connection.close() }
  const refusal = (await ask(greeting)).find((reply) => reply instanceof ReplyError)
  if (refusal === undefined) return link
  connection.close()
  throw new TransferError(`${name} answered: ${refusal.message}`)
}

const utf8 = (word: string) => raw(Buffer.from(word, 'utf8').latin1Slice())

async function throughBackend(url: string, db: number): Promise<Link> {
  const backend = await backendAt(url, { db })
  const refusal = await backend.connect()
  if (refusal === undefined) return linkOf(backend)
  await backend.close()
  throw new TransferError(`${backend.features.name} answered: ${refusal.message}`)
}

const table = new Table(allCommands)

/** A link over a backend. */
export function linkOf(backend: Backend): Link {
  const over = (runner: Runner): Pick<Link, 'ask'> => ({
    async ask(lines) {
      const batch = lines.map((argv) => ({ command: table.find(argv), argv }))
      const replies = await runner.batch(batch, { atomic: false })
      if (replies === null || replies instanceof ReplyError) {
        throw new TransferError(`${backend.features.name} answered: ${replies?.message ?? 'nothing'}`)
      }
      return replies
    },
  })
  return {
    name: backend.features.name,
    ...over(backend),
    nodes: async () => (await backend.nodes?.().then((runners) => runners.map(over))) ?? [over(backend)],
    close: () => backend.close(),
  }
}

/** The keys of each database, as INFO tells; of a cluster's node its part. */
export async function databasesOf(link: Pick<Link, 'ask'>): Promise<ReadonlyMap<number, number>> {
  const [reply] = await link.ask([[raw('INFO'), raw('keyspace')]])
  if (reply instanceof ReplyError) throw new TransferError(`INFO was refused: ${reply.message}`)
  const text = reply instanceof Verbatim ? reply.text : typeof reply === 'string' ? reply : ''
  return new Map([...text.matchAll(/^db(\d+):keys=(\d+)/gm)].map(([, db, keys]) => [Number(db), Number(keys)]))
}

/** The cursor and the keys of a SCAN's reply. */
export function scanned(reply: Reply | undefined): { readonly cursor: string; readonly keys: readonly Reply[] } {
  if (reply instanceof ReplyError) throw new TransferError(`SCAN was refused: ${reply.message}`)
  const [cursor, keys] = reply !== undefined && isArray(reply) ? reply : []
  if (cursor === undefined || keys === undefined || !isArray(keys)) throw new TransferError('SCAN gave no keys.')
  return { cursor: String(cursor), keys }
}
