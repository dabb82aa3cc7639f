/** GEORADIUS and its kin: the older searches of a circle, each also in a form that stores nothing. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import { ZSET } from '../../keyspace/value.ts'
import type { KeySpec } from '../args/key-specs.ts'
import { bytes, double, key, lastOf, late, option } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, int, when } from '../shape.ts'
import { answerOf, findAll, storeAll } from './answer.ts'
import { placeOfMember, readPlace, UNIT } from './place.ts'
import { checkQuery, newQuery, type Query, readCircle, readOptions } from './query.ts'
import { CHOOSING, FOUND, TELLING } from './search.ts'

const EMPTY_CIRCLE = { kind: 'circle', radius: 0, unit: 1 } as const

type Begin = (query: Query, words: Argv, source: Parameters<typeof placeOfMember>[0] | undefined) => void

/** Longitude, latitude, radius, unit. */
const byPlace: Begin = (query, [longitude, latitude, radius, unit]) => {
  query.centre = readPlace(longitude!, latitude!)
  query.extent = readCircle(radius!, unit!)
}

/** Member, radius, unit; none of them is looked at when there is no source. */
const byMember: Begin = (query, [member, radius, unit], source) => {
  if (source === undefined) return
  query.centre = placeOfMember(source, member!)
  query.extent = readCircle(radius!, unit!)
}

const searching =
  (begin: Begin, fixed: number, dialect: 'radius' | 'radius-ro') =>
  ({ db }: Context, { key, query: words }: { readonly key: Bytes; readonly query: Argv }): Reply => {
    const set = db.find(key, ZSET)
    const query: Query = { ...newQuery(), from: 'place', extent: EMPTY_CIRCLE }
    begin(query, words, set)
    readOptions(query, words.slice(fixed), dialect, set)
    checkQuery(query, dialect, key)
    const found = set === undefined ? [] : findAll(set, query)
    const { storeKey } = query
    return storeKey === undefined ? answerOf(found, query) : storeAll(db, storeKey, found, query, 'georadiusstore')
  }

const STORING = lastOf(
  'store',
  option('STORE', key('storekey', 'OW update')),
  option('STOREDIST', key('storedistkey', 'OW update')),
)

/** The source, and what stands behind STORE and STOREDIST, which the grammar finds in no fixed place. */
const specsFrom = (from: number): KeySpec[] => [
  { flags: ['RO', 'access'], begin: { index: 1 }, find: { lastKey: 0, step: 1, limit: 0 } },
  { flags: ['OW', 'update'], begin: { keyword: 'STORE', from }, find: { lastKey: 0, step: 1, limit: 0 } },
  { flags: ['OW', 'update'], begin: { keyword: 'STOREDIST', from }, find: { lastKey: 0, step: 1, limit: 0 } },
]

const SOURCE = key('key', 'RO access')
const PLACE = [double('longitude'), double('latitude'), double('radius'), UNIT]
const MEMBER = [bytes('member'), double('radius'), UNIT]

const common = {
  group: 'geo',
  complexity: 'O(N+log(M)), N members in the cells around the circle, M held',
} as const
const writing = { ...common, flags: ['write', 'denyoom', 'movablekeys'] } as const
const reading = { ...common, flags: ['readonly'], reply: when(arrayOf(bulk), FOUND) } as const
const STORED = when(arrayOf(bulk), { ...FOUND, store: int, storedist: int })

/** GEORADIUS key longitude latitude radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] [STORE storekey | STOREDIST storedistkey] */
export const georadius = command({
  ...writing,
  name: 'GEORADIUS',
  since: '3.2.0',
  summary: 'Gives or stores the members in a circle around a place.',
  deprecated: { since: '6.2.0', use: '`GEOSEARCH` and `GEOSEARCHSTORE` with `BYRADIUS`' },
  args: [SOURCE, late('query', [...PLACE, ...CHOOSING, ...TELLING, ...STORING])],
  reply: STORED,
  override: { keySpecs: specsFrom(6) },
  run: searching(byPlace, 4, 'radius'),
})

/** GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] */
export const georadiusRo = command({
  ...reading,
  name: 'GEORADIUS_RO',
  since: '3.2.10',
  summary: 'Gives the members in a circle around a place.',
  deprecated: { since: '6.2.0', use: '`GEOSEARCH` with `BYRADIUS`' },
  args: [SOURCE, late('query', [...PLACE, ...CHOOSING, ...TELLING])],
  run: searching(byPlace, 4, 'radius-ro'),
})

/** GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] [STORE storekey | STOREDIST storedistkey] */
export const georadiusbymember = command({
  ...writing,
  name: 'GEORADIUSBYMEMBER',
  since: '3.2.0',
  summary: 'Gives or stores the members in a circle around a member.',
  deprecated: { since: '6.2.0', use: '`GEOSEARCH` and `GEOSEARCHSTORE` with `BYRADIUS` and `FROMMEMBER`' },
  args: [SOURCE, late('query', [...MEMBER, ...CHOOSING, ...TELLING, ...STORING])],
  reply: STORED,
  override: { keySpecs: specsFrom(5) },
  run: searching(byMember, 3, 'radius'),
})

/** GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [ASC | DESC] [COUNT count] [ANY] [WITHCOORD] [WITHDIST] [WITHHASH] */
export const georadiusbymemberRo = command({
  ...reading,
  name: 'GEORADIUSBYMEMBER_RO',
  since: '3.2.10',
  summary: 'Gives the members in a circle around a member.',
  deprecated: { since: '6.2.0', use: '`GEOSEARCH` with `BYRADIUS` and `FROMMEMBER`' },
  args: [SOURCE, late('query', [...MEMBER, ...CHOOSING, ...TELLING])],
  run: searching(byMember, 3, 'radius-ro'),
})
