/**
 * Delayed messages: kept beside their stream until they are due, then added to it.
 *
 * The one idea: a sorted set in the stream's slot holds them by when they are due, by the store's clock. A consumer borrows what is
 * due for a while, adds it to the stream and removes it here in one transaction; when it dies before that, the loan ends and
 * another one does it. So none is lost, and only a loan that has run out under a living consumer could add one twice.
 */
import { type Random, systemRandom } from '../../base/random.ts'
import type { Database } from '../../client/database.ts'
import { RedisError } from '../../client/errors.ts'
import type { Field, Words } from '../payload.ts'
import { borrowDue, delay } from './scripts.ts'
import { delayedKey } from './target.ts'

/** When a message is due: so many milliseconds from now, or at an instant. */
export type When = { readonly delayMs: number } | { readonly at: Date | number }

/** Keeps a message until it is due, by the store's clock. Resolves with when that is. */
export async function addDelayed(
  db: Database,
  stream: string,
  words: Words,
  when: When,
  random: Random = systemRandom,
): Promise<Date> {
  const delayMs = 'delayMs' in when ? when.delayMs : null
  const atMs = 'at' in when ? Number(when.at) : 0
  if (!Number.isFinite(delayMs ?? atMs) || (delayMs ?? atMs) < 0)
    throw new RangeError(`a message can't be due at ${delayMs ?? atMs} ms`)
  const fields = words.map(([name, value]) => {
    if (typeof value === 'object') throw new TypeError(`${name}: a delayed message holds text, not bytes`)
    return [name, String(value)]
  })
  const of = Buffer.from(random.bytes(12)).toString('hex')
  const message = JSON.stringify({ of, fields })
  return new Date(await delay(db, { delayed: delayedKey(db, stream) }, { message, delayMs, atMs }))
}

const AT_ONCE = 100
const LOAN_MS = 30_000

/** Adds to the stream what is due. Gives how many, and in how many milliseconds the next is due; null when none waits. */
export async function releaseDue(
  db: Database,
  stream: string,
): Promise<{ readonly released: number; readonly nextMs: number | null }> {
  const delayed = delayedKey(db, stream)
  for (let released = 0; ; ) {
    const { messages, nextMs } = await borrowDue(db, { delayed }, { count: AT_ONCE, leaseMs: LOAN_MS })
    for (const message of messages) {
      const { fields }: { readonly fields: readonly Field[] } = JSON.parse(message)
      const [added, removed] = await db.multi().xadd(stream, '*', fields).zrem(delayed, [message]).exec()
      if (removed instanceof RedisError) throw removed
      if (added instanceof RedisError) {
        await delay(db, { delayed }, { message, delayMs: LOAN_MS, atMs: 0 })
        throw added
      }
      released++
    }
    if (messages.length < AT_ONCE) return { released, nextMs }
  }
}
