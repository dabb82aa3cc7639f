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

/** A distance that differs from a limit by more than this factor is on that side of it, however roughly it was computed. */
const SURELY = 1 + 1e-9

/**
 * Whether places are at most so far from a centre: by V8's functions, which are fast and may miss the last bits, and only
 * where those could matter by the exact ones. What differs too much in latitude alone needs no sine at all.
 */
export class Reach {
  readonly #centre: Place
  readonly #limit: number
  readonly #latitude: number
  readonly #longitude: number
  readonly #cosine: number
  /** The largest difference in latitude, in radians. */
  readonly #mostLatitude: number
  /** The square of the sine of half the angle that the limit is; above 1 when it goes around half the Earth. */
  readonly #haversine: number

  constructor(centre: Place, limit: number) {
    this.#centre = centre
    this.#limit = limit
    this.#latitude = radians(centre.latitude)
    this.#longitude = radians(centre.longitude)
    this.#cosine = Math.cos(this.#latitude)
    this.#mostLatitude = (limit / EARTH_RADIUS) * SURELY
    const angle = limit / EARTH_RADIUS / 2
    this.#haversine = angle > Math.PI / 2 ? 2 : Math.sin(angle) ** 2
  }

  /** Whether a place is within the limit. */
  includes(place: Place): boolean {
    const latitude = radians(place.latitude)
    if (Math.abs(latitude - this.#latitude) > this.#mostLatitude) return false
    const u = Math.sin((latitude - this.#latitude) / 2)
    const v = Math.sin((radians(place.longitude) - this.#longitude) / 2)
    const haversine = u * u + this.#cosine * Math.cos(latitude) * v * v
    // Half way around the Earth a small difference of these is a large one of distances.
    if (haversine < 0.999) {
      if (haversine > this.#haversine * SURELY) return false
      if (haversine * SURELY < this.#haversine) return true
    }
    return distance(this.#centre, place) <= this.#limit
  }
}
