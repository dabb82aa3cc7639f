/**
 * TriggerWorld: what key and stream triggers share: the engine, on whose behalf their code acts, and what is done when a
 * unit is over.
 */
import { type Argv, type Bytes, bytes } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Session } from '../../engine/session.ts'
import type { FireOutcome } from '../../guest/host.ts'
import { strictText } from '../../guest/utf8.ts'
import { EngineActor, ownSession } from '../engine-actor.ts'

/** Longer chains of triggers, each fired by the writes of the one before, are cut. */
export const DEEPEST = 16

/**
 * How long everyone waits for a library's background to be over, so that a plain trigger runs in the unit of its cause: enough
 * for one that has answered and is about to rest.
 */
export const PATIENCE_MS = 20

const NO_FLAGS = new Set<never>()
const READ_ONLY = new Set(['no-writes'] as const)

const WHY = { gone: 'User does not exists or disabled', key: 'User does not have permissions on key' } as const

export class TriggerWorld {
  readonly engine: Engine
  readonly log: (text: string) => void
  readonly #actor: EngineActor
  readonly #reader: EngineActor
  /** Runs what is the engine's own doing: nobody's rights are asked. */
  readonly #own: Session
  #later: (() => void)[] = []

  constructor(engine: Engine, log: (text: string) => void) {
    this.engine = engine
    this.log = log
    this.#actor = new EngineActor(engine, NO_FLAGS)
    this.#reader = new EngineActor(engine, READ_ONLY)
    this.#own = ownSession(engine)
  }

  /** Acts for a trigger's owner in this database; good until the next one is asked for. */
  actor(user: Bytes, db: number, chain: number): EngineActor {
    return this.#actor.actFor(user, db, chain)
  }

  /** The same, and may not write. */
  reader(user: Bytes, db: number, chain: number): EngineActor {
    return this.#reader.actFor(user, db, chain)
  }

  /** Why a trigger of this owner may not run for a key. */
  refusal(user: Bytes, key: Bytes): ReplyError | undefined {
    const why = this.engine.acl.refusalOnKey(user, key)
    if (why === undefined) return undefined
    const name = strictText(key) ?? '[binary data]'
    return new ReplyError(bytes(`User '${user}' has no permissions on key '${name}', ${WHY[why]}.`))
  }

  /** Whether streams are read: on a primary that is neither paused nor loading. */
  get isActive(): boolean {
    const { keyspace, persistence } = this.engine
    return keyspace.role === 'primary' && !keyspace.frozen && !persistence.isLoading
  }

  /** Runs a command as part of the current unit, for nobody. */
  run(db: number, argv: Argv): void {
    this.#own.client.db = db
    const command = this.engine.table.find(argv)
    if (command !== undefined) this.engine.run(this.#own, command, argv)
  }

  /** Runs a command as part of the current unit for a trigger's owner; what it answered when that is an error. */
  attempt(user: Bytes, db: number, argv: Argv): ReplyError | undefined {
    const reply = this.actor(user, db, 1).call(argv)
    return reply instanceof ReplyError ? reply : undefined
  }

  /** Does something once the current unit is over, and what it did is as safe as what clients are told. */
  afterUnit(run: () => void): void {
    if (this.#later.push(run) > 1) return
    const { release } = this.engine.persistence
    if (release.mustHold) release.hold(this.#start)
    else queueMicrotask(this.#start)
  }

  readonly #start = (): void => {
    const jobs = this.#later
    this.#later = []
    for (const job of jobs) job()
  }

  /** Does something as a unit of its own. */
  asUnit(run: () => void): void {
    const { engine } = this
    engine.begin()
    run()
    engine.end()
    if (!engine.inUnit) engine.idle()
  }
}

/** Whether an outcome is there. A promise may be of another realm: `instanceof` does not tell. */
export function isKnown(outcome: FireOutcome | Promise<FireOutcome>): outcome is FireOutcome {
  return outcome === undefined || outcome instanceof ReplyError
}

/** Does something with an outcome, now or when it comes. */
export function whenKnown(outcome: FireOutcome | Promise<FireOutcome>, run: (known: FireOutcome) => void): void {
  if (isKnown(outcome)) run(outcome)
  else void outcome.then(run)
}
