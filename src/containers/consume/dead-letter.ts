/**
 * Dead letters: a stream for messages that could not be handled, with the cause, and the way back.
 *
 * The one idea: the entry is added there and acknowledged here in one transaction, so a crash leaves it in one place. Should the
 * store refuse the addition while the transaction runs (the key was made something else meanwhile), the entry is made pending
 * again at once. An entry is the cause, in fields named `dead.…`, and the original fields after it, as they were.
 */
import type { Database } from '../../client/database.ts'
import type { Field } from '../payload.ts'
import { type TrueField, trueFields } from '../true-fields.ts'
import type { Crew } from './crew.ts'
import type { Held } from './delivery.ts'
import type { DeathReason } from './events.ts'
import { ConsumerError } from './trouble.ts'

/** Why a message is a dead letter. */
export interface Cause {
  /** Where it was, and under which id. */
  readonly stream: string
  readonly id: string
  readonly group: string
  readonly consumer: string
  readonly deliveries: number
  /** Its last attempt failed; it was delivered too often by consumers that died; its handler rejected it; it fits no schema. */
  readonly reason: DeathReason
  readonly error: string
  readonly message: string
  readonly at: Date
}

const NAMES = ['stream', 'id', 'group', 'consumer', 'deliveries', 'reason', 'error', 'message', 'at'] as const
const PREFIX = 'dead.'
/** An error's text may be a page; its begin says enough. */
const LONGEST_TEXT = 2000

/** Moves an entry to the dead letters. Resolves with its id there. */
export async function bury<T>(
  crew: Crew<T>,
  held: Held<T>,
  to: string,
  reason: DeathReason,
  error: unknown,
): Promise<string> {
  const { db, target, settings } = crew
  const { stream, id, deliveries, fields } = held
  const [name, text] = error instanceof Error ? [error.name, error.message] : ['', String(error)]
  const cause: Record<(typeof NAMES)[number], string | number> = {
    stream,
    id,
    group: target.group,
    consumer: target.consumer,
    deliveries,
    reason,
    error: name,
    message: text.slice(0, LONGEST_TEXT),
    at: new Date(settings.clock.now()).toISOString(),
  }
  const original = await trueFields(db, stream, id, fields)
  const words = [...NAMES.map((field): TrueField => [PREFIX + field, String(cause[field])]), ...original]
  const [added, removed] = await db.multi().xadd(to, '*', words).xack(stream, target.group, [id]).exec()
  if (removed instanceof Error) throw removed
  if (!(added instanceof Error)) return added
  const claimed = { retrycount: deliveries, justid: true, force: true } as const
  if (removed > 0) await db.xclaim(stream, target.group, target.consumer, 0, [id], claimed)
  throw added
}

/** Throws when dead letters could not go there. */
export async function checkDeadLetters<T>(crew: Crew<T>): Promise<void> {
  for (const stream of crew.target.starts.keys()) {
    const to = crew.deadLetterOf(stream)
    if (to === undefined) continue
    const type = await crew.db.type(to)
    if (type !== 'none' && type !== 'stream')
      throw new ConsumerError('DEAD_LETTER', `Dead letters of ${stream} go to ${to}, which holds a ${type}.`)
    if (to === stream) throw new ConsumerError('DEAD_LETTER', `Dead letters of ${stream} can't go to itself.`)
  }
}

/** What the fields of a dead letter say: its cause and its original fields; undefined when it is none. */
export function readDeadLetter(fields: readonly Field[]): { cause: Cause; fields: readonly Field[] } | undefined {
  const own = fields.slice(0, NAMES.length)
  if (own.length < NAMES.length || own.some(([name], i) => name !== PREFIX + NAMES[i])) return undefined
  const [stream, id, group, consumer, deliveries, reason, error, message, at] = own.map(([, value]) => value)
  const cause = {
    stream: stream!,
    id: id!,
    group: group!,
    consumer: consumer!,
    deliveries: Number(deliveries),
    reason: reasonOf(reason!),
    error: error!,
    message: message!,
    at: new Date(at!),
  }
  return { cause, fields: fields.slice(NAMES.length) }
}

function reasonOf(text: string): DeathReason {
  return text === 'exhausted' || text === 'rejected' || text === 'invalid' ? text : 'failed'
}

/** Which dead letters to bring back. */
export interface RedriveOptions {
  /** At most so many; all unless given. */
  readonly count?: number
  /** Only those for which it is true; all unless given. */
  readonly filter?: (cause: Cause) => boolean
}

const PAGE = 100

/**
 * Brings dead letters back: each is added to its stream anew (with a new id, delivered to every group) and removed from here in one
 * transaction. Resolves with how many.
 */
export async function redrive(db: Database, from: string, options: RedriveOptions = {}): Promise<number> {
  const { count = Number.POSITIVE_INFINITY, filter } = options
  let moved = 0
  let start = '-'
  while (moved < count) {
    const page = await db.xrange(from, start, '+', { count: PAGE })
    for (const [id, all] of page) {
      start = `(${id}`
      const found = readDeadLetter(all)
      if (found === undefined || moved >= count || (filter !== undefined && !filter(found.cause))) continue
      moved += await back(db, from, id, found.cause.stream, await trueFields(db, from, id, all))
    }
    if (page.length < PAGE) break
  }
  return moved
}

/**
 * Somebody else may bring it back at the same time: only who finds it there adds it. What its stream refuses stays here; should that
 * show in the transaction only, it is put back at once.
 */
async function back(db: Database, from: string, id: string, to: string, letter: readonly TrueField[]): Promise<number> {
  const queue = await db.transaction(from, async (tx) => {
    const [there] = await tx.xrange(from, id, id)
    // Refused here if it holds no stream.
    await tx.xlen(to)
    const writes = tx.multi()
    if (there !== undefined) {
      writes.xadd(to, '*', letter.slice(NAMES.length))
      writes.xdel(from, [id])
    }
    return writes
  })
  const [added, removed]: readonly unknown[] = queue
  if (removed instanceof Error) throw removed
  if (added instanceof Error) {
    if (removed === 1) await db.xadd(from, '*', letter)
    throw added
  }
  return removed === 1 ? 1 : 0
}
