/**
 * Memory: `maxmemory`, and what happens when it is reached.
 *
 * The one idea: nobody asks while there is room. The keyspace's account rings an alarm when it passes the limit; that sets
 * a bit of the engine's gate, and from then on commands pass the guard, which evicts or refuses until there is room again.
 * What clients' buffers hold is measured a few times a second and lowers the alarm.
 *
 * Invariant: the bit is set whenever the account, with the buffers as last measured, is above the limit.
 */
import type { Bytes } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import type { Client } from '../../commands/client.ts'
import type { Command } from '../../commands/command.ts'
import type { MemoryPort } from '../../commands/context.ts'
import { Lfu, NoUse } from '../../keyspace/usage.ts'
import type { Engine } from '../engine.ts'
import { ENGINE_GATE } from '../gates.ts'
import { ClientMemory } from './client-memory.ts'
import { Eviction, type EvictionEnd } from './eviction.ts'
import { type Figures, memoryFigures } from './figures.ts'
import { collectGarbage } from './heap.ts'
import { POLICIES } from './policies.ts'
import { allocatorText, doctor, memoryStatistics } from './report.ts'

const OOM = new ReplyError("OOM command not allowed when used memory > 'maxmemory'.")

/** Without a limit, figures may be as old as this: looking at all values takes a while. */
const RECOUNT_MS = 1000

/** Commands that a client in MULTI may send though there is no memory: they queue nothing. */
const NOT_QUEUED = new Set(['EXEC', 'DISCARD', 'MULTI', 'WATCH', 'QUIT', 'RESET'])

export class Memory implements MemoryPort {
  /** maxmemory in bytes; 0 is none. */
  limit = 0
  readonly lfu: Lfu
  readonly eviction: Eviction
  readonly clients: ClientMemory
  /** What a fresh store holds. */
  readonly startup: number
  /** The most that was ever in use when somebody looked. */
  peak = 0
  /** At the last check there was no memory and nothing to evict. */
  isExhausted = false
  /** Milliseconds that clients' commands ran above the limit because evicting took too long. */
  exceededMs = 0
  readonly #engine: Engine
  readonly #noUse: NoUse
  #isEvicting = false
  #recountedMs = 0
  #isFollowed = false
  #exceededSinceMs = 0

  constructor(engine: Engine) {
    this.#engine = engine
    const { keyspace, random, clock, statistics } = engine
    const now = {
      get seconds() {
        return keyspace.seconds
      },
      get command() {
        return statistics.commands
      },
    }
    this.lfu = new Lfu(now, random)
    this.eviction = new Eviction(keyspace, random, this.lfu, () => clock.elapsed())
    this.clients = new ClientMemory(engine)
    this.#noUse = new NoUse(() => this.#rule?.fresh() ?? keyspace.seconds)
    this.startup = keyspace.account.used
    keyspace.account.onAlarm = () => {
      engine.gate |= ENGINE_GATE.memory
    }
    engine.coarse.onLook.push(() => this.#look())
  }

  /** Bytes in use: what counts against `maxmemory`. */
  get used(): number {
    const { account, databases, lately } = this.#engine.keyspace
    if (account.follows) account.settle()
    else if (lately - this.#recountedMs >= RECOUNT_MS) this.#recount()
    for (const db of databases) db.recount()
    return account.used + this.clients.bytes
  }

  /** Looks at all values, which a store without a limit does for those who ask. */
  #recount(): void {
    const { databases, lately } = this.#engine.keyspace
    this.#recountedMs = lately
    for (const db of databases) db.recountValues()
  }

  /** Follows `maxmemory`. */
  limitTo(bytes: number): void {
    this.limit = bytes
    this.isExhausted = false
    const { account } = this.#engine.keyspace
    if (account.follows !== bytes > 0) {
      account.follows = bytes > 0
      this.#recount()
    }
    this.#setAlarm()
    if (this.#engine.gate & ENGINE_GATE.memory) this.#follow()
  }

  /** Follows `maxmemory-policy`. */
  choosePolicy(name: string): void {
    const policy = POLICIES[name]
    const before = this.#rule
    this.eviction.choose(policy)
    const rule = this.#rule
    if (rule === before) return
    const { keyspace } = this.#engine
    keyspace.usage = rule
    // A second is no counter: keys start anew.
    for (const db of keyspace.databases) db.restamp(rule?.fresh() ?? keyspace.seconds)
  }

  get isLfu(): boolean {
    return this.eviction.policy?.order === 'lfu'
  }

  get sharesIntegers(): boolean {
    const order = this.eviction.policy?.order
    return this.limit === 0 || (order !== 'lru' && order !== 'lfu')
  }

  frequency(stamp: number): number {
    return this.lfu.counterOf(stamp)
  }

  stampOf(frequency: number): number {
    return this.lfu.stamp(frequency)
  }

  /** Evicts before a client's command, and says why the command may not run. Asked only while the gate's bit is set. */
  refuse(client: Client, command: Command): ReplyError | undefined {
    if (this.limit === 0) return undefined
    this.isExhausted = this.#relieve() === 'failed'
    if (!this.isExhausted) return undefined
    return needsMemory(client, command) ? OOM : undefined
  }

  /** Why a script's command may not run: the state when the script was let in counts, as in Redis. */
  refusal(command: Command): ReplyError | undefined {
    return this.isShort && command.flags.has('denyoom') ? OOM : undefined
  }

  /** Whether there is no memory for code that may write: tries to evict first. */
  get isShort(): boolean {
    if ((this.#engine.gate & ENGINE_GATE.memory) === 0 || this.limit === 0) return false
    if (!this.#engine.inUnit) this.isExhausted = this.#relieve() === 'failed'
    return this.isExhausted
  }

  /** After a unit: what it added is made up for at once, so that the limit holds between commands. */
  afterUnit(): void {
    if (this.#isEvicting || this.limit === 0) return
    if (this.eviction.policy === undefined) {
      if (this.#excess() <= 0) this.#relieved()
    } else this.#relieve()
  }

  /** Runs something whose look-ups are not to be seen as uses (CLIENT NO-TOUCH). */
  untouched<T>(run: () => T): T {
    const { keyspace } = this.#engine
    keyspace.usage = this.#noUse
    try {
      return run()
    } finally {
      keyspace.usage = this.#rule
    }
  }

  /** What is used, and for what. */
  figures(): Figures {
    return memoryFigures(this, this.#engine)
  }

  statistics(): Reply {
    return memoryStatistics(this, this.#engine)
  }

  doctor(): Bytes {
    return doctor(this.figures(), this.#engine)
  }

  allocator(): Bytes {
    return allocatorText()
  }

  purge(): void {
    collectGarbage()
  }

  reset(): void {
    this.eviction.evictedKeys = 0
    this.clients.evicted = 0
    this.exceededMs = 0
    this.peak = 0
  }

  /** Milliseconds for which eviction has not kept up, up to now; 0 when it does. */
  get exceededForMs(): number {
    return this.#exceededSinceMs === 0 ? 0 : this.#engine.keyspace.now - this.#exceededSinceMs
  }

  get #rule(): Lfu | undefined {
    return this.isLfu ? this.lfu : undefined
  }

  readonly #excess = (): number => this.#engine.keyspace.account.used + this.clients.bytes - this.limit

  #setAlarm(): void {
    const { account } = this.#engine.keyspace
    account.alarm = this.limit === 0 ? Number.POSITIVE_INFINITY : this.limit - this.clients.bytes
    if (this.limit === 0) this.#relieved()
    else if (account.used > account.alarm) this.#engine.gate |= ENGINE_GATE.memory
  }

  /** Makes room as far as the policy and the time for it go, in a unit of its own. */
  #relieve(): EvictionEnd {
    if (this.used <= this.limit) {
      this.#relieved()
      return 'done'
    }
    // During CLIENT PAUSE data stands still.
    if (this.#engine.keyspace.frozen) return 'running'
    if (this.eviction.policy === undefined) return 'failed'
    const engine = this.#engine
    this.#isEvicting = true
    engine.begin()
    const started = engine.clock.elapsed()
    const end = this.eviction.run(this.#excess)
    engine.observation.latency.note('eviction-cycle', engine.keyspace.now, engine.clock.elapsed() - started)
    engine.end()
    this.#isEvicting = false
    if (end === 'done') this.#relieved()
    else if (end === 'running') {
      if (this.#exceededSinceMs === 0) this.#exceededSinceMs = engine.keyspace.now
      this.#follow()
    }
    return end
  }

  #relieved(): void {
    this.isExhausted = false
    this.#engine.gate &= ~ENGINE_GATE.memory
    if (this.#exceededSinceMs === 0) return
    this.exceededMs += this.#engine.keyspace.now - this.#exceededSinceMs
    this.#exceededSinceMs = 0
  }

  /** Goes on evicting when clients have had their turn. */
  #follow(): void {
    if (this.#isFollowed) return
    this.#isFollowed = true
    const { clock } = this.#engine
    clock.at(clock.now(), () => {
      this.#isFollowed = false
      if (this.limit > 0 && this.eviction.policy !== undefined) this.#relieve()
    })
  }

  /** While commands run, a few times a second: buffers are measured, and the peak is noted. */
  #look(): void {
    if (this.clients.measure()) this.#setAlarm()
    this.peak = Math.max(this.peak, this.#engine.keyspace.account.used + this.clients.bytes)
  }
}

/** Whether a command may need memory: by its flag; EXEC by its queue's; and whatever would be queued. */
function needsMemory({ transaction }: Client, command: Command): boolean {
  if (command.flags.has('denyoom')) return true
  if (transaction === undefined) return false
  if (command.name === 'EXEC') return transaction.queue.some((queued) => queued.command.flags.has('denyoom'))
  return !NOT_QUEUED.has(command.name)
}
