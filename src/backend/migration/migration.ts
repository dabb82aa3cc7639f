/**
 * Migration: keys on their way to another server.
 *
 * The one idea: the engine does not stand still while they travel. Each key is watched from the moment it is read; one that
 * has changed by the time the other server has it is sent again (or removed there, when it is gone here). So at the moment a
 * key leaves this server, the other one has exactly its value, as if both had stood still.
 */
import { type Argv, type Bytes, raw } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import { OK, type Reply, ReplyError } from '../../base/reply.ts'
import { Client, type Outlet } from '../../commands/client.ts'
import type { MigrateRequest, MigrationService } from '../../commands/context.ts'
import { Later } from '../../commands/outcome.ts'
import type { Engine } from '../../engine/engine.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { dumpPayload } from '../../rdb/dump.ts'
import { Target, WRITING } from './target.ts'

/** How often a key that keeps changing is sent before MIGRATE gives up. */
const MOST_ROUNDS = 64

/** A key on its way. */
interface Traveller {
  readonly key: Bytes
  /** Watches the key, as a client in WATCH does. */
  readonly watcher: Client
  /** The other server has had a version of it from us: the next one replaces it. */
  sent: boolean
}

const NOWHERE: Outlet = {
  reply() {},
  push() {},
  resume() {},
  close() {},
  describe: () => ({ address: '', localAddress: '', fd: -1, queryBytes: 0, queryFree: 0, outputBytes: 0 }),
}

export class Migration implements MigrationService {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  migrate(request: MigrateRequest): Later {
    return new Later(new Journey(this.#engine, request).run())
  }
}

/** One MIGRATE. */
class Journey {
  readonly #engine: Engine
  readonly #request: MigrateRequest
  readonly #target: Target
  /** What the other server said first of what it refuses. */
  #refusal: ReplyError | undefined

  constructor(engine: Engine, request: MigrateRequest) {
    this.#engine = engine
    this.#request = request
    this.#target = Target.open(request.host, request.port, request.timeoutMs)
  }

  /** Never rejects. */
  async run(): Promise<Reply> {
    let travellers = this.#request.keys.map((key): Traveller => {
      const watcher = new Client(0, NOWHERE, this.#engine.clock.now())
      watcher.db = this.#request.db
      return { key, watcher, sent: false }
    })
    try {
      for (let round = 0; travellers.length > 0; round++) {
        if (round === MOST_ROUNDS) return WRITING
        const lines = travellers.map((traveller) => this.#lineFor(traveller))
        const replies = await this.#target.ask(round === 0 ? [...this.#greeting(), ...lines] : lines)
        if (replies instanceof ReplyError) return replies
        travellers = this.#arrived(travellers, round === 0 ? this.#heardGreeting(replies) : replies)
      }
      return this.#refusal ?? OK
    } finally {
      this.#target.close()
      for (const { watcher } of travellers) this.#engine.transactions.unwatch(watcher)
    }
  }

  /** What comes before the keys: who we are, and which database. */
  #greeting(): Argv[] {
    const { auth, targetDb } = this.#request
    const select = [raw('SELECT'), formatInteger(targetDb)]
    return auth === undefined ? [select] : [[raw('AUTH'), ...auth], select]
  }

  /** The replies to the keys alone; all of them are refused where the greeting is. */
  #heardGreeting(replies: readonly Reply[]): readonly Reply[] {
    const count = this.#greeting().length
    const refused = replies.slice(0, count).find((reply) => reply instanceof ReplyError)
    const rest = replies.slice(count)
    return refused === undefined ? rest : rest.map(() => refused)
  }

  /** Reads a key, and watches it from here on. */
  #lineFor({ key, watcher, sent }: Traveller): Argv {
    const { db: index, replace } = this.#request
    const engine = this.#engine
    const db = engine.keyspace.databases[index]!
    engine.begin()
    try {
      engine.transactions.unwatch(watcher)
      engine.transactions.watch(watcher, [key])
      const value = db.peek(key)
      if (value === undefined) return [raw('DEL'), key]
      const deadline = db.deadline(key)
      const ttl = deadline === undefined ? 0 : Math.max(deadline - engine.keyspace.now, 1)
      const line = [raw('RESTORE'), key, formatInteger(ttl), dumpPayload(value)]
      return replace || sent ? [...line, raw('REPLACE')] : line
    } finally {
      engine.end()
    }
  }

  /** Lets go of the keys that have arrived; answers those that have to travel again. */
  #arrived(travellers: readonly Traveller[], replies: readonly Reply[]): Traveller[] {
    const { copy, db: index } = this.#request
    const engine = this.#engine
    const again: Traveller[] = []
    const gone: Bytes[] = []
    engine.begin()
    const db = engine.keyspace.databases[index]!
    travellers.forEach((traveller, i) => {
      const { key, watcher } = traveller
      const reply = replies[i] ?? WRITING
      const changed = watcher.watchBroken
      engine.transactions.unwatch(watcher)
      if (reply instanceof ReplyError) {
        this.#refusal ??= new ReplyError(`ERR Target instance replied with error: ${reply.message}`)
      } else if (!copy && changed) {
        traveller.sent = true
        again.push(traveller)
      } else if (!copy && db.remove(key)) gone.push(key)
    })
    for (const key of gone) {
      db.touched(key)
      db.event(EVENT.generic, 'del', key)
    }
    if (gone.length > 0) db.effect([raw('DEL'), ...gone])
    engine.end()
    engine.idle()
    return again
  }
}
