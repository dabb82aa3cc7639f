/** XRANGE and XREVRANGE: the entries between two ids, in either direction. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { NIL_ARRAY, type Reply } from '../../base/reply.ts'
import { STREAM } from '../../keyspace/value.ts'
import type { StreamId } from '../../structures/stream-id.ts'
import { integer, key, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { entriesOf, entriesShape } from './entries.ts'
import { idArg, readEnd, readStart } from './stream-id-arg.ts'

const ALL = -1

/** Reads what follows the ids, which are looked at first. */
function readCount(argv: Argv): number {
  let count = ALL
  for (let i = 4; i < argv.length; i += 2) {
    if (upper(argv[i]!) !== 'COUNT' || i + 1 === argv.length) throw SYNTAX
    count = Math.max(0, readInteger(argv[i + 1]!))
  }
  return count
}

/** Where the first and the last id of a range stand among the words. */
interface Ends {
  readonly startAt: number
  readonly endAt: number
}

const FORWARD: Ends = { startAt: 2, endAt: 3 }
const BACKWARD: Ends = { startAt: 3, endAt: 2 }

/** Reads the ids before what follows them, the smaller one first: the order of errors. */
const readWords =
  ({ startAt, endAt }: Ends) =>
  (argv: Argv) => ({
    key: argv[1]!,
    start: readStart(argv[startAt]!),
    end: readEnd(argv[endAt]!),
    count: readCount(argv),
  })

interface Range {
  readonly key: Bytes
  readonly start: StreamId
  readonly end: StreamId
  readonly count?: number | undefined
}

function range({ db }: Context, { key, start, end, count = ALL }: Range, reverse: boolean): Reply {
  const stream = db.find(key, STREAM)
  if (stream === undefined) return []
  if (count === 0) return NIL_ARRAY
  return entriesOf(reverse ? stream.reverseRange(end, start) : stream.range(start, end), count)
}

const common = {
  group: 'stream',
  since: '5.0.0',
  complexity: 'O(log(N)+M), M entries returned',
  flags: ['readonly'],
  reply: entriesShape,
} as const

const KEY = key('key', 'RO access')
const COUNT = option('COUNT', integer('count'))

/** XRANGE key start end [COUNT count] */
export const xrange = command({
  ...common,
  name: 'XRANGE',
  summary: 'Returns the entries between two ids, the oldest first.',
  args: [KEY, idArg('start'), idArg('end'), COUNT],
  parse: readWords(FORWARD),
  run: (ctx, words) => range(ctx, words, false),
})

/** XREVRANGE key end start [COUNT count] */
export const xrevrange = command({
  ...common,
  name: 'XREVRANGE',
  summary: 'Returns the entries between two ids, the newest first.',
  args: [KEY, idArg('end'), idArg('start'), COUNT],
  parse: readWords(BACKWARD),
  run: (ctx, words) => range(ctx, words, true),
})
