/**
 * CronJobs: functions of linked libraries that run at set times.
 *
 * The one idea: a job has one alarm, for its next time. Times that pass while the engine is a replica, or while the job's
 * last run still goes on, are passed over and not made up for.
 */
import type { Cancel, Clock } from '../../base/clock.ts'
import type { CronExpression } from './cron-expression.ts'

/** A job as it was registered. */
export interface CronJob {
  readonly name: string
  readonly expression: CronExpression
  /** Runs it once; gives the text of what was thrown, undefined when nothing was. A promise never rejects. */
  readonly run: () => string | undefined | Promise<string | undefined>
}

/** A job and what became of its runs. */
export class ScheduledJob {
  readonly job: CronJob
  /** When it runs next, milliseconds since the epoch. */
  nextMs: number | undefined = undefined
  runs = 0
  failures = 0
  lastError: string | undefined = undefined
  isRunning = false

  constructor(job: CronJob) {
    this.job = job
  }
}

export interface CronJobsOptions {
  readonly clock: Clock
  /** Whether jobs may run now. */
  readonly mayRun: () => boolean
  /** Told of each failure. */
  readonly onFailure: (job: CronJob, error: string) => void
}

export class CronJobs {
  readonly #options: CronJobsOptions
  readonly #alarms = new Map<ScheduledJob, Cancel>()

  constructor(options: CronJobsOptions) {
    this.#options = options
  }

  /** Begins to run a job at its times. */
  start(job: CronJob): ScheduledJob {
    const scheduled = new ScheduledJob(job)
    this.#arm(scheduled)
    return scheduled
  }

  /** No job runs any more; what runs goes on to its end. */
  stop(): void {
    for (const cancel of this.#alarms.values()) cancel()
    this.#alarms.clear()
  }

  #arm(scheduled: ScheduledJob): void {
    const { clock } = this.#options
    const next = scheduled.job.expression.next(clock.now())
    scheduled.nextMs = next
    if (next === undefined) this.#alarms.delete(scheduled)
    else this.#wait(scheduled, next)
  }

  #wait(scheduled: ScheduledJob, untilMs: number): void {
    const { clock } = this.#options
    const cancel = clock.at(untilMs, () => {
      // Timers of the machine end early when the time is far.
      if (clock.now() < untilMs) return this.#wait(scheduled, untilMs)
      this.#arm(scheduled)
      if (!scheduled.isRunning && this.#options.mayRun()) this.#run(scheduled)
    })
    this.#alarms.set(scheduled, cancel)
  }

  #run(scheduled: ScheduledJob): void {
    scheduled.isRunning = true
    scheduled.runs++
    const outcome = scheduled.job.run()
    if (outcome instanceof Promise) void outcome.then((error) => this.#ran(scheduled, error))
    else this.#ran(scheduled, outcome)
  }

  #ran(scheduled: ScheduledJob, error: string | undefined): void {
    scheduled.isRunning = false
    if (error === undefined) return
    scheduled.failures++
    scheduled.lastError = error
    this.#options.onFailure(scheduled.job, error)
  }
}
