/**
 * LibraryCrons: the jobs that linked libraries register, run for them by the clock.
 */
import { text } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import type { GuestCallback } from '../../guest/host.ts'
import type { CronRegistration } from '../../guest/registrations.ts'
import { EngineActor } from '../engine-actor.ts'
import type { Library, Workshop } from '../library.ts'
import { CronExpression } from './cron-expression.ts'
import { type CronJob, CronJobs } from './cron-jobs.ts'

const OF_CRON = { mayWait: true, isRaw: false } as const

export class LibraryCrons {
  readonly #workshop: Workshop
  readonly #jobs: CronJobs

  constructor(workshop: Workshop) {
    this.#workshop = workshop
    const { engine, log } = workshop
    this.#jobs = new CronJobs({
      clock: engine.clock,
      mayRun: () => engine.keyspace.role === 'primary',
      onFailure: ({ name }, error) => log(`The job ${name} failed: ${error}`),
    })
  }

  /** Throws a TypeError when a job's expression cannot be read. */
  static check({ registered }: Library): void {
    for (const { schedule } of registered.crons) new CronExpression(schedule)
  }

  /** Begins the jobs of a library. */
  begin(library: Library): void {
    for (const cron of library.registered.crons) library.crons.push(this.#jobs.start(this.#jobOf(library, cron)))
  }

  stop(): void {
    this.#jobs.stop()
  }

  #jobOf(library: Library, { name, schedule, callback }: CronRegistration<GuestCallback>): CronJob {
    const { engine, store } = this.#workshop
    const actor = new EngineActor(engine, new Set()).become({ user: library.user, db: 0 })
    const run = () => {
      store.begin()
      try {
        const outcome = callback.call(actor, [], OF_CRON)
        return outcome instanceof Promise ? outcome.then(errorIn) : errorIn(outcome)
      } finally {
        store.end()
      }
    }
    return { name: `${library.name}.${name}`, expression: new CronExpression(schedule), run }
  }
}

const errorIn = (reply: Reply): string | undefined => (reply instanceof ReplyError ? text(reply.message) : undefined)
