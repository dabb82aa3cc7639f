/**
 * Transactions: MULTI's queue and WATCH's keys.
 *
 * The one idea: a watched key that is touched marks its watchers, whoever touched it; EXEC only looks at the mark.
 * A key that had expired when it was watched and is gone now has not changed.
 *
 * Invariant: a client stands in the map of each key it watches, and in none once it is marked.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { NIL_ARRAY, QUEUED, type Reply, ReplyError } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import type { TransactionsPort } from '../commands/context.ts'
import type { Keyspace } from '../keyspace/keyspace.ts'

const NESTED = new ReplyError('ERR MULTI calls can not be nested')
const EXECABORT = new ReplyError('EXECABORT Transaction discarded because of previous errors.')
const WATCH_INSIDE = new ReplyError('ERR WATCH inside MULTI is not allowed')

/** Runs one queued command for a client, inside the current unit. */
type RunQueued = (client: Client, command: Command, argv: Argv) => Reply

/** The watchers of a key, and whether it had expired when they came. */
type Watchers = Map<Client, boolean>

export class Transactions implements TransactionsPort {
  executing = false
  readonly #keyspace: Keyspace
  readonly #run: RunQueued
  readonly #onWatching: () => void
  /** Per database: key -> clients that watch it. */
  readonly #watchers: Map<Bytes, Watchers>[]
  /** Clients that watch anything. */
  #watching = 0

  /** `onWatching` hears when the first watcher came or the last one went. */
  constructor(keyspace: Keyspace, run: RunQueued, onWatching: () => void) {
    this.#keyspace = keyspace
    this.#run = run
    this.#onWatching = onWatching
    this.#watchers = keyspace.databases.map(() => new Map())
  }

  /** Whether anyone watches anything. */
  get watching(): boolean {
    return this.#watching > 0
  }

  begin(client: Client): void {
    if (client.transaction !== undefined) throw NESTED
    client.transaction = { queue: [], broken: false }
    client.gate |= GATE.multi
  }

  /** Queues a command for EXEC. */
  queue(client: Client, command: Command, argv: Argv): Reply {
    // A transaction that can only fail keeps nothing.
    if (!client.transaction!.broken && !client.watchBroken) client.transaction!.queue.push({ command, argv })
    return QUEUED
  }

  discard(client: Client): void {
    client.transaction = undefined
    client.gate &= ~GATE.multi
    this.unwatch(client)
  }

  exec(client: Client): Reply {
    const { queue, broken } = client.transaction!
    const { lastCommand } = client
    const changed = client.watchBroken || this.#watchedExpired(client)
    this.discard(client)
    if (broken) throw EXECABORT
    if (changed) return NIL_ARRAY
    this.executing = true
    const replies = queue.map(({ command, argv }) => this.#run(client, command, argv))
    this.executing = false
    // The last command that the client sent, not the last one that ran.
    client.lastCommand = lastCommand
    return replies
  }

  watch(client: Client, keys: readonly Bytes[]): void {
    if (client.transaction !== undefined) throw WATCH_INSIDE
    if (client.watchBroken) return
    const { db } = client
    const before = client.watched.length
    for (const key of keys) {
      let watchers = this.#watchers[db]!.get(key)
      if (watchers === undefined) this.#watchers[db]!.set(key, (watchers = new Map()))
      if (watchers.has(client)) continue
      const wasExpired = this.#keyspace.databases[db]!.holdsExpired(key)
      watchers.set(client, wasExpired)
      client.watched.push({ db, key, wasExpired })
    }
    if (before === 0 && this.#watching++ === 0) this.#onWatching()
  }

  unwatch(client: Client): void {
    client.watchBroken = false
    this.#leave(client)
  }

  /** Marks the watchers of a key. */
  touched(db: number, key: Bytes): void {
    const watchers = this.#watchers[db]!.get(key)
    if (watchers === undefined) return
    for (const [client, wasExpired] of watchers) {
      if (!wasExpired || this.#keyspace.databases[db]!.has(key)) this.#mark(client)
    }
  }

  /** Marks the watchers of every key that is there, or is in `other` (FLUSHALL, SWAPDB). */
  touchedAll(db: number, other?: number): void {
    for (const [key, watchers] of this.#watchers[db]!) {
      const here = this.#keyspace.databases[db]!.has(key)
      const there = other !== undefined && this.#keyspace.databases[other]!.has(key)
      if (here || there) for (const client of watchers.keys()) this.#mark(client)
    }
  }

  /** A marked client need not be told again. */
  #mark(client: Client): void {
    client.watchBroken = true
    this.#leave(client)
  }

  #leave(client: Client): void {
    if (client.watched.length === 0) return
    for (const { db, key } of client.watched) {
      const watchers = this.#watchers[db]!.get(key)
      watchers?.delete(client)
      if (watchers?.size === 0) this.#watchers[db]!.delete(key)
    }
    client.watched.length = 0
    if (--this.#watching === 0) this.#onWatching()
  }

  #watchedExpired(client: Client): boolean {
    return client.watched.some(
      ({ db, key, wasExpired }) => !wasExpired && this.#keyspace.databases[db]!.holdsExpired(key),
    )
  }
}
