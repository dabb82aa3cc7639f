/**
 * The trail of a server: what it told of its temporary files until it died, and so what it was doing when it did.
 *
 * The one idea: a server says what it is about to do before it does it (kill-hook-child.ts), so its last words are true even
 * though nobody saw it die.
 */

/**
 * Where a process dies: `between` is after an fsync and before the rename that makes it count; `rewrite` and `snapshot` are
 * while that file is being written; `moment` is anywhere else.
 */
export type Death = 'between' | 'rewrite' | 'snapshot' | 'moment'

const BASE = /^temp-rewriteaof-/
const SNAPSHOT = /^temp-[bf]g-\d+\.rdb$/

export class Trail {
  /** Whether it waits at the point that was asked for. */
  isHeld = false
  /** Whether a snapshot has taken the place of the one before. */
  hasNewSnapshot = false
  /** Since when (milliseconds, of the machine's monotonic clock) answers may not be written yet, for an fsync is under way; else undefined. */
  unwrittenSinceMs: number | undefined = undefined
  #rest = ''
  /** The last that was told of each file that has no place yet. */
  readonly #last = new Map<string, string>()
  #lastSynced = ''

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#told(line)
  }

  /** What the process was doing at the end. */
  get death(): Death {
    if ([...this.#last.values()].includes('rename')) return 'between'
    const names = [...this.#last.keys()]
    if (names.some((name) => BASE.test(name))) return 'rewrite'
    return names.some((name) => SNAPSHOT.test(name)) ? 'snapshot' : 'moment'
  }

  /** Of which kind the file is that was last brought to the disk. */
  get kind(): 'base' | 'snapshot' | 'manifest' {
    if (BASE.test(this.#lastSynced)) return 'base'
    return SNAPSHOT.test(this.#lastSynced) ? 'snapshot' : 'manifest'
  }

  #told(line: string): void {
    const [event = '', name = ''] = line.split(' ')
    if (event === 'held') this.isHeld = true
    else if (event === 'syncing') this.unwrittenSinceMs ??= Number(name)
    else if (event === 'written') this.unwrittenSinceMs = undefined
    else if (event === 'renamed' || event === 'removed') this.#last.delete(name)
    else this.#last.set(name, event)
    if (event === 'synced') this.#lastSynced = name
    if (event === 'renamed' && SNAPSHOT.test(name)) this.hasNewSnapshot = true
  }
}
