/** Stream ids as arguments: reading them, with the errors that several commands share. */
import { type Bytes, raw } from '../../base/bytes.ts'
import { err, INVALID_STREAM_ID } from '../../base/errors.ts'
import { nextId, previousId, type StreamId } from '../../structures/stream-id.ts'
import { type MissingSeq, type NewId, parseId, parseNewId, parseRangeEnd } from '../../structures/stream-id-text.ts'
import type { Node, Text } from '../args/nodes.ts'

/** An id that the command reads in a `parse` of its own. */
export const idArg = <const N extends string>(name: N): Node<N, StreamId, Text, false> => ({
  kind: 'bytes',
  name,
  optional: false,
  doc: 'string',
})

const INVALID_START = err('invalid start ID for the interval')
const INVALID_END = err('invalid end ID for the interval')
const EXCLUSIVE = 40

/** An id that must be one: `ms` or `ms-seq`, no `-` and no `+`. */
export function readId(word: Bytes, missing: MissingSeq = 'first'): StreamId {
  const id = parseId(word, missing)
  if (id === undefined) throw INVALID_STREAM_ID
  return id
}

/** The id of a new entry: `ms`, `ms-seq` or `ms-*`. */
export function readNewId(word: Bytes): NewId {
  const id = parseNewId(word)
  if (id === undefined) throw INVALID_STREAM_ID
  return id
}

/** Where a range starts: `-`, `+`, an id, or `(` and an id that is itself left out. */
export function readStart(word: Bytes): StreamId {
  if (!isExclusive(word)) return readRangeEnd(word, 'first')
  const start = nextId(readId(raw(word.slice(1)), 'first'))
  if (start === undefined) throw INVALID_START
  return start
}

/** Where a range ends: as `readStart`. */
export function readEnd(word: Bytes): StreamId {
  if (!isExclusive(word)) return readRangeEnd(word, 'last')
  const end = previousId(readId(raw(word.slice(1)), 'last'))
  if (end === undefined) throw INVALID_END
  return end
}

const isExclusive = (word: Bytes): boolean => word.length > 1 && word.charCodeAt(0) === EXCLUSIVE

function readRangeEnd(word: Bytes, missing: MissingSeq): StreamId {
  const id = parseRangeEnd(word, missing)
  if (id === undefined) throw INVALID_STREAM_ID
  return id
}
