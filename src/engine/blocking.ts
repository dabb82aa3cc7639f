/**
 * Blocking: clients parked on keys, and waking them.
 *
 * The one idea: a parked client is woken by running its command again. Ready keys are taken in the order of their first
 * write, the waiters of a key first come first served, until none is ready; a waiter looks at the key that woke it
 * only, and a key that holds another type leaves it parked.
 *
 * Invariants: a waiter stands in the queue of each of its keys once, and in no queue when it is answered; a key is in
 * the ready list at most once.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { NO_REPLY, type Reply, ReplyError } from '../base/reply.ts'
import type { Command } from '../commands/command.ts'
import { Block, type WaitType } from '../commands/outcome.ts'
import type { Keyspace } from '../keyspace/keyspace.ts'
import { type TypeName, typeOf } from '../keyspace/value.ts'
import { AlarmQueue } from './alarm-queue.ts'
import type { PutOff } from './put-off.ts'
import { audible } from './reply-mode.ts'
import type { Session } from './session.ts'

const UNBLOCKED = new ReplyError('UNBLOCKED client unblocked via CLIENT UNBLOCK')

const DEMOTED = new ReplyError(
  'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
)

interface Waiter {
  readonly session: Session
  readonly command: Command
  readonly argv: Argv
  readonly block: Block
  readonly db: number
}

/** Runs a command for a woken client, as a unit of its own. */
type RunAgain = (session: Session, command: Command, argv: Argv) => Reply | Block

export class Blocking {
  readonly #keyspace: Keyspace
  readonly #onAlarm: (whenMs: number) => void
  readonly #onWaiting: () => void
  readonly #putOff: PutOff
  /** Per database: key -> waiters in order of arrival. */
  readonly #queues: Map<Bytes, Set<Waiter>>[]
  readonly #waiters = new Map<Session, Waiter>()
  /** How many wait for each type. */
  readonly #waiting: Record<WaitType, number> = { list: 0, zset: 0, stream: 0 }
  readonly #alarms = new AlarmQueue<Waiter>()
  #ready: { readonly db: number; readonly key: Bytes }[] = []
  readonly #readyKeys: Set<Bytes>[]
  #serving = false
  /** Clients unparked since their pipelines were last resumed. */
  readonly #unparked: Session[] = []

  /** `onAlarm` hears when the next wait ends at the latest, `onWaiting` when the first waiter came or the last one went. */
  constructor(keyspace: Keyspace, onAlarm: (whenMs: number) => void, onWaiting: () => void, putOff: PutOff) {
    this.#putOff = putOff
    this.#keyspace = keyspace
    this.#onAlarm = onAlarm
    this.#onWaiting = onWaiting
    this.#queues = keyspace.databases.map(() => new Map())
    this.#readyKeys = keyspace.databases.map(() => new Set())
  }

  /** Clients parked by a blocking command. */
  get count(): number {
    return this.#waiters.size
  }

  /** Parks a client until a key of the block is ready or its time is up. */
  park(session: Session, command: Command, argv: Argv, block: Block): void {
    const { db } = session.client
    const waiter: Waiter = { session, command, argv: block.resume ?? argv, block, db }
    this.#waiters.set(session, waiter)
    this.#waiting[block.type]++
    session.client.parked = true
    const queues = this.#queues[db]!
    for (const key of block.keys) {
      const queue = queues.get(key)
      if (queue === undefined) queues.set(key, new Set([waiter]))
      else queue.add(waiter)
    }
    if (this.#waiters.size === 1) this.#onWaiting()
    if (block.timeoutMs === 0) return
    const deadline = session.now + block.timeoutMs
    this.#alarms.push(deadline, waiter)
    this.#onAlarm(deadline)
  }

  /**
   * Notes that a key changed; cheap when nobody waits for it. A value wakes only when its key was added: as in Redis,
   * one that took the place of another finds its waiters asleep. What else is news (XADD) says so by `Database.ready`.
   */
  touched(db: number, key: Bytes, added = true): void {
    const queue = this.#queues[db]!.get(key)
    if (queue === undefined || this.#readyKeys[db]!.has(key)) return
    const value = this.#keyspace.databases[db]!.editAny(key)
    const type = value === undefined ? undefined : typeOf(value)
    if (!added && (type === 'list' || type === 'zset' || type === 'stream')) return
    if (!this.#makesReady(type, queue)) return
    this.#readyKeys[db]!.add(key)
    this.#ready.push({ db, key })
  }

  /** Every key of a database may have become ready (SWAPDB, and nothing else). */
  touchedAll(db: number): void {
    for (const key of this.#queues[db]!.keys()) this.touched(db, key)
  }

  /** Every key of a database is about to go: news to those who wait as consumers of a stream's groups. */
  flushing(db: number): void {
    if (this.#waiting.stream === 0) return
    for (const key of this.#queues[db]!.keys()) {
      const value = this.#keyspace.databases[db]!.editAny(key)
      if (value !== undefined && typeOf(value) === 'stream') this.touched(db, key)
    }
  }

  get hasReady(): boolean {
    return this.#ready.length > 0
  }

  /** Serves waiters until no key is ready. Called from within itself (a unit inside a woken command) it leaves that to the outer call. */
  serve(run: RunAgain): void {
    if (this.#serving) return
    this.#serving = true
    try {
      while (this.#ready.length > 0) {
        const { db, key } = this.#ready.shift()!
        this.#readyKeys[db]!.delete(key)
        for (const waiter of this.#queues[db]!.get(key) ?? []) if (!this.#wake(waiter, key, run)) break
      }
    } finally {
      this.#serving = false
    }
  }

  /** Answers those whose time is up. */
  expire(now: number): void {
    for (let waiter = this.#alarms.due(now); waiter !== undefined; waiter = this.#alarms.due(now)) {
      this.#answer(waiter, waiter.block.onTimeout)
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

  /** The engine is no primary any more: all who wait are told so, and connections end. */
  demoted(): void {
    for (const waiter of [...this.#waiters.values()]) {
      this.#answer(waiter, DEMOTED)
      const { outlet } = waiter.session.client
      if (outlet.describe().fd >= 0) outlet.close(true)
    }
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
    this.#putOff.any = true
  }

  /** Lets unparked clients run what they pipelined meanwhile. Call when nothing else is being executed. */
  resume(): void {
    while (this.#unparked.length > 0) {
      const { client } = this.#unparked.shift()!
      if (!client.closing) client.outlet.resume()
    }
  }

  /**
   * Whether a key that now holds this type is to be looked at. A type that nobody waits for, on any key, is passed over,
   * as in Redis: it decides which of two keys written in one unit comes first. A stream that is gone, or gave way to
   * another type, matters to those who wait as consumers of its groups.
   */
  #makesReady(type: TypeName | undefined, queue: ReadonlySet<Waiter>): boolean {
    if ((type === 'list' || type === 'zset' || type === 'stream') && this.#waiting[type] > 0) return true
    if (this.#waiting.stream === 0) return false
    for (const waiter of queue) if (waiter.block.type === 'stream') return true
    return false
  }

  /** Runs a waiter's command again where the key holds what it waits for. False when the key has nothing for anyone. */
  #wake(waiter: Waiter, key: Bytes, run: RunAgain): boolean {
    const value = this.#keyspace.databases[waiter.db]!.editAny(key)
    if (value === undefined && this.#waiting.stream === 0) return false
    const wanted = waiter.block.type
    // Those who wait for a stream look for themselves: its end is news to consumers of its groups.
    if (wanted !== 'stream' && (value === undefined || typeOf(value) !== wanted)) return true
    const { session } = waiter
    session.wakeKey = key
    const outcome = run(session, waiter.command, waiter.argv)
    session.wakeKey = undefined
    if (!(outcome instanceof Block)) this.#answer(waiter, outcome)
    return true
  }

  #answer(waiter: Waiter, reply: Reply): void {
    this.#remove(waiter)
    const { client } = waiter.session
    const heard = client.replyMode === 'on' ? reply : audible(client, reply)
    if (heard !== NO_REPLY) client.outlet.reply(heard)
    this.unparked(waiter.session)
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter.session)
    this.#waiting[waiter.block.type]--
    waiter.session.client.parked = false
    const queues = this.#queues[waiter.db]!
    for (const key of waiter.block.keys) {
      const queue = queues.get(key)
      queue?.delete(waiter)
      if (queue?.size === 0) queues.delete(key)
    }
    this.#alarms.forget(waiter)
    if (this.#waiters.size === 0) this.#onWaiting()
  }
}
