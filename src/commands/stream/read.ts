/** XREAD: what came after the given ids in any of several streams, waiting for it if asked to. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import { NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { type Reading, STREAM } from '../../keyspace/value.ts'
import { Stream } from '../../structures/stream.ts'
import { compareIds, formatId, MAX_ID, MIN_ID, nextId, type StreamId } from '../../structures/stream-id.ts'
import { bytes, halves, integer, key, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { argvOf, command } from '../command.ts'
import type { Context } from '../context.ts'
import { Block, type Outcome } from '../outcome.ts'
import { keyName, mapOf, nullable } from '../shape.ts'
import { byStream, entriesOf, entriesShape } from './entries.ts'
import { readId } from './stream-id-arg.ts'

const UNBALANCED = err("Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.")
const GROUP_GIVEN = err('The GROUP option is only supported by XREADGROUP. You called XREAD instead.')
const NOACK_GIVEN = err('The NOACK option is only supported by XREADGROUP. You called XREAD instead.')
const NEW_FOR_GROUP = err(
  'The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
)
const TIMEOUT = {
  min: 0,
  invalid: err('timeout is not an integer or out of range'),
  outside: err('timeout is negative'),
}

/** The most entries a woken client gets that gave no COUNT. */
const WOKEN_COUNT = 1000

interface Words {
  readonly count?: number | undefined
  readonly milliseconds?: number | undefined
  /** Keys, then as many ids. */
  readonly streams: readonly Bytes[]
}

/** Options of XREADGROUP are known here, and refused in their own words. */
function readWords(argv: Argv): Words {
  let count: number | undefined
  let milliseconds: number | undefined
  for (let i = 1; i < argv.length; i++) {
    const option = upper(argv[i]!)
    const more = argv.length - 1 - i
    if (option === 'BLOCK' && more > 0) milliseconds = readInteger(argv[++i]!, TIMEOUT)
    else if (option === 'COUNT' && more > 0) count = Math.max(0, readInteger(argv[++i]!))
    else if (option === 'STREAMS' && more > 0) {
      if (more % 2 === 1) throw UNBALANCED
      return { count, milliseconds, streams: argv.slice(i + 1) }
    } else if (option === 'GROUP' && more > 1) throw GROUP_GIVEN
    else throw option === 'NOACK' ? NOACK_GIVEN : SYNTAX
  }
  throw SYNTAX
}

/** XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...] */
export const xread = command({
  name: 'XREAD',
  group: 'stream',
  since: '5.0.0',
  summary: 'Returns what came after the given ids in several streams, waiting for it if asked to.',
  complexity: 'O(M), M entries returned',
  flags: ['readonly', 'blocking', 'movablekeys'],
  args: [
    option('COUNT', integer('count')),
    option('BLOCK', integer('milliseconds', TIMEOUT)),
    halves('streams', 'STREAMS', [key('key', 'RO access'), bytes('id')], UNBALANCED),
  ],
  // Keys behind a word can't be derived from the place of their argument.
  override: {
    keySpecs: [
      { flags: ['RO', 'access'], begin: { keyword: 'STREAMS', from: 1 }, find: { lastKey: -1, step: 1, limit: 2 } },
    ],
  },
  parse: readWords,
  reply: nullable(mapOf(keyName, entriesShape)),
  run: (ctx, words) => (ctx.wakeKey === undefined ? readNow(ctx, words) : readWoken(ctx, ctx.wakeKey, words)),
})

function readNow(ctx: Context, { count = 0, milliseconds, streams }: Words): Outcome {
  const { db } = ctx
  const keys = streams.slice(0, streams.length / 2)
  const words = streams.slice(keys.length)
  const after = keys.map((key, i) => afterWhich(db.find(key, STREAM), words[i]!))
  const found: [Bytes, Reply][] = []
  for (let i = 0; i < keys.length; i++) {
    // Looked up again, as Redis does: a missing key is missed twice.
    const stream = db.find(keys[i]!, STREAM)
    const newest = stream?.newestId
    if (stream === undefined || newest === undefined || compareIds(newest, after[i]!) <= 0) continue
    found.push([keys[i]!, entriesAfter(stream, after[i]!, count)])
  }
  if (found.length > 0) return byStream(ctx, found)
  if (milliseconds === undefined) return NIL_ARRAY
  return new Block(keys, 'stream', milliseconds, NIL_ARRAY, resumed(keys, after, count))
}

function afterWhich(stream: Reading<Stream> | undefined, word: Bytes): StreamId {
  if (word === '$') return stream?.lastId ?? MIN_ID
  if (word === '>') throw NEW_FOR_GROUP
  return readId(word)
}

function entriesAfter(stream: Reading<Stream>, after: StreamId, count: number): Reply[] {
  const start = nextId(after)
  return start === undefined ? [] : entriesOf(stream.range(start, MAX_ID), count)
}

/** The words to run when woken: `$` meant the moment of asking. */
function resumed(keys: readonly Bytes[], after: readonly StreamId[], count: number): Argv {
  const ids = after.map(formatId)
  return argvOf('XREAD', 'COUNT', formatInteger(count || WOKEN_COUNT), 'BLOCK', '0', 'STREAMS', ...keys, ...ids)
}

/** Answers for the stream that woke the client, even when what was added is gone again; else goes on waiting. */
function readWoken(ctx: Context, wakeKey: Bytes, { count = 0, streams }: Words): Outcome {
  const half = streams.length / 2
  const stream = ctx.db.editAny(wakeKey)
  const after = readId(streams[half + streams.indexOf(wakeKey)]!)
  if (!(stream instanceof Stream) || compareIds(stream.lastId, after) <= 0) {
    return new Block([], 'stream', 0, NIL_ARRAY)
  }
  return byStream(ctx, [[wakeKey, entriesAfter(stream, after, count)]])
}
