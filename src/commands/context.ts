/**
 * Context: everything a handler may use. The engine implements it; commands know only these ports.
 *
 * The one idea: a command is a function of keyspace, arguments and instant. Whatever else it touches (other clients,
 * channels, configuration) it asks of a port here, so that a handler can be read and tested alone.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { Reply } from '../base/reply.ts'
import type { Database } from '../keyspace/database.ts'
import type { Keyspace } from '../keyspace/keyspace.ts'
import type { AclPort } from './acl/port.ts'
import type { Client } from './client.ts'
import type { Command } from './command.ts'
import type { TrackingPort } from './connection/tracking-state.ts'
import type { Later } from './outcome.ts'
import type { PersistenceService, SnapshotService } from './server/persistence-service.ts'

export interface Context {
  /** The unit's frozen instant, milliseconds since the epoch. */
  readonly now: number
  /** The client's selected database. */
  readonly db: Database
  readonly keyspace: Keyspace
  readonly client: Client
  /** Set when a parked command runs again: look at this key only. */
  readonly wakeKey: Bytes | undefined
  /** True where blocking is refused (MULTI, scripts, libraries): a Block is answered as its timeout. */
  readonly denyBlocking: boolean
  readonly random: Random
  readonly server: ServerPorts
}

/** The engine beyond the keyspace, as commands see it. */
export interface ServerPorts {
  readonly table: CommandTable
  readonly acl: AclPort
  readonly clients: ClientsPort
  readonly pubsub: PubSubPort
  readonly transactions: TransactionsPort
  readonly tracking: TrackingPort<Client>
  readonly monitors: MonitorsPort
  readonly pause: PausePort
  readonly config: ConfigPort
  readonly info: InfoPort
  readonly slowLog: SlowLogPort
  readonly latency: LatencyPort
  readonly memory: MemoryPort
  readonly services: Services
  /** Every key of a database is about to go (FLUSHDB): marks those who watch one. */
  flushing(db: number): void
  /** FLUSHDB or FLUSHALL: whoever caches is told to forget all. */
  flushed(): void
  /** Two databases have changed places (SWAPDB): marks those who watch a key, wakes those who wait for one. */
  swapped(first: number, second: number): void
  /** Microseconds since the epoch, read now (TIME). */
  micros(): number
  /** Stops the engine's world for so long (DEBUG SLEEP); the only wait in the core, for testing. */
  sleep(ms: number): void
  /** Whether keys are removed on time, or only when met (DEBUG SET-ACTIVE-EXPIRE). */
  setActiveExpiry(on: boolean): void
  /** Asks the process to end (SHUTDOWN). The server installs what that means; embedded engines refuse. */
  shutdown(options: ShutdownOptions): Reply
}

export interface ShutdownOptions {
  readonly save: 'save' | 'nosave' | undefined
  readonly now: boolean
  readonly force: boolean
  readonly abort: boolean
}

/** The commands there are. */
export interface CommandTable {
  /** The command a line names, subcommand included; undefined when unknown. */
  find(argv: Argv): Command | undefined
  /** By full lower- or upper-case name, `config|get` included. */
  named(name: Bytes): Command | undefined
  readonly all: readonly Command[]
}

export interface ClientsPort {
  readonly all: Iterable<Client>
  byId(id: number): Client | undefined
  /** Closes a client; the caller's own reply still goes out. */
  kill(client: Client, caller: Client): void
  /** Wakes a parked client: as on timeout, or with UNBLOCKED. False when it is not blocked by a command. */
  unblock(client: Client, withError: boolean): boolean
  /** Puts the client back to the state of a fresh connection (RESET). */
  reset(client: Client): void
  setProtocol(client: Client, protocol: 2 | 3): void
  setReplyMode(client: Client, mode: Client['replyMode']): void
}

export interface PubSubPort {
  subscribe(client: Client, channel: Bytes): void
  unsubscribe(client: Client, channel: Bytes): void
  psubscribe(client: Client, pattern: Bytes): void
  punsubscribe(client: Client, pattern: Bytes): void
  ssubscribe(client: Client, channel: Bytes): void
  sunsubscribe(client: Client, channel: Bytes): void
  /** Delivers to channel and pattern subscribers; returns the number of receivers. */
  publish(channel: Bytes, message: Bytes): number
  spublish(channel: Bytes, message: Bytes): number
  channels(pattern: Bytes | undefined): Bytes[]
  shardChannels(pattern: Bytes | undefined): Bytes[]
  subscribers(channel: Bytes): number
  shardSubscribers(channel: Bytes): number
  readonly patternCount: number
}

export interface TransactionsPort {
  /** Whether the queue of an EXEC is being run. */
  readonly executing: boolean
  begin(client: Client): void
  discard(client: Client): void
  /** Runs the queue as part of the current unit; the reply of EXEC. */
  exec(client: Client): Reply
  watch(client: Client, keys: readonly Bytes[]): void
  unwatch(client: Client): void
}

export interface MonitorsPort {
  add(client: Client): void
}

/** CLIENT PAUSE. */
export interface PausePort {
  /** Until a moment all commands wait, or those that write. */
  begin(untilMs: number, everything: boolean): void
  end(): void
}

export interface ConfigPort {
  /** The value of one directive as CONFIG GET prints it; undefined when there is none. */
  get(name: string): string | undefined
  /** Names matching a glob, with values. */
  match(pattern: Bytes): [name: string, value: string][]
  /** Sets all or none; throws `ReplyError` with Redis' texts. */
  set(pairs: readonly [name: Bytes, value: Bytes][]): void
  resetStat(): void
  /** Makes the configuration file say what is in force; throws `ReplyError`. */
  rewrite(): void
}

/** A command that took long, as SLOWLOG GET shows it. */
export interface SlowEntry {
  readonly id: number
  readonly seconds: number
  readonly micros: number
  /** Trimmed, secrets hidden. */
  readonly argv: Argv
  readonly address: Bytes
  readonly name: Bytes
}

export interface SlowLogPort {
  readonly length: number
  /** The newest entries, newest first. */
  latest(count: number): readonly SlowEntry[]
  reset(): void
}

/** The worst of a second. */
export interface LatencySample {
  readonly seconds: number
  ms: number
}

/** A kind of event that was slow: its samples, oldest first, and the worst there ever was. */
export interface LatencyEvent {
  readonly samples: readonly LatencySample[]
  readonly worstMs: number
}

export interface LatencyPort {
  readonly events: ReadonlyMap<string, LatencyEvent>
  /** Forgets these kinds, or all when none is named; how many there were. */
  reset(names: readonly string[]): number
  /** LATENCY GRAPH's text; undefined for a kind without samples. */
  graph(name: string, nowMs: number): string | undefined
  /** LATENCY DOCTOR's text. */
  report(nowMs: number): string
  /** Values counted, and `[microseconds, values up to that]`; undefined for a command that was never timed. */
  histogram(command: Command): Histogram | undefined
}

/** How long a command's runs took. */
export interface Histogram {
  readonly total: number
  cumulative(): (readonly [micros: number, count: number])[]
}

export interface InfoPort {
  /** INFO's text for these sections (lower case); empty means the default set. */
  text(sections: readonly string[]): Bytes
}

export interface MemoryPort {
  /** Whether uses of keys are counted (an LFU policy), in place of the second of the last one. */
  readonly isLfu: boolean
  /** Whether small integers would be shared, as OBJECT REFCOUNT tells. */
  readonly sharesIntegers: boolean
  /** More is used than `maxmemory` allows, and nothing can be evicted: code that may write is not let in. */
  readonly isShort: boolean
  /** How often a key with this stamp is used, by an LFU policy. */
  frequency(stamp: number): number
  /** The stamp of a key with this counter of uses, as of now, by an LFU policy. */
  stampOf(frequency: number): number
  /** MEMORY STATS. */
  statistics(): Reply
  /** MEMORY DOCTOR's text. */
  doctor(): Bytes
  /** MEMORY MALLOC-STATS' text. */
  allocator(): Bytes
  /** Collects garbage (MEMORY PURGE). */
  purge(): void
}

/** Ports that upper layers fill in; absent ones make their commands answer that they are not available. */
export interface Services {
  functions?: FunctionsService
  persistence?: PersistenceService
  snapshots?: SnapshotService
  migration?: MigrationService
}

/** Other servers that keys may go to: MIGRATE. */
export interface MigrationService {
  /** Sends keys, which are there, and removes them here unless they are copied; owes MIGRATE's reply. */
  migrate(request: MigrateRequest): Later
}

/** What MIGRATE was given. */
export interface MigrateRequest {
  readonly host: Bytes
  readonly port: number
  /** Where the keys are. */
  readonly db: number
  readonly keys: readonly Bytes[]
  readonly targetDb: number
  readonly timeoutMs: number
  readonly copy: boolean
  readonly replace: boolean
  /** The words of AUTH. */
  readonly auth: readonly Bytes[] | undefined
}

/** Libraries beside the data: TFUNCTION and TFCALL. */
export interface FunctionsService {
  load(ctx: Context, request: LoadRequest): Reply
  delete(ctx: Context, name: Bytes): Reply
  list(ctx: Context, words: readonly Bytes[]): Reply
  /** Calls `library.function`. `words` are the number of keys and all that follows, unread: the library is looked up first. */
  call(ctx: Context, name: Bytes, words: readonly Bytes[], isAsync: boolean): Reply | Later
  /** The engine is closing: nothing of theirs runs any more once this resolves, and the process may end. */
  stop(): Promise<void>
}

/** What TFUNCTION LOAD was given. */
export interface LoadRequest {
  readonly code: Bytes
  readonly replace: boolean
  readonly config: Bytes | undefined
}
