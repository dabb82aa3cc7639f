/**
 * The words of a search: GEOSEARCH, GEOSEARCHSTORE, GEORADIUS and their kin.
 *
 * The one idea: a table of options, each with the number of words it takes and the commands it belongs to; whatever does
 * not fit is a syntax error. Words are read one by one after the source was looked up, as Redis reads them, so the first
 * that is wrong decides the error; what contradicts each other is refused at the end.
 */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import type { Reading } from '../../keyspace/value.ts'
import type { Shape } from '../../structures/geo-search.ts'
import type { Place } from '../../structures/geohash.ts'
import type { SortedSet } from '../../structures/sorted-set.ts'
import { readDouble, readInteger } from '../args/values.ts'
import { placeOfMember, readPlace, readUnit } from './place.ts'

/** Which options a command knows: a search, one that stores, and the older ones with and without STORE. */
export type Dialect = 'search' | 'store' | 'radius' | 'radius-ro'

/** A circle or a box, in units. */
export type Extent =
  | { readonly kind: 'circle'; readonly radius: number; readonly unit: number }
  | { readonly kind: 'box'; readonly width: number; readonly height: number; readonly unit: number }

/** What was asked for. */
export interface Query {
  /** Which of the two said where; the place itself is missing when there is no source. */
  from: 'member' | 'place' | undefined
  centre: Place | undefined
  extent: Extent | undefined
  order: 'ASC' | 'DESC' | undefined
  /** 0 is all. */
  count: number
  any: boolean
  withcoord: boolean
  withdist: boolean
  withhash: boolean
  storeKey: Bytes | undefined
  storeDistance: boolean
}

/** A query that asks for nothing yet. */
export const newQuery = (): Query => ({
  from: undefined,
  centre: undefined,
  extent: undefined,
  order: undefined,
  count: 0,
  any: false,
  withcoord: false,
  withdist: false,
  withhash: false,
  storeKey: undefined,
  storeDistance: false,
})

const RADIUS_NOT_A_NUMBER = { invalid: err('need numeric radius') }
const WIDTH_NOT_A_NUMBER = { invalid: err('need numeric width') }
const HEIGHT_NOT_A_NUMBER = { invalid: err('need numeric height') }
const RADIUS_NEGATIVE = err('radius cannot be negative')
const SIDE_NEGATIVE = err('height or width cannot be negative')
const COUNT_NOT_POSITIVE = err('COUNT must be > 0')
const ANY_ALONE = err('the ANY argument requires COUNT argument')

/** A radius and its unit. */
export function readCircle(radiusWord: Bytes, unitWord: Bytes): Extent {
  const radius = readDouble(radiusWord, RADIUS_NOT_A_NUMBER)
  if (radius < 0) throw RADIUS_NEGATIVE
  return { kind: 'circle', radius, unit: readUnit(unitWord) }
}

function readBox(widthWord: Bytes, heightWord: Bytes, unitWord: Bytes): Extent {
  const width = readDouble(widthWord, WIDTH_NOT_A_NUMBER)
  const height = readDouble(heightWord, HEIGHT_NOT_A_NUMBER)
  if (width < 0 || height < 0) throw SIDE_NEGATIVE
  return { kind: 'box', width, height, unit: readUnit(unitWord) }
}

function readCount(word: Bytes): number {
  const count = readInteger(word)
  if (count <= 0) throw COUNT_NOT_POSITIVE
  return count
}

type Source = Reading<SortedSet> | undefined

interface Option {
  /** Words that follow. */
  readonly takes: number
  readonly dialects: readonly Dialect[]
  /** Notes what was said; false when it may not be said here. */
  readonly read: (query: Query, words: Argv, source: Source) => boolean
}

const ALL: readonly Dialect[] = ['search', 'store', 'radius', 'radius-ro']
const SEARCHES: readonly Dialect[] = ['search', 'store']

/** An option of which only the last one counts. */
const said = (dialects: readonly Dialect[], takes: number, note: (query: Query, words: Argv) => void): Option => ({
  takes,
  dialects,
  read: (query, words) => {
    note(query, words)
    return true
  },
})

const keeps = (distance: boolean): Option =>
  said(['radius'], 1, (query, [key]) => {
    query.storeKey = key
    query.storeDistance = distance
  })

const PLAIN: Readonly<Record<string, Option>> = {
  WITHDIST: said(ALL, 0, (query) => {
    query.withdist = true
  }),
  WITHHASH: said(ALL, 0, (query) => {
    query.withhash = true
  }),
  WITHCOORD: said(ALL, 0, (query) => {
    query.withcoord = true
  }),
  ANY: said(ALL, 0, (query) => {
    query.any = true
  }),
  ASC: said(ALL, 0, (query) => {
    query.order = 'ASC'
  }),
  DESC: said(ALL, 0, (query) => {
    query.order = 'DESC'
  }),
  COUNT: said(ALL, 1, (query, [word]) => {
    query.count = readCount(word!)
  }),
  STORE: keeps(false),
}

/** One way of saying where, and one of saying how far; the other is refused, the same again is not. */
const SHAPES: Readonly<Record<string, Option>> = {
  FROMMEMBER: {
    takes: 1,
    dialects: SEARCHES,
    read: (query, [member], source) => {
      if (query.from === 'place') return false
      if (source !== undefined) query.centre = placeOfMember(source, member!)
      query.from = 'member'
      return true
    },
  },
  FROMLONLAT: {
    takes: 2,
    dialects: SEARCHES,
    read: (query, [longitude, latitude]) => {
      if (query.from === 'member') return false
      query.centre = readPlace(longitude!, latitude!)
      query.from = 'place'
      return true
    },
  },
  BYRADIUS: {
    takes: 2,
    dialects: SEARCHES,
    read: (query, [radius, unit]) => {
      if (query.extent?.kind === 'box') return false
      query.extent = readCircle(radius!, unit!)
      return true
    },
  },
  BYBOX: {
    takes: 3,
    dialects: SEARCHES,
    read: (query, [width, height, unit]) => {
      if (query.extent?.kind === 'circle') return false
      query.extent = readBox(width!, height!, unit!)
      return true
    },
  },
}

const STOREDIST_FLAG = said(['store'], 0, (query) => {
  query.storeDistance = true
})

function optionOf(word: Bytes, dialect: Dialect): Option | undefined {
  const name: string = upper(word)
  const option =
    name === 'STOREDIST' ? (dialect === 'store' ? STOREDIST_FLAG : keeps(true)) : (PLAIN[name] ?? SHAPES[name])
  return option?.dialects.includes(dialect) ? option : undefined
}

/** Reads the options into a query. */
export function readOptions(query: Query, words: Argv, dialect: Dialect, source: Source): void {
  for (let at = 0; at < words.length; ) {
    const option = optionOf(words[at]!, dialect)
    if (option === undefined || at + option.takes >= words.length) throw SYNTAX
    if (!option.read(query, words.slice(at + 1, at + 1 + option.takes), source)) throw SYNTAX
    at += 1 + option.takes
  }
}

/** Refuses what can't be said together or is missing; `name` is the command as it was called. */
export function checkQuery(query: Query, dialect: Dialect, name: Bytes): void {
  if (query.storeKey !== undefined && (query.withdist || query.withhash || query.withcoord)) {
    const what = dialect === 'store' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS'
    throw err(`${what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`)
  }
  if (SEARCHES.includes(dialect)) {
    if (query.from === undefined) throw err(`exactly one of FROMMEMBER or FROMLONLAT can be specified for ${name}`)
    if (query.extent === undefined) throw err(`exactly one of BYRADIUS and BYBOX can be specified for ${name}`)
  }
  if (query.any && query.count === 0) throw ANY_ALONE
}

/** What is searched, in metres. */
export function shapeOf(centre: Place, extent: Extent): Shape {
  const { unit } = extent
  return extent.kind === 'circle'
    ? { centre, kind: 'circle', radius: extent.radius * unit }
    : { centre, kind: 'box', width: extent.width * unit, height: extent.height * unit }
}
