/**
 * The engine: runs commands for clients, one unit at a time.
 *
 * The one idea: a synchronous core. A unit (one command, one MULTI, one library call) runs to its end before anything
 * else; when it has ended its effects go out together and then blocked clients are served, each a unit of its own.
 * The engine never waits and never touches a socket; what it owes a peer it hands to the peer's `Outlet`.
 */
import type { Argv } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import { INTERNAL } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import { NO_REPLY, OK, type Reply, ReplyError } from '../base/reply.ts'
import { Client, GATE, type Outlet } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import type { ServerPorts, Services, ShutdownOptions } from '../commands/context.ts'
import { Block, Later, type Outcome } from '../commands/outcome.ts'
import { Keyspace, type Role } from '../keyspace/keyspace.ts'
import type { Effect } from '../keyspace/reports.ts'
import { deletions, settleAll } from '../structures/settle.ts'
import { Acl } from './acl/acl.ts'
import type { AclFiles } from './acl/file.ts'
import { Blocking } from './blocking.ts'
import { Clients } from './clients.ts'
import { CoarseClock } from './coarse-clock.ts'
import { Config, type ConfigOptions } from './config/config.ts'
import { followConfig } from './config/wiring.ts'
import { EventDelivery } from './event-delivery.ts'
import { Expiry } from './expiry.ts'
import { Extras } from './extras.ts'
import { ENGINE_GATE } from './gates.ts'
import { guard } from './guard.ts'
import { Hearing } from './hearing.ts'
import { Info } from './info.ts'
import { Memory } from './memory/memory.ts'
import { Monitors } from './monitors.ts'
import { Notifications } from './notifications.ts'
import { Latency } from './observation/latency.ts'
import { Observation } from './observation/observation.ts'
import { Rates } from './observation/rates.ts'
import type { SlowLog } from './observation/slow-log.ts'
import { Pause } from './pause.ts'
import { Persistence } from './persistence.ts'
import { PubSub } from './pubsub.ts'
import { PutOff } from './put-off.ts'
import { audible } from './reply-mode.ts'
import { PARKED, Session } from './session.ts'
import { refuseShutdown } from './shutdown.ts'
import { Statistics } from './statistics.ts'
import { Table } from './table.ts'
import { Timing } from './timing.ts'
import { Touches } from './touches.ts'
import { Tracking } from './tracking/tracking.ts'
import { Transactions } from './transactions.ts'

export interface EngineOptions {
  readonly commands: readonly Command[]
  readonly clock: Clock
  readonly random: Random
  readonly databases?: number
  readonly config?: ConfigOptions
  /** Directives whose defaults are the machine's. */
  readonly configDefaults?: ConfigOptions
  /** Where the file that `aclfile` names is kept. */
  readonly aclFiles?: AclFiles
  /** Called for a broken invariant met while running a command; the client gets `ERR internal error`. */
  readonly onBroken?: (error: unknown) => void
  /** What SHUTDOWN does; without it, it is refused. */
  readonly onShutdown?: (options: ShutdownOptions) => Reply
}

/** A client with one of these is sent what stands among its own replies. */
const HEARS = GATE.subscribed | GATE.hears
const NO_WAITING = new ReplyError(
  'ERR Can not block client for background execution, Blocking is not allow inside multi/exec, Lua, or within another module (RM_Call).',
)
const rethrow = (error: unknown): never => {
  throw error
}

export class Engine implements ServerPorts {
  readonly keyspace: Keyspace
  readonly clock: Clock
  readonly random: Random
  readonly table: Table
  readonly clients: Clients
  readonly acl: Acl
  readonly hearing = new Hearing()
  readonly pubsub = new PubSub(this.hearing)
  readonly notifications = new Notifications(this.pubsub)
  readonly events: EventDelivery
  readonly transactions: Transactions
  readonly blocking: Blocking
  readonly statistics: Statistics
  readonly observation = new Observation()
  readonly slowLog: SlowLog = this.observation.slowLog
  readonly latency: Latency
  readonly rates = new Rates()
  readonly tracking: Tracking
  readonly monitors: Monitors
  readonly pause: Pause
  readonly config: Config
  readonly info: Info
  readonly expiry: Expiry
  readonly coarse: CoarseClock
  readonly memory: Memory
  readonly extras: Extras
  readonly putOff = new PutOff()
  private readonly touches = new Touches(this)
  readonly persistence: Persistence = new Persistence(this)
  readonly services: Services = {}
  /** Listens to each unit's effects, in order, in a list that is used again; set `keyspace.reports.wantsEffects` too. */
  onEffects: ((effects: readonly Effect[]) => void) | undefined = undefined
  onShutdown: (options: ShutdownOptions) => Reply
  /** Bits of `ENGINE_GATE`: with any set, every command passes the guard. */
  gate = 0
  /** Whether someone waits, tracks keys or monitors. */
  isWatched = false
  private readonly onBroken: (error: unknown) => void
  private depth = 0
  private nextClientId = 1
  private readonly timing: Timing

  constructor(options: EngineOptions) {
    const databases = options.databases === undefined ? {} : { databases: `${options.databases}` }
    this.clock = options.clock
    this.random = options.random
    this.config = new Config({ ...options.config, ...databases }, () => this.resetStatistics(), options.configDefaults)
    this.keyspace = new Keyspace(this.clock, this.config.number('databases'))
    this.events = new EventDelivery(this.keyspace.reports, this.notifications, this.hearing)
    this.table = new Table(options.commands)
    this.statistics = new Statistics(this.keyspace.lately, options.commands)
    this.latency = new Latency(this.observation, this.statistics.byCommand)
    this.timing = new Timing(this.clock, this.statistics.byCommand, this.observation)
    this.expiry = new Expiry(this)
    this.coarse = new CoarseClock(this.clock, this.keyspace)
    this.coarse.onLook.push((nowMs) => this.rates.note(nowMs, this.statistics))
    this.blocking = new Blocking(this.keyspace, (when) => this.expiry.arm(when), this.touches.follow, this.putOff)
    this.transactions = new Transactions(
      this.keyspace,
      (client, command, argv) => this.runQueued(client, command, argv),
      this.touches.follow,
    )
    this.clients = new Clients(this)
    this.tracking = new Tracking({
      hearing: this.hearing,
      random: this.random,
      client: (id) => this.clients.byId(id),
      putOff: this.putOff,
      onTracking: this.touches.follow,
    })
    this.monitors = new Monitors(this.hearing, () => this.clock.micros(), this.touches.follow)
    this.pause = new Pause(this)
    this.acl = new Acl(this, options.aclFiles)
    this.memory = new Memory(this)
    this.extras = new Extras(this.keyspace.reports)
    this.info = new Info(this)
    followConfig(this)
    this.onShutdown = options.onShutdown ?? refuseShutdown
    this.onBroken = options.onBroken ?? rethrow
  }

  /** A new client with its own session. `denyBlocking` is for code acting inside units. */
  connect(outlet: Outlet, denyBlocking = false): Session {
    const client = new Client(this.nextClientId++, outlet, this.clock.now(), denyBlocking)
    const session = new Session(client, this.keyspace, this.random, this)
    this.clients.add(session)
    return session
  }

  /** Forgets a client that is gone. */
  disconnect(session: Session): void {
    this.blocking.forget(session)
    this.transactions.unwatch(session.client)
    this.pubsub.forget(session.client)
    this.tracking.disable(session.client)
    this.monitors.remove(session.client)
    this.pause.forget(session)
    this.clients.remove(session)
    session.client.closing = true
  }

  /**
   * Runs one command. Gives its reply, or `PARKED` when the client must wait for it; a reply that is to be withheld
   * (CLIENT REPLY OFF) comes as `NO_REPLY`.
   */
  execute(session: Session, argv: Argv): Reply | typeof PARKED {
    return this.issue(session, this.table.find(argv), argv)
  }

  /** As `execute`, for a command that has been looked up; undefined is one that is unknown. */
  issue(session: Session, command: Command | undefined, argv: Argv): Reply | typeof PARKED {
    const { client } = session
    if (command === undefined || (client.gate | this.gate) !== 0 || !command.accepts(argv.length)) {
      return guard(this, session, command, argv)
    }
    return this.run(session, command, argv)
  }

  /** Runs a command that has passed every check, as a unit or inside the current one. */
  run(session: Session, command: Command, argv: Argv): Reply | typeof PARKED {
    const { keyspace, depth } = this
    if (session.timed || this.isWatched || keyspace.reports.isHeard || !this.coarse.fresh) {
      return this.runWatched(session, command, argv)
    }
    // Nobody is to hear of what it does: what is left of a unit stands here, so that V8 takes it all into a call in process.
    if (depth === 0) keyspace.turn()
    this.depth = depth + 1
    const outcome = this.handle(session, command, argv)
    const reply = typeof outcome === 'object' ? this.settle(session, command, argv, outcome) : outcome
    this.depth = depth
    if (depth === 0 && (deletions.length > 0 || this.gate !== 0 || keyspace.reports.isHeard)) this.ended()
    return reply
  }

  /** As `run`, whoever may listen and whatever may follow. */
  runWatched(session: Session, command: Command, argv: Argv): Reply | typeof PARKED {
    this.begin()
    const outcome = this.perform(session, command, argv)
    const reply = this.settle(session, command, argv, outcome)
    this.end()
    return reply
  }

  /** As `run`, for a client that is sent things unasked: those of its own doing stand where Redis writes them. */
  runHearing(session: Session, command: Command, argv: Argv): Reply | typeof PARKED {
    this.hearing.begin(session.client)
    this.begin()
    const outcome = this.perform(session, command, argv)
    this.hearing.replyHere()
    const reply = this.settle(session, command, argv, outcome)
    if (this.tracking.hasOwed) this.tracking.settle()
    this.end()
    if (this.tracking.hasOwed) this.tracking.settle()
    return this.hearing.heard(reply)
  }

  /** Opens a unit, or joins the one that is open. */
  begin(): void {
    if (this.depth++ > 0) return
    this.keyspace.turn()
    if (!this.coarse.fresh) this.coarse.look()
  }

  /** Time counts from here for commands of timed sessions: call it before each batch of them. */
  startTiming(): void {
    this.timing.start()
  }

  /** Changes between primary and replica. */
  setRole(role: Role): void {
    this.keyspace.role = role
    this.gate = role === 'primary' ? this.gate & ~ENGINE_GATE.role : this.gate | ENGINE_GATE.role
    this.events.follower?.resumed()
    if (role === 'replica') this.blocking.demoted()
    // What expired meanwhile was only hidden.
    else this.expiry.rearm()
  }

  /** Closes a unit: its effects go out, then blocked clients are served. */
  end(): void {
    if (--this.depth === 0) this.ended()
  }

  private ended(): void {
    this.close()
    if (this.blocking.hasReady) this.serve()
    if ((this.gate & ENGINE_GATE.memory) !== 0) this.memory.afterUnit()
  }

  private serve(): void {
    this.blocking.serve((session, command, argv) => this.runWoken(session, command, argv))
  }

  /** Runs something inside the unit that is ending (`settleLater`): its effects are the unit's. */
  prolong(run: () => void): void {
    this.depth++
    run()
    this.depth--
  }

  /** Whether a unit is open. */
  get inUnit(): boolean {
    return this.depth > 0
  }

  /** Lets clients that were unparked run what they pipelined. Peers call it when their own batch is done. */
  idle(): void {
    if (this.putOff.any) this.catchUp()
  }

  private catchUp(): void {
    this.putOff.any = false
    this.pause.rerun()
    this.blocking.resume()
    this.tracking.broadcast()
  }

  /** Does what is due: expires keys, ends waits. Returns nothing; the alarm is set again for what comes next. */
  tick(): void {
    this.begin()
    this.expiry.run()
    this.blocking.expire(this.keyspace.now)
    this.end()
    this.idle()
    this.expiry.rearm()
  }

  flushing(db: number): void {
    this.transactions.touchedAll(db)
    this.blocking.flushing(db)
    this.events.follower?.flushing(db)
  }

  flushed(): void {
    if (this.tracking.count > 0) this.tracking.flushed()
  }

  swapped(first: number, second: number): void {
    this.transactions.touchedAll(first, second)
    this.transactions.touchedAll(second, first)
    this.blocking.touchedAll(first)
    this.blocking.touchedAll(second)
    this.events.follower?.swapped(first, second)
  }

  micros(): number {
    return this.clock.micros()
  }

  sleep(ms: number): void {
    // The only wait in the core: DEBUG SLEEP exists to freeze a server. Atomics.wait blocks the thread without spinning.
    if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  }

  setActiveExpiry(on: boolean): void {
    this.expiry.active = on
    if (on) this.expiry.rearm()
  }

  shutdown(options: ShutdownOptions): Reply {
    return this.onShutdown(options)
  }

  /** No more alarms: the engine is closing. Resolves when no library runs any more: the process may end then. */
  async stop(): Promise<void> {
    this.expiry.stop()
    this.coarse.stop()
    this.pause.stop()
    await this.services.functions?.stop()
  }

  private resetStatistics(): void {
    this.statistics.reset()
    this.rates.reset()
    this.keyspace.hits = 0
    this.keyspace.misses = 0
    this.keyspace.expiredKeys = 0
    this.keyspace.expiredFields = 0
    this.memory.reset()
  }

  /** Runs a command's handler. */
  private handle(session: Session, command: Command, argv: Argv): Outcome {
    const { statistics } = this
    const { client } = session
    client.lastCommand = command
    client.lastActiveMs = this.keyspace.lately
    let outcome: Outcome
    try {
      outcome = command.execute(session, argv)
    } catch (error) {
      outcome = this.failed(command, error)
    }
    statistics.commands++
    statistics.byCommand.calls[command.index]!++
    return outcome
  }

  /** Runs a command's handler and, after it, delivers what it reported. */
  private perform(session: Session, command: Command, argv: Argv): Outcome {
    const { reports } = this.keyspace
    const { client } = session
    const before = reports.changes
    const db = client.db
    const { started } = this.timing
    reports.eventsBeforeReply = -1
    const outcome = this.handle(session, command, argv)
    if (session.timed) this.timing.took(client, command, argv, started, outcome)
    if (reports.wantsEffects && command.isWrite && reports.changes !== before) {
      this.effects(session, command, argv, outcome, db)
    }
    if (reports.events.length > 0) this.events.deliver(session)
    if (this.isWatched && session.wakeKey === undefined) this.observe(client, command, argv)
    return outcome
  }

  /** Tells those who want to know of each command. One that runs again was told of when it came. */
  private observe(client: Client, command: Command, argv: Argv): void {
    if (this.monitors.count > 0) this.monitors.ran(client, command, argv)
    if (this.tracking.count > 0) this.tracking.ran(command, argv)
  }

  private failed(command: Command, error: unknown): ReplyError {
    if (error instanceof ReplyError) {
      this.statistics.error(error)
      this.statistics.byCommand.failed[command.index]!++
      return error
    }
    this.onBroken(error)
    return INTERNAL
  }

  private effects(session: Session, command: Command, argv: Argv, outcome: Outcome, db: number): void {
    const { reports } = this.keyspace
    if (outcome instanceof Block || outcome instanceof Later) return
    const others = command.effects?.(session, argv, outcome)
    if (others === undefined) reports.effects.push({ db, argv })
    else for (const effect of others) reports.effects.push({ db, argv: effect })
  }

  private close(): void {
    const { reports } = this.keyspace
    if (reports.events.length > 0) this.events.deliver(undefined)
    settleAll()
    if (reports.effects.length > 0) reports.tell(this.onEffects)
  }

  /** Turns an outcome into a reply, or parks the client. */
  private settle(session: Session, command: Command, argv: Argv, outcome: Outcome): Reply | typeof PARKED {
    if (outcome === null || outcome === OK || typeof outcome !== 'object') return outcome
    if (outcome instanceof Block) return this.park(session, command, argv, outcome)
    if (outcome instanceof Later) return this.await(session, outcome)
    return outcome
  }

  private park(session: Session, command: Command, argv: Argv, block: Block): Reply | typeof PARKED {
    if (session.denyBlocking) return block.onTimeout
    this.blocking.park(session, command, argv, block)
    return PARKED
  }

  private await(session: Session, later: Later): Reply | typeof PARKED {
    if (session.denyBlocking) return NO_WAITING
    const { client } = session
    client.parked = true
    void later.promise.then((reply) => {
      if (client.closing) return
      const heard = client.replyMode === 'on' ? reply : audible(client, reply)
      if (heard !== NO_REPLY) client.outlet.reply(heard)
      this.blocking.unparked(session)
      this.idle()
    })
    return PARKED
  }

  private runQueued(client: Client, command: Command, argv: Argv): Reply {
    if ((client.gate & GATE.restricted) !== 0) {
      const refusal = this.acl.refusalInExec(client, command, argv)
      if (refusal !== undefined) {
        this.statistics.error(refusal)
        return refusal
      }
    }
    const session = this.clients.sessionOf(client)
    const denied = session.denyBlocking
    session.denyBlocking = true
    const hearing = (client.gate & HEARS) !== 0
    const reply = hearing ? this.runHearing(session, command, argv) : this.run(session, command, argv)
    session.denyBlocking = denied
    return reply === PARKED ? null : reply
  }

  private runWoken(session: Session, command: Command, argv: Argv): Reply | Block {
    // It was counted when it came.
    this.statistics.commands--
    this.statistics.byCommand.calls[command.index]!--
    if (session.timed) this.startTiming()
    this.begin()
    // With trackers about it must be known who writes: not the client whose command woke this one.
    const hearing = (session.client.gate & HEARS) !== 0 || this.tracking.count > 0
    if (hearing) this.hearing.begin(session.client, true)
    const outcome = this.perform(session, command, argv)
    this.depth--
    this.close()
    const woken = outcome instanceof Later ? null : outcome
    if (!hearing) return woken
    this.hearing.replyHere()
    if (!(woken instanceof Block)) return this.hearing.heard(woken) ?? null
    this.hearing.heard(PARKED)
    return woken
  }
}
