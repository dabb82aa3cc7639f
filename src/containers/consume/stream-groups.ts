/**
 * StreamGroups: the group on each stream, made where it is missing.
 *
 * The one idea: a group that has gone while it was read (a flush, a deleted key, a destroyed group) is made again where it began,
 * so that nothing is lost; what was handled before and is still in the stream comes again. One that began at `$` goes on after the last
 * entry that was seen here, or it would lose what came meanwhile.
 */
import { RedisError } from '../../client/errors.ts'
import type { Crew } from './crew.ts'

export class StreamGroups<T> {
  readonly #crew: Crew<T>
  readonly #lastSeen = new Map<string, string>()

  constructor(crew: Crew<T>) {
    this.#crew = crew
  }

  /** An entry was given to this consumer. */
  saw(stream: string, id: string): void {
    this.#lastSeen.set(stream, id)
  }

  /** Makes those that are missing; what exists stays as it is. */
  async ensure(): Promise<void> {
    for (const [stream, start] of this.#crew.target.starts) {
      await this.#make(stream, start)
      if (start === '$' && !this.#lastSeen.has(stream)) {
        const { 'last-generated-id': last } = await this.#crew.db.xinfo_stream(stream)
        this.#lastSeen.set(stream, last)
      }
    }
  }

  /** Makes those again that have gone. */
  async again(streams: readonly string[]): Promise<void> {
    const { target, counters, events } = this.#crew
    for (const stream of streams) {
      const start = target.starts.get(stream) ?? '0'
      const from = start === '$' ? await this.#startAfterLoss(stream) : start
      if (!(await this.#make(stream, from))) continue
      counters.recreated++
      events.emit('recreated', { stream })
    }
  }

  /** A stream that has begun anew may have smaller ids. */
  async #startAfterLoss(stream: string): Promise<string> {
    const { db } = this.#crew
    if ((await db.exists(stream)) === 0) return '0'
    const last = this.#lastSeen.get(stream) ?? '0'
    const [found] = await db.xrange(stream, last, last)
    const info = await db.xinfo_stream(stream)
    return found !== undefined || info['last-generated-id'] === last ? last : '0'
  }

  async #make(stream: string, start: string): Promise<boolean> {
    const { db, target } = this.#crew
    try {
      await db.xgroup_create(stream, target.group, start, { mkstream: true })
      return true
    } catch (error) {
      if (error instanceof RedisError && error.code === 'BUSYGROUP') return false
      throw error
    }
  }
}
