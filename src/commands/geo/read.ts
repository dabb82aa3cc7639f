/** GEOPOS, GEODIST and GEOHASH: where members are, and how far from each other. */
import { raw } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { NIL_ARRAY } from '../../base/reply.ts'
import { ZSET } from '../../keyspace/value.ts'
import { distance } from '../../structures/geo-distance.ts'
import { lettersOf, placeOf } from '../../structures/geohash.ts'
import { bytes, key, late, many, optional } from '../args/nodes.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, dbl, nullable, tuple } from '../shape.ts'
import { distanceIn, placeReply, readUnit, UNIT } from './place.ts'

const common = { group: 'geo', since: '3.2.0', flags: ['readonly'] } as const
const MEMBERS = [key('key', 'RO access'), many('members', bytes('member'), 0)] as const

/** GEOPOS key [member [member ...]] */
export const geopos = command({
  ...common,
  name: 'GEOPOS',
  summary: 'Gives the longitudes and latitudes of members.',
  complexity: 'O(N), N members asked for',
  args: MEMBERS,
  reply: arrayOf(nullable(tuple(dbl, dbl))),
  run: ({ db }, { key, members }) => {
    const set = db.find(key, ZSET)
    return members.map((member) => {
      const score = set?.score(member)
      return score === undefined ? NIL_ARRAY : placeReply(placeOf(score))
    })
  },
})

/** GEOHASH key [member [member ...]] */
export const geohash = command({
  ...common,
  name: 'GEOHASH',
  summary: 'Gives the places of members as the 11 letters of geohash.org.',
  complexity: 'O(N), N members asked for',
  args: MEMBERS,
  reply: arrayOf(nullable(bulk)),
  run: ({ db }, { key, members }) => {
    const set = db.find(key, ZSET)
    return members.map((member) => {
      const score = set?.score(member)
      return score === undefined ? null : raw(lettersOf(placeOf(score)))
    })
  },
})

/** GEODIST key member1 member2 [M | KM | FT | MI] */
export const geodist = command({
  ...common,
  name: 'GEODIST',
  summary: 'Gives the distance between two members, in metres or another unit.',
  complexity: 'O(1)',
  args: [key('key', 'RO access'), bytes('member1'), bytes('member2'), late('unit', [optional(UNIT)])],
  reply: nullable(dbl),
  run: ({ db }, { key, member1, member2, unit }) => {
    if (unit.length > 1) throw SYNTAX
    const metres = unit.length === 0 ? 1 : readUnit(unit[0]!)
    const set = db.find(key, ZSET)
    const from = set?.score(member1)
    const to = set?.score(member2)
    if (from === undefined || to === undefined) return null
    return distanceIn(distance(placeOf(from), placeOf(to)), metres)
  },
})
