/** Places, units and distances in words, and what they mean; read by handlers, after the look-up. */
import { type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { formatFixed } from '../../base/fixed-point.ts'
import { formatHuman } from '../../base/long-double.ts'
import { Double, type Reply } from '../../base/reply.ts'
import { isOnMap, type Place, placeOf } from '../../structures/geohash.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { choice } from '../args/nodes.ts'
import { readDouble } from '../args/values.ts'

const UNITS = ['M', 'KM', 'FT', 'MI'] as const
const METRES: Readonly<Record<string, number>> = { M: 1, KM: 1000, FT: 0.3048, MI: 1609.34 }
const NO_UNIT = err('unsupported unit provided. please use M, KM, FT, MI')
const NO_MEMBER = err('could not decode requested zset member')

/** The argument that names a unit. */
export const UNIT = choice('unit', UNITS, NO_UNIT)

/** Metres in a unit. */
export function readUnit(word: Bytes): number {
  const metres = METRES[upper(word)]
  if (metres === undefined) throw NO_UNIT
  return metres
}

/** Longitude and latitude, in that order. */
export function readPlace(longitudeWord: Bytes, latitudeWord: Bytes): Place {
  const place = { longitude: readDouble(longitudeWord), latitude: readDouble(latitudeWord) }
  if (isOnMap(place)) return place
  throw err(`invalid longitude,latitude pair ${formatFixed(place.longitude, 6)},${formatFixed(place.latitude, 6)}`)
}

/** Where a member is, as a search asks. */
export function placeOfMember(set: Pick<SortedSet, 'score'>, member: Bytes): Place {
  const score = set.score(member)
  if (score === undefined) throw NO_MEMBER
  return placeOf(score)
}

/** A distance in metres as it is answered in a unit. */
export const distanceIn = (metres: number, unit: number): Bytes => formatFixed(metres / unit, 4)

/** Longitude and latitude as they are answered. */
export const placeReply = ({ longitude, latitude }: Place): Reply =>
  [longitude, latitude].map((degrees) => new Double(degrees, formatHuman(degrees)))
