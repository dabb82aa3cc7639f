/**
 * Target: what a consumer works for: a group of a database, the streams it reads, and how their entries become messages.
 */
import { bytes } from '../../base/bytes.ts'
import { hashSlot } from '../../base/slots.ts'
import type { Database } from '../../client/database.ts'
import type { Content, Field } from '../payload.ts'

/** A group, as its consumer sees it. */
export interface Target<T> {
  readonly database: Database
  readonly group: string
  readonly consumer: string
  /** The streams, and after which id the group begins in each where it has to be made. */
  readonly starts: ReadonlyMap<string, string>
  /** Opens the payload of an entry. */
  contentOf(stream: string, fields: readonly Field[]): Content<T> | Promise<Content<T>>
}

/** The slot of a key as the store knows it. */
export function slotOf(database: Database, key: string): number {
  return hashSlot(bytes(database.keyPrefix + key))
}

/**
 * The name of a key that belongs to a stream and shares its slot on a cluster: `{orders}:dead` for `orders`, `{eu}:orders:dead` for
 * `{eu}:orders`. The same on every store, so that data may move.
 */
export function sibling(database: Database, stream: string, what: string): string {
  const tagged = `${stream}:${what}`
  const whole = database.keyPrefix + stream
  const slot = slotOf(database, stream)
  for (const name of hasTag(whole) ? [tagged] : [`{${whole}}:${what}`, tagged])
    if (slotOf(database, name) === slot) return name
  // A key with braces that are no tag: only a stream of a cluster would miss the slot, and is refused when it is used there.
  return tagged
}

function hasTag(key: string): boolean {
  const open = key.indexOf('{')
  return open >= 0 && key.indexOf('}', open + 1) > open + 1
}

/** Where messages of a stream go that could not be handled, unless a consumer says otherwise. */
export const deadLetterKey = (database: Database, stream: string): string => sibling(database, stream, 'dead')

/** Where messages of a stream wait until they are due. */
export const delayedKey = (database: Database, stream: string): string => sibling(database, stream, 'delayed')
