/**
 * Which members of a sorted set of geohashes lie in a circle or box.
 *
 * The one idea: choose cells so large that the nine around the centre cover the shape, walk the scores of those that
 * touch it, and measure each member found. Results come in the order of Redis' walk (centre, north, south, east, west,
 * corners), and near the poles and the 180th meridian they are those of Redis, which misses what its cells miss.
 */
import type { Bytes } from '../base/bytes.ts'
import { cosine } from '../base/trigonometry.ts'
import { degrees, distance, EARTH_RADIUS, Reach, radians } from './geo-distance.ts'
import {
  type Cell,
  type CellEdges,
  cellOf,
  edgesOf,
  FINEST,
  neighbour,
  type Place,
  placeOf,
  scoresOf,
} from './geohash.ts'
import type { SortedSet } from './sorted-set.ts'

/** What is searched: a circle, or a box of which half the sides are given; all in metres. */
export type Shape = { readonly centre: Place } & (
  | { readonly kind: 'circle'; readonly radius: number }
  | { readonly kind: 'box'; readonly width: number; readonly height: number }
)

/** A member found, and how far from the centre, in metres. */
export interface Found {
  readonly member: Bytes
  readonly score: number
  readonly place: Place
  readonly distance: number
}

/** Half of the equator on the Mercator map, in metres. */
const HALF_MAP = 20037726.37
/** Members looked at between two questions whether enough were found. */
const STRIDE = 64

/** How often the world is halved so that a cell is about the size of the shape, larger towards the poles. */
function stepsFor(reach: number, latitude: number): number {
  if (reach === 0) return FINEST
  let step = 1
  for (let range = reach; range < HALF_MAP; range *= 2) step++
  step -= 2
  if (Math.abs(latitude) > 66) step--
  if (Math.abs(latitude) > 80) step--
  return Math.max(1, Math.min(FINEST, step))
}

/** How far the shape reaches, in degrees; not a number where a pole is within it. */
function boundsOf(shape: Shape): CellEdges {
  const { longitude, latitude } = shape.centre
  const [width, height] = shape.kind === 'circle' ? [shape.radius, shape.radius] : [shape.width / 2, shape.height / 2]
  const up = degrees(height / EARTH_RADIUS)
  // Meridians are nearest to each other at the edge that is nearer to a pole.
  const widest = latitude < 0 ? latitude - up : latitude + up
  const across = degrees(width / EARTH_RADIUS / cosine(radians(widest)))
  return { west: longitude - across, east: longitude + across, south: latitude - up, north: latitude + up }
}

const reachOf = (shape: Shape): number =>
  shape.kind === 'circle' ? shape.radius : Math.sqrt((shape.width / 2) ** 2 + (shape.height / 2) ** 2)

/** Whether the neighbours of a cell end before the shape does. */
function isTooSmall(cell: Cell, bounds: CellEdges): boolean {
  return (
    edgesOf(neighbour(cell, 0, 1)).north < bounds.north ||
    edgesOf(neighbour(cell, 0, -1)).south > bounds.south ||
    edgesOf(neighbour(cell, 1, 0)).east < bounds.east ||
    edgesOf(neighbour(cell, -1, 0)).west > bounds.west
  )
}

/** Where the neighbours lie, in the order in which they are searched: columns east, rows north. */
const AROUND = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const

/** The cells to walk. */
function cellsFor(shape: Shape): Cell[] {
  const bounds = boundsOf(shape)
  let step = stepsFor(reachOf(shape), shape.centre.latitude)
  let cell = cellOf(shape.centre, step)
  if (step > 1 && isTooSmall(cell, bounds)) cell = cellOf(shape.centre, --step)
  const edges = edgesOf(cell)
  const isNeeded = (columns: number, rows: number): boolean =>
    step < 2 ||
    !(
      (rows < 0 && edges.south < bounds.south) ||
      (rows > 0 && edges.north > bounds.north) ||
      (columns < 0 && edges.west < bounds.west) ||
      (columns > 0 && edges.east > bounds.east)
    )
  const around = AROUND.filter(([columns, rows]) => isNeeded(columns, rows))
  return [cell, ...around.map(([columns, rows]) => neighbour(cell, columns, rows))]
}

/** What tells whether a place is in the shape. */
function membershipOf(shape: Shape): (place: Place) => boolean {
  const { centre } = shape
  if (shape.kind === 'circle') {
    const reach = new Reach(centre, shape.radius)
    return (place) => reach.includes(place)
  }
  const up = shape.height / 2
  const across = shape.width / 2
  const surely = degrees((up / EARTH_RADIUS) * (1 + 1e-9))
  return (place) => {
    const { longitude, latitude } = place
    if (Math.abs(latitude - centre.latitude) > surely) return false
    if (!new Reach(place, across).includes({ longitude: centre.longitude, latitude })) return false
    return distance(place, { longitude, latitude: centre.latitude }) <= up
  }
}

type Source = Pick<SortedSet, 'firstIndexByScore' | 'lastIndexByScore' | 'forEachRange'>

/**
 * The members in a shape; at `limit` members the search ends, 0 is no limit. Distances are measured only when wanted,
 * and 0 otherwise.
 */
export function search(set: Source, shape: Shape, limit: number, wantsDistance: boolean): Found[] {
  const found: Found[] = []
  const { centre } = shape
  const isInside = membershipOf(shape)
  const isEnough = (): boolean => limit > 0 && found.length >= limit
  const look = (member: Bytes, score: number): void => {
    if (isEnough()) return
    const place = placeOf(score)
    if (isInside(place)) found.push({ member, score, place, distance: wantsDistance ? distance(centre, place) : 0 })
  }
  let before: Cell | undefined
  for (const [i, cell] of cellsFor(shape).entries()) {
    // Of large shapes neighbours can be the same cell, seen from both sides.
    if (before !== undefined && before.column === cell.column && before.row === cell.row) continue
    if (isEnough()) break
    const { min, max } = scoresOf(cell)
    const last = set.lastIndexByScore(max, true)
    for (let first = set.firstIndexByScore(min, false); first <= last && !isEnough(); first += STRIDE) {
      set.forEachRange(first, Math.min(last, first + STRIDE - 1), false, look)
    }
    // Redis compares with the one before, but never with the centre.
    if (i > 0) before = cell
  }
  return found
}
