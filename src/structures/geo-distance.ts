/** Distances on Earth, taken as a ball: the haversine formula, with Redis' radius. Metres. */
import { arcSine, cosine, sine } from '../base/trigonometry.ts'
import type { Place } from './geohash.ts'

/** The radius of Earth in metres. */
export const EARTH_RADIUS = 6372797.560856
const RADIANS = Math.PI / 180

/** Degrees in radians. */
export const radians = (degrees: number): number => degrees * RADIANS
/** Radians in degrees. */
export const degrees = (angle: number): number => angle / RADIANS

/** The distance between two places. */
export function distance(from: Place, to: Place): number {
  const latitude = radians(from.latitude)
  const other = radians(to.latitude)
  const u = sine((other - latitude) / 2)
  const v = sine((radians(to.longitude) - radians(from.longitude)) / 2)
  return 2 * EARTH_RADIUS * arcSine(Math.sqrt(u * u + cosine(latitude) * cosine(other) * v * v))
}

/** The same by V8's functions: three times as fast, and wrong in the last bit or two. */
export function roughDistance(from: Place, to: Place): number {
  const latitude = radians(from.latitude)
  const other = radians(to.latitude)
  const u = Math.sin((other - latitude) / 2)
  const v = Math.sin((radians(to.longitude) - radians(from.longitude)) / 2)
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(u * u + Math.cos(latitude) * Math.cos(other) * v * v))
}
