/**
 * Loading the tour's data: each kind of value for what it is good at.
 *
 * movie:N hashes, genre:G sets of their keys, movies:by-release a list, movies:gross a sorted set; flights a stream whose ids
 * are the departures, airports:departures a sorted set that counts.
 */
import type { ChainableCommander, Redis } from 'ioredis'
import type { Flight, Movie } from './data.ts'

const BATCH = 1000

/** Sends what `add` puts into pipelines, a thousand items each; returns the number of commands. */
async function pipelined<T>(
  redis: Redis,
  items: readonly T[],
  add: (pipeline: ChainableCommander, item: T, n: number) => void,
): Promise<number> {
  let commands = 0
  for (let n = 0; n < items.length; n += BATCH) {
    const pipeline = redis.pipeline()
    for (const [i, item] of items.slice(n, n + BATCH).entries()) add(pipeline, item, n + i)
    for (const [error] of (await pipeline.exec()) ?? []) {
      if (error !== null) throw error
      commands++
    }
  }
  return commands
}

/** Returns the number of commands sent. */
export async function loadMovies(redis: Redis, movies: readonly Movie[]): Promise<number> {
  const commands = await pipelined(redis, movies, (pipeline, movie, n) => {
    const known = Object.entries(movie).filter(([, value]) => value !== null)
    pipeline.hset(`movie:${n}`, Object.fromEntries(known))
    if (movie.genre !== null) pipeline.sadd(`genre:${movie.genre}`, `movie:${n}`)
    if (movie.gross !== null) pipeline.zadd('movies:gross', movie.gross, `movie:${n}`)
  })
  const byRelease = [...movies.entries()].sort(([, a], [, b]) => a.released - b.released).map(([n]) => `movie:${n}`)
  return commands + (await pipelined(redis, byRelease, (pipeline, key) => pipeline.rpush('movies:by-release', key)))
}

/** Returns the number of commands sent. */
export function loadFlights(redis: Redis, flights: readonly Flight[]): Promise<number> {
  return pipelined(redis, flights, (pipeline, { departed, origin, destination, delay, distance }) => {
    const fields = ['origin', origin, 'destination', destination, 'delay', delay, 'distance', distance]
    pipeline.xadd('flights', `${departed}-*`, ...fields)
    pipeline.zincrby('airports:departures', 1, origin)
  })
}
