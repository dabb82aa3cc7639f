/**
 * Release: what may leave the process, and when.
 *
 * The one idea: the log has a position, and everything that is said carries the position it has seen: a reply, a message, a
 * promise that is kept. Under `appendfsync always` it waits until the disk has that position, whoever it is for: a reader
 * must not see what a power failure could take back. What waits leaves in the order in which it was said. Under the other
 * policies only what leaves the process waits, and no longer than until the turn ends: then the system has been given the
 * log, and a process that is killed takes nothing back.
 *
 * Invariants: who speaks asks `mustHold` first, and once something waits all that comes later waits behind it. What is said
 * in the middle of a unit counts as said at its end, for the unit may still write. After a failure nothing leaves any more.
 */

interface Held {
  /** What the disk must have; undefined while the unit in which it was said goes on. */
  position: number | undefined
  readonly go: () => void
  readonly fail: ((error: Error) => void) | undefined
}

export class Release {
  /** Whether anything may have to wait: off for all stores but those that log under `always`. */
  active = false
  /** Why nothing leaves any more. */
  failure: Error | undefined = undefined
  /**
   * Whether the system has still to be given what was logged (never under `always`): what goes to a socket calls
   * `writeNow` before, or waits for the turn's end and calls it then.
   */
  isUnwritten = false
  /** Gives it; set by who writes the log. */
  writeNow: () => void = () => {}
  /** Brings everything to the disk at once, for callers that cannot wait; set by who writes the log. */
  settleNow: () => void = () => {}
  readonly #inUnit: () => boolean
  #position = 0
  #safe = 0
  #queue: Held[] = []
  /** Entries of the queue that have left. */
  #left = 0
  #deciding = false

  constructor(inUnit: () => boolean) {
    this.#inUnit = inUnit
  }

  /** Whether what is said now has to wait: then it goes through `hold`. */
  get mustHold(): boolean {
    if (!this.active) return false
    return (
      this.#position > this.#safe || this.#left < this.#queue.length || this.failure !== undefined || this.#inUnit()
    )
  }

  /** Keeps something until the disk has what it may have seen. `fail` is called in its place when that will never be. */
  hold(go: () => void, fail?: (error: Error) => void): void {
    if (this.failure !== undefined) {
      fail?.(this.failure)
      return
    }
    const inUnit = this.#inUnit()
    this.#queue.push({ position: inUnit ? undefined : this.#position, go, fail })
    if (!inUnit || this.#deciding) return
    this.#deciding = true
    queueMicrotask(() => this.#decide())
  }

  /** Resolves when everything done so far is safe; undefined when it is already. For work that goes on outside. */
  whenSafe(): Promise<void> | undefined {
    if (!this.mustHold) return undefined
    return new Promise((resolve, reject) => this.hold(resolve, reject))
  }

  /** The log has grown to a position. */
  appended(position: number): void {
    this.#position = position
    this.isUnwritten = !this.active
  }

  /** The system has been given the log, or nobody is to wait for that. */
  wrote(): void {
    this.isUnwritten = false
  }

  /** The disk has everything up to a position. */
  reached(position: number): void {
    this.#safe = Math.max(this.#safe, position)
    this.#drain()
  }

  /** From now on, what was logged up to a position counts as safe without more ado: nothing waits. */
  stop(position: number): void {
    this.reached(position)
    this.active = this.failure !== undefined
  }

  /** Nothing leaves any more. */
  fail(error: Error): void {
    this.active = true
    this.failure = error
    const waiting = this.#queue.slice(this.#left)
    this.#queue = []
    this.#left = 0
    for (const { fail } of waiting) fail?.(error)
  }

  /** The unit has ended: now it is known what it has logged. */
  #decide(): void {
    this.#deciding = false
    for (const held of this.#queue) held.position ??= this.#position
    this.#drain()
  }

  #drain(): void {
    while (this.#left < this.#queue.length) {
      const { position, go } = this.#queue[this.#left]!
      if (position === undefined || position > this.#safe) break
      this.#left++
      go()
    }
    if (this.#left < this.#queue.length && this.#left < 1024) return
    this.#queue = this.#queue.slice(this.#left)
    this.#left = 0
  }
}
