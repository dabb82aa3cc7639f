/** GEOSEARCH and GEOSEARCHSTORE: members in a circle or box around a place or a member. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { ZSET } from '../../keyspace/value.ts'
import { bytes, double, flag, integer, key, lastOf, late, oneOf, option, optionOf } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, dbl, int, row, tuple, when } from '../shape.ts'
import { answerOf, findAll, storeAll } from './answer.ts'
import { UNIT } from './place.ts'
import { checkQuery, newQuery, readOptions } from './query.ts'

/** COUNT and its kin, which the older commands know too. */
export const CHOOSING = [...lastOf('order', flag('ASC'), flag('DESC')), option('COUNT', integer('count')), flag('ANY')]
/** What is told of each member. */
export const TELLING = [flag('WITHCOORD'), flag('WITHDIST'), flag('WITHHASH')]
const ROWS = arrayOf(
  row('member', bulk, {
    withdist: ['distance', dbl],
    withhash: ['hash', int],
    withcoord: ['position', tuple(dbl, dbl)],
  }),
)
/** Members, or each with what was asked for. */
export const FOUND = { withcoord: ROWS, withdist: ROWS, withhash: ROWS }

const AREA = [
  ...oneOf(
    'from',
    option('FROMMEMBER', bytes('member')),
    optionOf('fromlonlat', 'FROMLONLAT', [double('longitude'), double('latitude')]),
  ),
  ...oneOf(
    'by',
    optionOf('byradius', 'BYRADIUS', [double('radius'), UNIT]),
    optionOf('bybox', 'BYBOX', [double('width'), double('height'), UNIT]),
  ),
]

const common = {
  group: 'geo',
  since: '6.2.0',
  complexity: 'O(N+log(M)), N members in the cells around the shape, M held',
} as const

function run({ db }: Context, source: Bytes, destination: Bytes | undefined, name: Bytes, words: Argv): Reply {
  const dialect = destination === undefined ? 'search' : 'store'
  const set = db.find(source, ZSET)
  const query = { ...newQuery(), storeKey: destination }
  readOptions(query, words, dialect, set)
  checkQuery(query, dialect, name)
  const found = set === undefined ? [] : findAll(set, query)
  return destination === undefined ? answerOf(found, query) : storeAll(db, destination, found, query, 'geosearchstore')
}

/** GEOSEARCH key [FROMMEMBER member | FROMLONLAT longitude latitude] [BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>] [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] */
export const geosearch = command({
  ...common,
  name: 'GEOSEARCH',
  summary: 'Gives the members in a circle or box around a place or a member.',
  flags: ['readonly'],
  args: [key('key', 'RO access'), late('query', [...AREA, ...CHOOSING, ...TELLING])],
  // An error names the command as it was called, so the words begin with it.
  parse: (argv) => ({ key: argv[1]!, query: argv }),
  // Where and how far must be said, each in one of two ways.
  override: { arity: -7 },
  reply: when(arrayOf(bulk), FOUND),
  run: (ctx, { key, query }) => run(ctx, key, undefined, query[0]!, query.slice(2)),
})

/** GEOSEARCHSTORE destination source [FROMMEMBER member | FROMLONLAT longitude latitude] [BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>] [ASC | DESC] [COUNT count] [ANY] [STOREDIST] */
export const geosearchstore = command({
  ...common,
  name: 'GEOSEARCHSTORE',
  summary: 'Stores the members in a circle or box under another key, with their scores or distances.',
  flags: ['write', 'denyoom'],
  args: [
    key('destination', 'OW update'),
    key('source', 'RO access'),
    late('query', [...AREA, ...CHOOSING, flag('STOREDIST')]),
  ],
  parse: (argv) => ({ destination: argv[1]!, source: argv[2]!, query: argv }),
  // As for GEOSEARCH.
  override: { arity: -8 },
  reply: int,
  run: (ctx, { destination, source, query }) => run(ctx, source, destination, query[0]!, query.slice(3)),
})
