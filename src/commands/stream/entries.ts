/** Entries as replies: an id and its names and values, one flat list. */
import type { Bytes } from '../../base/bytes.ts'
import { MapReply, type Reply } from '../../base/reply.ts'
import { formatId } from '../../structures/stream-id.ts'
import type { StreamCursor } from '../../structures/stream-log.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, pairsOf, tuple } from '../shape.ts'

/** What callers get for an entry: its id, and its fields with their values, in order. */
export const entryShape = tuple(bulk, pairsOf(bulk, bulk))
/** What callers get for a list of entries. */
export const entriesShape = arrayOf(entryShape)

/** The next entries of a walk, at most `limit` of them; 0 means all. */
export function entriesOf(cursor: StreamCursor, limit: number): Reply[] {
  const found: Reply[] = []
  while (cursor.next()) {
    found.push([formatId(cursor.id), cursor.fields])
    if (found.length === limit) break
  }
  return found
}

/** Entries by stream. No reply kind says this: pairs in RESP2, a map in RESP3. */
export function byStream({ client }: Context, streams: readonly (readonly [key: Bytes, entries: Reply])[]): Reply {
  return client.protocol === 3 ? new MapReply(streams.flat()) : streams
}
