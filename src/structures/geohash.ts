/**
 * Geohashes: places on Earth as 52-bit integers, which sorted sets keep as scores.
 *
 * The one idea: longitude and latitude are each cut in halves 26 times, and the answers interleaved, latitude lowest; so
 * a cell of any size is one range of scores. Here a cell is kept as its column and row; only scores are interleaved.
 * Latitudes end at 85.05112878 degrees, where a Mercator map of the world is a square.
 *
 * The upper edges (180 degrees, the highest latitude) give a column or row one beyond the last, as in Redis: bits above
 * the 52nd.
 */

/** A place, in degrees. */
export interface Place {
  readonly longitude: number
  readonly latitude: number
}

/** One of the 4^step cells of the world. */
export interface Cell {
  readonly step: number
  readonly column: number
  readonly row: number
}

/** Its edges, in degrees. */
export interface CellEdges {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

/** Halvings that scores keep. */
export const FINEST = 26
const MOST_LONGITUDE = 180
const MOST_LATITUDE = 85.05112878
const HALF = 2 ** 32

/** Whether a place lies where geohashes reach. */
export const isOnMap = ({ longitude, latitude }: Place): boolean =>
  longitude >= -MOST_LONGITUDE && longitude <= MOST_LONGITUDE && latitude >= -MOST_LATITUDE && latitude <= MOST_LATITUDE

/** The cell of a place after so many halvings; `mostLatitude` is 90 for geohashes as others write them. */
export function cellOf({ longitude, latitude }: Place, step: number, mostLatitude = MOST_LATITUDE): Cell {
  const cells = 1 << step
  const across = ((longitude + MOST_LONGITUDE) / (2 * MOST_LONGITUDE)) * cells
  const up = ((latitude + mostLatitude) / (2 * mostLatitude)) * cells
  return { step, column: Math.trunc(across), row: Math.trunc(up) }
}

/** Where a column or row begins; the map goes from -most to most in so many cells. */
const edge = (index: number, cells: number, most: number): number => -most + (index / cells) * (2 * most)

/** The edges of a cell. */
export function edgesOf({ step, column, row }: Cell): CellEdges {
  const cells = 1 << step
  return {
    west: edge(column, cells, MOST_LONGITUDE),
    east: edge((column + 1) >>> 0, cells, MOST_LONGITUDE),
    south: edge(row, cells, MOST_LATITUDE),
    north: edge((row + 1) >>> 0, cells, MOST_LATITUDE),
  }
}

/** The cell so many columns and rows further, around the world. */
export function neighbour({ step, column, row }: Cell, columns: number, rows: number): Cell {
  const cells = 1 << step
  // An edge beyond the last is brought back only in the direction of the step, as Redis does.
  return {
    step,
    column: columns === 0 ? column : (column + columns + cells) % cells,
    row: rows === 0 ? row : (row + rows + cells) % cells,
  }
}

/** Puts a zero between the bits of a 16-bit number. */
function spread16(bits: number): number {
  let x = (bits | (bits << 8)) & 0x00ff00ff
  x = (x | (x << 4)) & 0x0f0f0f0f
  x = (x | (x << 2)) & 0x33333333
  return (x | (x << 1)) & 0x55555555
}

/** Every other bit of a 32-bit number, from the lowest on. */
function gather16(bits: number): number {
  let x = bits & 0x55555555
  x = (x | (x >>> 1)) & 0x33333333
  x = (x | (x >>> 2)) & 0x0f0f0f0f
  x = (x | (x >>> 4)) & 0x00ff00ff
  return (x | (x >>> 8)) & 0xffff
}

/** Exact up to 27 bits, which is what a column or row can have. */
const spread = (bits: number): number => spread16(bits >>> 16) * HALF + spread16(bits & 0xffff)

/** The scores in a cell: from `min` to below `max`. Sums beyond 2^53 are rounded once, as C rounds the integer. */
export function scoresOf({ step, column, row }: Cell): { readonly min: number; readonly max: number } {
  const [across, up] = [2 * spread(column), spread(row)]
  const scale = 4 ** (FINEST - step)
  return { min: (up + across) * scale, max: (up + 1 + across) * scale }
}

/** The score of a place. */
export const scoreOf = (place: Place): number => scoresOf(cellOf(place, FINEST)).min

/** The cell at the finest step of a score, read as an unsigned 64-bit integer by the rules of x86-64. */
function cellAt(score: number): Cell {
  const whole = Math.trunc(score)
  let high = 0
  let low = 0
  if (whole < -(2 ** 63)) high = 0x80000000
  else if (whole < 2 ** 64) {
    high = Math.floor(whole / HALF)
    low = whole - high * HALF
  }
  return {
    step: FINEST,
    column: ((gather16(high >>> 1) << 16) | gather16(low >>> 1)) >>> 0,
    row: ((gather16(high) << 16) | gather16(low)) >>> 0,
  }
}

const within = (value: number, most: number): number => Math.max(-most, Math.min(most, value))

/** The place that a score stands for: the middle of its cell, kept on the map. Any score has one. */
export function placeOf(score: number): Place {
  const { west, east, south, north } = edgesOf(cellAt(score))
  return { longitude: within((west + east) / 2, MOST_LONGITUDE), latitude: within((south + north) / 2, MOST_LATITUDE) }
}

const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz'
const LETTERS = 10

/** The geohash of geohash.org: 10 letters of 5 bits each; the 11th would need 3 bits more than there are, and is 0. */
export function lettersOf(place: Place): string {
  const { column, row } = cellOf(place, FINEST, 90)
  let letters = ''
  for (let letter = 0, bit = 2 * FINEST - 1; letter < LETTERS; letter++) {
    let index = 0
    for (let i = 0; i < 5; i++, bit--) index = 2 * index + (((bit % 2 === 0 ? row : column) >>> (bit >>> 1)) & 1)
    letters += ALPHABET[index]
  }
  return `${letters}0`
}
