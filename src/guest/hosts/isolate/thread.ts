/**
 * Thread: the background of an isolate: jobs, one after the other, on the isolate's own thread.
 *
 * The one idea: the engine always knows whether the thread runs library code, because it hands out the jobs itself: one at
 * a time, and none before the current unit is over. Who wants to enter waits for the end of a job, or for its wait for a
 * section; then who waited comes first, and the next job after. Whoever can not wait for either enters only when the
 * thread itself has said that it is through: else the engine would be held up by the isolate's lock.
 */
import type { GuestState } from '../../host.ts'
import { CELL } from './bridge.ts'

/** Something to run on the isolate's thread. */
export interface Job {
  /** The call on whose behalf it runs. */
  readonly root: number
  /** Runs it there; rejects when it is cut. */
  run(): Promise<unknown>
}

export class Thread {
  state: GuestState = 'idle'
  readonly #cells: Int32Array
  /** Told of a job that did not end as it should. */
  readonly #onFailed: (job: Job, error: unknown) => void
  /** Told that nothing is left to do. */
  readonly #onIdle: () => void
  /** Asks the thread to say, behind the job that it runs, that it is through with it. */
  readonly #ask: (job: number) => void
  #queue: Job[] = []
  #isScheduled = false
  #isStopped = false
  /** The number of the job that runs, or ran last; it stands in the cell while it runs. */
  #job = 0
  #asked = 0
  /** The job that was waited for in vain: it is not waited for again. */
  #slow = 0
  #waiters: (() => void)[] = []
  readonly #enders: (() => void)[] = []
  #lastSection: Promise<void> = Promise.resolve()

  constructor(
    cells: Int32Array,
    onFailed: (job: Job, error: unknown) => void,
    onIdle: () => void,
    ask: (job: number) => void,
  ) {
    this.#cells = cells
    this.#onFailed = onFailed
    this.#onIdle = onIdle
    this.#ask = ask
  }

  /** Jobs that have not begun. */
  get length(): number {
    return this.#queue.length
  }

  post(job: Job): void {
    if (this.#isStopped) return
    this.#queue.push(job)
    this.#schedule()
  }

  /** No job begins any more. */
  stop(): void {
    this.#isStopped = true
    this.#queue = []
    this.#release()
  }

  whenFree(): Promise<void> {
    if (this.state !== 'running') return Promise.resolve()
    return new Promise((resolve) => void this.#waiters.push(resolve))
  }

  /** Settles once the job that has begun, if any, is over, and so is the section that it waited for when it was cut. */
  async whenOver(): Promise<void> {
    if (this.state !== 'idle') await new Promise<void>((resolve) => void this.#enders.push(resolve))
    await this.#lastSection
    // The outcome of that is on its way to a thread that is gone: not to be met by the end of the process.
    await turn()
  }

  /**
   * Whether the isolate can be entered right now. A job that is about to end is given `patienceMs`, and the engine waits
   * for it: who asks cannot be answered later. Each job is waited for in vain once, so that it costs everyone no more.
   */
  letsIn(patienceMs: number): boolean {
    if (this.state !== 'running') return true
    const job = this.#job
    if (this.#asked !== job) {
      this.#asked = job
      this.#ask(job)
    }
    const isIn = Atomics.wait(this.#cells, CELL.running, job, this.#slow === job ? 0 : patienceMs) !== 'timed-out'
    if (!isIn) this.#slow = job
    return isIn
  }

  /** Runs a section for the job that waits for it; those who waited to enter come before it. */
  section<T>(run: () => T): Promise<T> {
    const section = this.#section(run)
    this.#lastSection = section.then(nothing, nothing)
    return section
  }

  async #section<T>(run: () => T): Promise<T> {
    this.state = 'waiting'
    try {
      this.#release()
      // Whatever sockets have brought comes between any two sections of one job.
      await turn()
      return run()
    } finally {
      this.state = 'running'
      Atomics.store(this.#cells, CELL.running, this.#job)
    }
  }

  /** After the current unit, and whatever else the engine does in this turn. */
  #schedule(): void {
    if (this.#isScheduled || this.state !== 'idle') return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      void this.#next()
    })
  }

  async #next(): Promise<void> {
    const job = this.#queue.shift()
    if (job === undefined) {
      this.#onIdle()
      return
    }
    this.state = 'running'
    this.#job = (this.#job % MOST_JOBS) + 1
    Atomics.store(this.#cells, CELL.running, this.#job)
    try {
      await job.run()
    } catch (error) {
      this.#onFailed(job, error)
    } finally {
      this.state = 'idle'
      Atomics.store(this.#cells, CELL.running, 0)
      for (const resolve of this.#enders.splice(0)) resolve()
    }
    if (this.#waiters.length > 0) {
      this.#release()
      await turn()
    }
    this.#schedule()
  }

  #release(): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const resolve of waiters) resolve()
  }
}

/** Numbers of jobs begin anew behind this one. */
const MOST_JOBS = 2 ** 30

const nothing = (): void => {}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
