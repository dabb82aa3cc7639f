/** XADD: a new entry at the end of a stream, which may lose old ones for it. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err, wrongArity } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STREAM } from '../../keyspace/value.ts'
import { Stream } from '../../structures/stream.ts'
import { MAX_ENTRY_BYTES } from '../../structures/stream-chunk.ts'
import { compareIds, formatId, isMinId, MAX_ID, type StreamId, sameId } from '../../structures/stream-id.ts'
import type { NewId } from '../../structures/stream-id-text.ts'
import { bytes, flag, key, type Node, type Text, tail } from '../args/nodes.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { bulk, nullable, when } from '../shape.ts'
import { readTrimming, TRIMMING, type Trim, trimmedWords, trimStream } from './trim.ts'

const WRONG_ARITY = wrongArity('xadd')
const ID_ZERO = err('The ID specified in XADD must be greater than 0-0')
const ID_TOO_SMALL = err('The ID specified in XADD is equal or smaller than the target stream top item')
const NO_MORE_IDS = err('The stream has exhausted the last possible ID, unable to add more items')
const TOO_LARGE = err('Elements are too large to be stored')

interface Addition {
  readonly nomkstream?: true | undefined
  readonly maxlen?: Trim | undefined
  readonly minid?: Trim | undefined
  readonly id: NewId | undefined
}

const AUTOMATIC: Addition = { id: undefined }

function add(ctx: Context, key: Bytes, fields: Bytes[], how: Addition): Reply {
  const { db } = ctx
  const found = db.edit(key, STREAM)
  if (found === undefined && how.nomkstream) return null
  const stream = found ?? new Stream()
  if (sameId(stream.lastId, MAX_ID)) throw NO_MORE_IDS
  const id = chosenId(stream, ctx.now, how.id)
  checkSize(fields)
  if (found === undefined) db.put(key, stream)
  stream.append(id, fields)
  db.answered()
  db.touched(key)
  db.ready(key)
  db.event(EVENT.stream, 'xadd', key)
  const trim = how.maxlen ?? how.minid
  if (trim !== undefined && trimStream(stream, trim) > 0) db.event(EVENT.stream, 'xtrim', key)
  return formatId(id)
}

function chosenId(stream: Stream, now: number, given: NewId | undefined): StreamId {
  const id = given === undefined ? stream.nextId(now) : given.anySeq ? stream.nextIdInMs(given.id) : given.id
  if (id === undefined || compareIds(id, stream.lastId) <= 0) throw ID_TOO_SMALL
  return id
}

function checkSize(fields: readonly Bytes[]): void {
  let size = 0
  for (let i = 0; i < fields.length; i++) size += fields[i]!.length
  if (size > MAX_ENTRY_BYTES) throw TOO_LARGE
}

/** The options end at the first word that is none of them, the id; only then the pairs can be counted. */
function readWords(argv: Argv) {
  const { trim, noMkStream, idAt, id } = readTrimming(argv, true)
  const fields = argv.slice(idAt + 1)
  if (fields.length < 2 || fields.length % 2 === 1) throw WRONG_ARITY
  if (id !== undefined && !id.anySeq && isMinId(id.id)) throw ID_ZERO
  return {
    key: argv[1]!,
    nomkstream: noMkStream ? (true as const) : undefined,
    maxlen: trim?.strategy === 'MAXLEN' ? trim : undefined,
    minid: trim?.strategy === 'MINID' ? trim : undefined,
    id,
    fields,
  }
}

/** An id made here, and a trim that stopped where a node or its limit ended, repeat as they came out. */
const exactly: EffectsOf = ({ db }, argv, reply) => {
  const { trim, noMkStream, idAt, id } = readTrimming(argv, true)
  if (trim?.approximate !== true && id !== undefined && !id.anySeq) return [argv]
  const stream = db.editAny(argv[1]!)
  const words = [...argvOf('XADD', argv[1]!)]
  if (noMkStream) words.push(...argvOf('NOMKSTREAM'))
  if (trim?.approximate && stream instanceof Stream) words.push(...trimmedWords(stream, trim))
  else if (trim !== undefined) words.push(...argv.slice(2, idAt).filter((word) => upper(word) !== 'NOMKSTREAM'))
  words.push(reply as Bytes, ...argv.slice(idAt + 1))
  return [words]
}

const NOMKSTREAM = flag('NOMKSTREAM')
const ID: Node<'id', NewId | undefined, Text, false> = { kind: 'bytes', name: 'id', optional: false, doc: 'string' }

/** XADD key [NOMKSTREAM] [MAXLEN <= | ~> threshold | MINID <= | ~> threshold] [LIMIT limit] id field value [field value ...] */
export const xadd = command({
  name: 'XADD',
  group: 'stream',
  since: '5.0.0',
  summary: 'Adds an entry at the end of a stream, made when it is missing.',
  complexity: 'O(1), and O(N) for N entries trimmed',
  flags: ['write', 'denyoom', 'fast'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', 'RW update'),
    NOMKSTREAM,
    ...TRIMMING,
    ID,
    tail('fields', [bytes('field'), bytes('value')], WRONG_ARITY),
  ],
  parse: readWords,
  reply: when(bulk, { nomkstream: nullable(bulk) }),
  run: (ctx, { key, fields, ...how }) => add(ctx, key, [...fields], how),
  fast: (ctx, argv) =>
    argv[2] === '*' && argv.length % 2 === 1 ? add(ctx, argv[1]!, argv.slice(3), AUTOMATIC) : undefined,
  effects: exactly,
})
