/**
 * Public data for the tour: movies and flights of the npm package `vega-datasets`, read from its files.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A movie; what its source does not say is null. */
export interface Movie {
  readonly title: string
  readonly genre: string | null
  readonly director: string | null
  readonly rating: number | null
  readonly votes: number | null
  /** Dollars, worldwide. */
  readonly gross: number | null
  /** Milliseconds since 1970. */
  readonly released: number
}

export interface Flight {
  /** Milliseconds since 1970. */
  readonly departed: number
  readonly origin: string
  readonly destination: string
  /** Minutes. */
  readonly delay: number
  /** Miles. */
  readonly distance: number
}

type Fields = Readonly<Record<string, string | number | null>>

/** The package's files stand beside its entry point. */
const require = createRequire(import.meta.url)
const ENTRY = require.resolve('vega-datasets')

function read(file: string): Fields[] {
  return JSON.parse(readFileSync(join(dirname(ENTRY), '..', 'data', file), 'utf8'))
}

const textOf = (value: string | number | null | undefined): string | null => (value == null ? null : String(value))
const numberOf = (value: string | number | null | undefined): number | null => (value == null ? null : Number(value))

/** 3,201 movies, in the order of the file. */
export function movies(): Movie[] {
  return read('movies.json').map((fields) => ({
    title: String(fields['Title'] ?? 'untitled'),
    genre: textOf(fields['Major Genre']),
    director: textOf(fields['Director']),
    rating: numberOf(fields['IMDB Rating']),
    votes: numberOf(fields['IMDB Votes']),
    gross: numberOf(fields['Worldwide Gross']),
    released: Date.parse(`${fields['Release Date']} UTC`),
  }))
}

/** 20,000 flights of 2001, by departure. */
export function flights(): Flight[] {
  return read('flights-20k.json')
    .map((fields) => ({
      departed: Date.parse(`${String(fields['date']).replaceAll('/', '-').replace(' ', 'T')}:00Z`),
      origin: String(fields['origin']),
      destination: String(fields['destination']),
      delay: Number(fields['delay']),
      distance: Number(fields['distance']),
    }))
    .sort((a, b) => a.departed - b.departed)
}
