/**
 * EngineActor: commands of a function, run by the engine on behalf of the caller.
 *
 * The one idea: a function's command is a command of an ordinary client that never waits and speaks RESP3, after the
 * refusals that only library code meets. That client is no connection: nobody lists, counts or kills it.
 */
import { type Argv, type Bytes, EMPTY } from '../base/bytes.ts'
import { err, READONLY } from '../base/errors.ts'
import type { Reply } from '../base/reply.ts'
import { Client, type Outlet, type TransportFacts } from '../commands/client.ts'
import type { Engine } from '../engine/engine.ts'
import { guard } from '../engine/guard.ts'
import { Session } from '../engine/session.ts'
import type { FunctionFlag } from '../guest/registrations.ts'
import type { Actor } from '../guest/store.ts'

const NO_CONNECTION = 0
const REPLICA = 'Can not lock redis for write on replica or when the "avoid replication traffic" option is enabled'

const OOM = 'OOM Can not lock redis for write'

const NOWHERE: TransportFacts = { address: '', localAddress: '', fd: -1, queryBytes: 0, queryFree: 0, outputBytes: 0 }

/** The way back to a function: for a command that waits, its promise. */
class Answer implements Outlet {
  readonly #take: (reply: Reply) => void
  constructor(take: (reply: Reply) => void) {
    this.#take = take
  }
  reply(reply: Reply): void {
    this.#take(reply)
  }
  push(): void {}
  resume(): void {}
  close(): void {}
  describe(): TransportFacts {
    return NOWHERE
  }
}

const READ_ONLY: ReadonlySet<FunctionFlag> = new Set(['no-writes'] as const)

const SILENT = new Answer(() => {})

export class EngineActor implements Actor {
  readonly #engine: Engine
  readonly #flags: ReadonlySet<FunctionFlag>
  readonly #isReadOnly: boolean
  readonly #named: string
  readonly #session: Session

  constructor(engine: Engine, flags: ReadonlySet<FunctionFlag>) {
    this.#engine = engine
    this.#flags = flags
    this.#isReadOnly = flags.has('no-writes')
    this.#named = [...flags].join()
    this.#session = sessionFor(engine, SILENT, true)
  }

  /** From now on acts for this client, so many triggers away from it. */
  become({ user, db }: Pick<Client, 'user' | 'db'>, chain = 0): this {
    return this.actFor(user, db, chain)
  }

  /** The same, of a client that is none. */
  actFor(user: Bytes, db: number, chain: number): this {
    const { client } = this.#session
    client.user = user
    client.db = db
    this.#session.chain = chain
    return this
  }

  call(argv: Argv): Reply {
    return this.#run(this.#session, argv) ?? null
  }

  callLater(argv: Argv): Promise<Reply> {
    return new Promise((resolve) => {
      const session = sessionFor(this.#engine, new Answer(resolve), false)
      const { user, db } = this.#session.client
      session.client.user = user
      session.client.db = db
      session.chain = this.#session.chain
      const reply = this.#run(session, argv)
      if (reply !== undefined) resolve(reply)
      // What it does once it is woken fires triggers as a client's doing.
      else session.chain = -1
    })
  }

  refusal(): string | undefined {
    if (this.#isReadOnly) return undefined
    if (this.#engine.keyspace.role !== 'primary') return REPLICA
    return this.#engine.memory.isShort && !this.#flags.has('allow-oom') ? OOM : undefined
  }

  identity(): string {
    const { client, chain } = this.#session
    return `${client.db} ${chain} ${this.#named} ${client.user}`
  }

  fork(isReadOnly = false): EngineActor {
    const flags = isReadOnly ? READ_ONLY : this.#flags
    return new EngineActor(this.#engine, flags).become(this.#session.client, this.#session.chain)
  }

  #run(session: Session, argv: Argv): Reply | undefined {
    const engine = this.#engine
    const command = engine.table.find(argv)
    if (command === undefined || !command.accepts(argv.length)) return guard(engine, session, command, argv)
    if (command.isBarredInLibraries) return err(`command '${command.lowerName}' is not allowed on script mode`)
    if (command.isWrite) {
      if (this.#isReadOnly) {
        return err(`Write command '${command.lowerName}' was called while write is not allowed.`)
      }
      if (engine.keyspace.role !== 'primary') return READONLY
      const unkept = engine.persistence.refusal(session.client, command)
      if (unkept !== undefined) return unkept
    }
    const forbidden = engine.acl.refusalInLibrary(session.client, command, argv)
    if (forbidden !== undefined) return forbidden
    return engine.run(session, command, argv)
  }
}

/** A session of the engine's own, for what is done in nobody's name. */
export const ownSession = (engine: Engine): Session => sessionFor(engine, SILENT, true)

function sessionFor(engine: Engine, outlet: Outlet, denyBlocking: boolean): Session {
  const client = new Client(NO_CONNECTION, outlet, engine.keyspace.now, denyBlocking)
  client.protocol = 3
  client.name = EMPTY
  const session = new Session(client, engine.keyspace, engine.random, engine)
  session.chain = 0
  return session
}
