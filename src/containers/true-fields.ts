/**
 * Fields as they are in the store, for who copies entries.
 *
 * The one idea: fields are read as text, and bytes that are no UTF-8 come as replacement characters. Where one is seen the entry is
 * read once more, as bytes; everything else is copied as it was read.
 */
import type { Database } from '../client/database.ts'
import type { Field } from './payload.ts'

/** One field, exact. */
export type TrueField = readonly [name: string | Uint8Array, value: string | Uint8Array]

const REPLACEMENT = '\uFFFD'

/** The fields of an entry, exact. One that is gone meanwhile stays as it was read. */
export async function trueFields(
  db: Database,
  stream: string,
  id: string,
  fields: readonly Field[],
): Promise<readonly TrueField[]> {
  if (!fields.some(([name, value]) => value.includes(REPLACEMENT) || name.includes(REPLACEMENT))) return fields
  const [entry] = await db.buffers.xrange(stream, id, id)
  return entry?.[1] ?? fields
}
