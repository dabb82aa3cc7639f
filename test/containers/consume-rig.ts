/**
 * What tests of consumers share: a store whose clock the test moves, and waiting for something to become so.
 */
import { describe } from 'vitest'
import type { Backend, Session } from '../../src/backend/backend.ts'
import type { Reply } from '../../src/base/reply.ts'
import type { ConsumeOptions } from '../../src/containers/index.ts'
import { Database, open } from '../../src/index.ts'
import { type ManualClock, openForTest } from '../../src/testing/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'

/** A store that was started for tests, and its end. */
export interface Started {
  readonly db: Database
  readonly stop: () => Promise<void>
}

/** Describes the same on the embedded store and on redis-server. */
export function onBothStores(describeOn: (start: () => Promise<Started>) => void): void {
  describe('embedded', () =>
    describeOn(async () => {
      const db = await open('memory:')
      return { db, stop: () => db.close() }
    }))
  describe.skipIf(oracleMissing)('redis-server', () =>
    describeOn(async () => {
      const server = await OracleServer.start()
      const db = await open(`redis://127.0.0.1:${server.port}`)
      const stop = async (): Promise<void> => {
        await db.close()
        await server.stop()
      }
      return { db, stop }
    }),
  )
}

/** A store in process on a manual clock, and options that put consumers on the same one. */
export interface Bench extends AsyncDisposable {
  readonly db: Database
  readonly clock: ManualClock
  readonly on: Pick<ConsumeOptions<never>, 'clock'>
  /** Lets time pass in small steps, with all that is due and all promises on the way. */
  pass(ms: number, stepMs?: number): Promise<void>
}

/** Opens a bench; everything on it repeats. */
export async function bench(): Promise<Bench> {
  const { db, clock } = await openForTest()
  return {
    db,
    clock,
    on: { clock },
    pass: async (ms, stepMs = 10) => {
      await turn()
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.advance(Math.min(stepMs, ms - passed))
        await turn()
      }
    },
    [Symbol.asyncDispose]: () => db.close(),
  }
}

/** Lets everything that is ready happen. */
export async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Adds entries with the numbers from 0 on in the field `n`. */
export async function fill(db: Database, key: string, count: number): Promise<string[]> {
  return db.stream(key).addAll(Array.from({ length: count }, (_, n) => ({ n })))
}

/** How many entries of a stream are pending in a group. */
export async function pendingOf(db: Database, key: string, group: string): Promise<number> {
  return (await db.xpending(key, group))[0]
}

/** A promise and the way to resolve it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** The same database, whose answers to one command come later. */
export function answeredAfter(db: Database, name: string, opened: Promise<void>): Database {
  const inner = db.runner as Backend
  return new Database({
    features: inner.features,
    sync: undefined,
    scripts: inner.scripts,
    call: async (command, argv) => {
      const reply = await inner.call(command, argv)
      if (command?.name === name) await opened
      return reply
    },
    batch: (lines, options) => inner.batch(lines, options),
    session: () => inner.session(),
    close: async () => {},
  })
}

/** A database that dies: from then on nothing it is asked is done or answered, and its connections are gone. */
export class Mortal {
  readonly db: Database
  isDead = false
  readonly #inner: Backend
  readonly #sessions = new Set<Session>()
  #left = Number.POSITIVE_INFINITY

  constructor(db: Database) {
    // The runner of a whole database is its backend.
    this.#inner = db.runner as Backend
    const { features } = this.#inner
    const call: Backend['call'] = (command, argv) => (this.#lives() ? this.#inner.call(command, argv) : NEVER)
    const batch: Backend['batch'] = (lines, options) => (this.#lives() ? this.#inner.batch(lines, options) : NEVER)
    const { scripts } = this.#inner
    this.db = new Database({
      features,
      sync: undefined,
      scripts,
      call,
      batch,
      session: () => this.#session(),
      close: async () => {},
    })
  }

  /** It dies with the so-manieth call from now. */
  dieIn(calls: number): void {
    this.#left = calls
  }

  die(): void {
    this.isDead = true
    for (const session of this.#sessions) void session.close()
  }

  #lives(): boolean {
    if (!this.isDead && --this.#left <= 0) this.die()
    return !this.isDead
  }

  async #session(): Promise<Session> {
    if (!this.#lives()) return NEVER
    const session = await this.#inner.session()
    this.#sessions.add(session)
    const call: Session['call'] = (command, argv) => {
      if (!this.#lives()) return NEVER
      const reply = session.call(command, argv)
      // A dead one hears no reply, not even that its connection has ended.
      return reply instanceof Promise ? reply.then(...this.#unheard()) : reply
    }
    return {
      call,
      batch: (...given) => session.batch(...given),
      onPush: undefined,
      onEnd: undefined,
      close: () => session.close(),
    }
  }

  #unheard(): [(reply: Reply) => Reply | Promise<Reply>, (error: unknown) => Promise<Reply>] {
    return [(reply) => (this.isDead ? NEVER : reply), (error) => (this.isDead ? NEVER : Promise.reject(error))]
  }
}

const NEVER: Promise<never> = new Promise(() => {})
