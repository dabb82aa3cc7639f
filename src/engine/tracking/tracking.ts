/**
 * Tracking: clients that cache what they read are told when it changes (CLIENT TRACKING).
 *
 * The one idea: readers are noted after each reading command, and a touched key is taken from the table and its readers
 * told at once; only what a client must be told of its own command waits until that command is answered, EXEC as a whole
 * included. Prefixes of broadcasting clients wait longer, until nothing runs.
 *
 * Invariants: with nobody tracking nothing is listened to; a client has `GATE.hears` while it tracks.
 */
import { type Argv, type Bytes, EMPTY, raw } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import { PushReply, type Reply } from '../../base/reply.ts'
import { keyPositions } from '../../commands/args/key-specs.ts'
import { type Client, GATE } from '../../commands/client.ts'
import type { Command } from '../../commands/command.ts'
import type { TrackingOptions, TrackingPort } from '../../commands/connection/tracking-state.ts'
import type { Hearing } from '../hearing.ts'
import type { PutOff } from '../put-off.ts'
import { Broadcast } from './broadcast.ts'
import { TrackingTable } from './tracking-table.ts'

const INVALIDATE = raw('invalidate')
const CHANNEL = raw('__redis__:invalidate')
const MESSAGE = raw('message')
const BROKEN = raw('tracking-redir-broken')
const NO_PREFIX: readonly Bytes[] = [EMPTY]
/** Keys dropped in a row to get below `tracking-table-max-keys`; each time that was not enough it grows by as many. */
const EFFORT = 100

/** What Tracking asks of the engine. */
export interface TrackingSurroundings {
  readonly hearing: Hearing
  readonly random: Random
  readonly putOff: PutOff
  client(id: number): Client | undefined
  /** The first client tracks, or the last one does no more. */
  onTracking(): void
}

export class Tracking implements TrackingPort<Client> {
  readonly #around: TrackingSurroundings
  readonly #table = new TrackingTable()
  readonly #broadcast: Broadcast
  readonly #clients = new Set<Client>()
  /** What the client whose command runs is to be told once it is answered; null is everything. */
  #owed: (Bytes | null)[] = []
  #mostKeys = 1_000_000
  #tries = 0

  constructor(around: TrackingSurroundings) {
    this.#around = around
    this.#broadcast = new Broadcast(around.putOff)
  }

  /** Clients that track. */
  get count(): number {
    return this.#clients.size
  }

  /** For INFO. */
  get totals(): { readonly keys: number; readonly items: number; readonly prefixes: number } {
    return { keys: this.#table.keys, items: this.#table.items, prefixes: this.#broadcast.count }
  }

  /** `tracking-table-max-keys`; 0 is no limit. */
  limitTo(keys: number): void {
    this.#mostKeys = keys
    this.#drop()
  }

  enable(client: Client, options: TrackingOptions): void {
    const before = client.tracking?.prefixes ?? []
    const added = !options.bcast ? [] : options.prefixes.length === 0 ? NO_PREFIX : options.prefixes
    for (const prefix of added) this.#broadcast.join(client, prefix)
    const prefixes = [...new Set([...before, ...added])].sort()
    client.tracking = { ...options, prefixes, caching: false, isBroken: false }
    client.gate |= GATE.hears
    this.#clients.add(client)
    if (this.#clients.size === 1) this.#around.onTracking()
  }

  disable(client: Client): void {
    if (client.tracking === undefined) return
    for (const prefix of client.tracking.prefixes) this.#broadcast.leave(client, prefix)
    client.tracking = undefined
    if (!client.monitors) client.gate &= ~GATE.hears
    this.#clients.delete(client)
    if (this.#clients.size === 0) this.#around.onTracking()
  }

  /** A reading command has run: notes its keys for the client that it ran for, be it within EXEC or a library. */
  ran(command: Command, argv: Argv): void {
    const reader = this.#around.hearing.caller
    const state = reader?.tracking
    if (reader === undefined || state === undefined || state.bcast || !command.flags.has('readonly')) return
    if ((state.optin && !state.caching) || (state.optout && state.caching)) return
    if (command.keySpecs.length === 0 || command.flags.has('pubsub')) return
    for (const { at } of keyPositions(command.keySpecs, argv) ?? []) this.#table.remember(argv[at]!, reader.id)
    if (this.#mostKeys > 0 && this.#table.keys > this.#mostKeys) this.#drop()
    else this.#tries = 0
  }

  /** A line of a tracking client is over: CLIENT CACHING meant the one after it, or the whole transaction. */
  lineEnded(client: Client, command: Command | undefined): void {
    if (client.tracking === undefined || client.transaction !== undefined) return
    if (command?.parent !== 'CLIENT' && command?.name !== 'CLIENT') client.tracking.caching = false
  }

  /** A key has changed. */
  touched(key: Bytes): void {
    if (this.#broadcast.count > 0) this.#broadcast.touched(key, this.#around.hearing.writer)
    this.#invalidate(key, true)
  }

  /** A key is gone without any client's doing: it had expired, or made room. */
  gone(key: Bytes): void {
    if (this.#broadcast.count > 0) this.#broadcast.touched(key, undefined)
    this.#invalidate(key, false)
  }

  /** Databases are flushed: whoever tracks anything is told to forget all. */
  flushed(): void {
    const { caller } = this.#around.hearing
    this.#table.clear()
    for (const client of this.#clients) {
      if (client === caller) this.#owed.push(null)
      else this.#tell(client, null)
    }
  }

  get hasOwed(): boolean {
    return this.#owed.length > 0
  }

  /** The command that runs is answered: now its client is told of what it did itself. Not within EXEC or a library. */
  settle(): void {
    const { hearing } = this.#around
    if (hearing.isNested) return
    const owed = this.#owed
    this.#owed = []
    const { caller } = hearing
    if (caller?.tracking !== undefined) for (const key of owed) this.#tell(caller, key === null ? null : [key])
  }

  /** Tells broadcasting clients what has changed. Call when nothing runs. */
  broadcast(): void {
    this.#broadcast.deliver((client, keys) => this.#tell(client, keys))
  }

  /** `written` says that a command changed the key: then its client hears nothing with NOLOOP. */
  #invalidate(key: Bytes, written: boolean): void {
    const readers = this.#table.take(key)
    if (readers === undefined) return
    const { caller } = this.#around.hearing
    for (const id of readers) {
      const reader = this.#around.client(id)
      // What it read before it went over to prefixes is no affair of the table.
      if (reader?.tracking === undefined || reader.tracking.bcast) continue
      if (reader !== caller) this.#tell(reader, [key])
      else if (!(written && reader.tracking.noloop)) this.#owed.push(key)
    }
  }

  /** Sends the keys, or null for all, to whoever hears in a client's place. */
  #tell(client: Client, keys: readonly Bytes[] | null): void {
    const { hearing } = this.#around
    const state = client.tracking!
    const target = state.redirect === 0 ? client : this.#around.client(state.redirect)
    if (target === undefined) {
      state.isBroken = true
      if (client.protocol === 3) hearing.send(client, new PushReply([BROKEN, state.redirect]))
    } else if (target.protocol === 3) hearing.send(target, new PushReply([INVALIDATE, keys]))
    // RESP2 has no pushes: there it looks like a message, to someone who expects such.
    else if (state.redirect !== 0 && target.subscriptions > 0) {
      const message: Reply[] = [MESSAGE, CHANNEL, keys]
      hearing.send(target, new PushReply(message))
    }
  }

  /** Forgets keys by chance until the table is within its limit, or a fair part of the way. */
  #drop(): void {
    for (let left = EFFORT * (this.#tries + 1); left > 0; left--) {
      const key = this.#mostKeys > 0 && this.#table.keys > this.#mostKeys ? this.#randomKey() : undefined
      if (key === undefined) {
        this.#tries = 0
        return
      }
      this.#invalidate(key, false)
    }
    this.#tries++
  }

  #randomKey(): Bytes | undefined {
    return this.#table.randomKey(this.#around.random)
  }
}
