/**
 * Blocking: clients parked on keys, and waking them.
 *
 * The one idea: a parked client is woken by running its command again. Ready keys are taken in the order of their first
 * write, the waiters of a key first come first served, until none is ready; a waiter looks at the key that woke it
 * only, and a key that holds another type leaves it parked.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import type { Command } from '../commands/command.ts'
import { Block } from '../commands/outcome.ts'
import type { Keyspace } from '../keyspace/keyspace.ts'
import { typeOf } from '../keyspace/value.ts'
import { AlarmQueue } from './alarm-queue.ts'
import type { Session } from './session.ts'

const UNBLOCKED = new ReplyError('UNBLOCKED client unblocked via CLIENT UNBLOCK')

interface Waiter {
  readonly session: Session
  readonly command: Command
  readonly argv: Argv
  readonly block: Block
  readonly db: number
  readonly deadline: number
}

/** Runs a command for a woken client, as a unit of its own. */
type RunAgain = (session: Session, command: Command, argv: Argv) => Reply | Block

export class Blocking {
  readonly #keyspace: Keyspace
  readonly #onAlarm: (whenMs: number) => void
  /** Per database: key -> waiters in order of arrival. */
  readonly #queues: Map<Bytes, Set<Waiter>>[]
  readonly #waiters = new Map<Session, Waiter>()
  readonly #alarms = new AlarmQueue<Waiter>()
  #ready: { readonly db: number; readonly key: Bytes }[] = []
  readonly #readyKeys: Set<Bytes>[]
  /** Clients unparked since their pipelines were last resumed. */
  readonly #unparked: Session[] = []

  constructor(keyspace: Keyspace, onAlarm: (whenMs: number) => void) {
    this.#keyspace = keyspace
    this.#onAlarm = onAlarm
    this.#queues = keyspace.databases.map(() => new Map())
    this.#readyKeys = keyspace.databases.map(() => new Set())
  }

  /** Clients parked by a blocking command. */
  get count(): number {
    return this.#waiters.size
  }

  /** Parks a client until a key of the block is ready or its time is up. */
  park(session: Session, command: Command, argv: Argv, block: Block): void {
    const db = session.client.db
    const deadline = block.timeoutMs === 0 ? Number.POSITIVE_INFINITY : session.now + block.timeoutMs
    const waiter: Waiter = { session, command, argv: block.resume ?? argv, block, db, deadline }
    this.#waiters.set(session, waiter)
    session.client.parked = true
    for (const key of block.keys) {
      const queue = this.#queues[db]!.get(key)
      if (queue === undefined) this.#queues[db]!.set(key, new Set([waiter]))
      else queue.add(waiter)
    }
    if (deadline !== Number.POSITIVE_INFINITY) {
      this.#alarms.push(deadline, waiter)
      this.#onAlarm(deadline)
    }
  }

  /** Notes that a key changed; cheap when nobody waits for it. */
  touched(db: number, key: Bytes): void {
    if (!this.#queues[db]!.has(key) || this.#readyKeys[db]!.has(key)) return
    const value = this.#keyspace.databases[db]!.editAny(key)
    if (value === undefined) return
    const type = typeOf(value)
    if (type !== 'list' && type !== 'zset' && type !== 'stream') return
    this.#readyKeys[db]!.add(key)
    this.#ready.push({ db, key })
  }

  /** Every key of a database may have become ready (SWAPDB, and nothing else). */
  touchedAll(db: number): void {
    for (const key of this.#queues[db]!.keys()) this.touched(db, key)
  }

  get hasReady(): boolean {
    return this.#ready.length > 0
  }

  /** Serves waiters until no key is ready. */
  serve(run: RunAgain): void {
    while (this.#ready.length > 0) {
      const { db, key } = this.#ready.shift()!
      this.#readyKeys[db]!.delete(key)
      const queue = this.#queues[db]!.get(key)
      if (queue === undefined) continue
      for (const waiter of [...queue]) this.#wake(waiter, key, run)
    }
  }

  #wake(waiter: Waiter, key: Bytes, run: RunAgain): void {
    const value = this.#keyspace.databases[waiter.db]!.editAny(key)
    if (value === undefined) {
      if (waiter.block.type !== 'stream') return
    } else if (typeOf(value) !== waiter.block.type) return
    const { session } = waiter
    session.wakeKey = key
    const outcome = run(session, waiter.command, waiter.argv)
    session.wakeKey = undefined
    if (!(outcome instanceof Block)) this.#answer(waiter, outcome)
  }

  /** Answers those whose time is up. */
  expire(now: number): void {
    for (let waiter = this.#alarms.due(now); waiter !== undefined; waiter = this.#alarms.due(now)) {
      if (this.#waiters.get(waiter.session) === waiter) this.#answer(waiter, waiter.block.onTimeout)
    }
  }

  /** When the next waiter's time is up, or Infinity. */
  get nextAlarm(): number {
    return this.#alarms.next
  }

  /** Wakes one client: as on timeout, or with UNBLOCKED. False when it is not parked here. */
  unblock(session: Session, withError: boolean): boolean {
    const waiter = this.#waiters.get(session)
    if (waiter === undefined) return false
    this.#answer(waiter, withError ? UNBLOCKED : waiter.block.onTimeout)
    return true
  }

  /** Forgets a client that is gone. */
  forget(session: Session): void {
    const waiter = this.#waiters.get(session)
    if (waiter !== undefined) this.#remove(waiter)
  }

  /** Notes that a client parked elsewhere (a `Later`) may go on. */
  unparked(session: Session): void {
    session.client.parked = false
    this.#unparked.push(session)
  }

  /** Lets unparked clients run what they pipelined meanwhile. Call when nothing else is being executed. */
  resume(): void {
    while (this.#unparked.length > 0) this.#unparked.shift()!.client.outlet.resume()
  }

  #answer(waiter: Waiter, reply: Reply): void {
    this.#remove(waiter)
    waiter.session.client.outlet.reply(reply)
    this.unparked(waiter.session)
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter.session)
    waiter.session.client.parked = false
    const queues = this.#queues[waiter.db]!
    for (const key of waiter.block.keys) {
      const queue = queues.get(key)
      queue?.delete(waiter)
      if (queue?.size === 0) queues.delete(key)
    }
    this.#alarms.forget(waiter)
  }
}
