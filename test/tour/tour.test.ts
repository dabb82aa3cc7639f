/**
 * The tour as a user runs it, and what it found against the same questions asked of the data in plain JavaScript.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { flights, movies } from '../../scripts/tour/data.ts'

const run = promisify(execFile)
const TOUR = ['--import', 'tsx', 'scripts/tour.ts']

/** Falling by figure; among equals the greater name first, as Redis' REV has it. */
const falling = ([a, x]: readonly [string, number], [b, y]: readonly [string, number]): number =>
  y - x || (a < b ? 1 : -1)

function bestDramas(): string[][] {
  const all = movies()
  const rated = all.flatMap(({ genre, rating, votes }, n): [string, number][] =>
    genre === 'Drama' && rating !== null && (votes ?? 0) >= 10_000 ? [[`movie:${n}`, rating]] : [],
  )
  const best = rated.sort(falling).slice(0, 5)
  return best.map(([key, rating]) => [all[Number(key.slice('movie:'.length))]!.title, String(rating)])
}

function worstDelays(): string[][] {
  const delays = new Map<string, number[]>()
  for (const { origin, delay } of flights()) delays.set(origin, [...(delays.get(origin) ?? []), delay])
  const means = [...delays].flatMap(([airport, all]): [string, number][] =>
    all.length >= 100 ? [[airport, all.reduce((sum, delay) => sum + delay, 0) / all.length]] : [],
  )
  const worst = means.sort(falling).slice(0, 5)
  return worst.map(([airport, mean]) => [airport, mean.toFixed(2)])
}

describe('the tour', () => {
  let found: Record<string, unknown> = {}
  beforeAll(async () => {
    const { stdout } = await run(process.execPath, [...TOUR, '--json'])
    found = JSON.parse(stdout)
  }, 60_000)

  it('counts, and answers from the cache the second time', () => {
    const keys = String(movies().length)
    expect(found['TFCALLASYNC tour.count']).toEqual([keys, 'counted'])
    expect(found['TFCALLASYNC tour.count, again']).toEqual([keys, 'from the cache'])
  })

  it('ranks movies as plain JavaScript does', () => {
    expect(found['TFCALL tour.rank Drama, IMDB rating']).toEqual(bestDramas())
  })

  it('ranks airports by their mean delay, in the background and then from the cache', () => {
    expect(found['TFCALLASYNC tour.delays, mean minutes']).toEqual([worstDelays(), 'computed'])
    expect(found['TFCALLASYNC tour.delays, again']).toEqual([worstDelays(), 'from the cache'])
  })

  it('finds in a list and in a stream what was put there', () => {
    const oldest = movies().reduce((first, movie) => (movie.released < first.released ? movie : first))
    expect(found['Oldest movie (list)']).toBe(oldest.title)
    expect(found['Flights (stream)']).toBe(flights().length)
  })
})
