/**
 * `npm run tour`: a server, a public data set in it, and a library that runs over the data; what it found, and how long
 * each part took.
 *
 * The one idea: everything goes the way a user's program would go, through an ordinary client over the network. With `--json`
 * what was found is printed as data, for the test.
 */
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { createEngine, Server } from '../src/server/index.ts'
import { flights, movies } from './tour/data.ts'
import { loadFlights, loadMovies } from './tour/load.ts'

const isJson = process.argv.includes('--json')
const found: Record<string, unknown> = {}

const say = (line: string): void => {
  if (!isJson) console.log(line)
}

/** Does a part, and tells what came out and how long it took. */
async function part<T>(title: string, work: () => Promise<T>, tell: (result: T) => string): Promise<T> {
  const start = performance.now()
  const result = await work()
  say(`${`${(performance.now() - start).toFixed(1)} ms`.padStart(10)}  ${title}: ${tell(result)}`)
  found[title] = result
  return result
}

/** A client's own methods know nothing of TFCALL; its replies are lists of text here. */
type Listing = readonly (readonly [string, string])[]

const listing = (lines: Listing): string =>
  lines.map(([name, value]) => `\n${' '.repeat(14)}${value}  ${name}`).join('')

/** [a, 1, b, 2] as [[a, 1], [b, 2]]. */
function pairs(flat: readonly string[]): Listing {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i]!, flat[2 * i + 1]!])
}

const rows = (reply: readonly unknown[]): Listing =>
  reply.map((row) => (Array.isArray(row) ? [String(row[0]), String(row[1])] : [String(row), '']))

async function count(redis: Redis, pattern: string): Promise<readonly string[]> {
  const reply = await redis.call('TFCALLASYNC', 'tour.count', 0, pattern)
  return Array.isArray(reply) ? reply.map(String) : []
}

async function delays(redis: Redis): Promise<readonly [Listing, string]> {
  const reply = await redis.call('TFCALLASYNC', 'tour.delays', 0, 100, 5)
  if (!Array.isArray(reply) || !Array.isArray(reply[0])) throw new Error('tour.delays answered something else')
  return [rows(reply[0]), String(reply[1])]
}

async function rank(redis: Redis, genre: string): Promise<Listing> {
  const reply = await redis.call('TFCALL', 'tour.rank', 0, genre, 10_000, 5)
  return Array.isArray(reply) ? rows(reply) : []
}

async function ask(redis: Redis): Promise<void> {
  const grossing = async (): Promise<Listing> => {
    const best = pairs(await redis.zrevrange('movies:gross', 0, 2, 'WITHSCORES'))
    return Promise.all(
      best.map(async ([key, gross]): Promise<[string, string]> => [(await redis.hget(key, 'title')) ?? key, gross]),
    )
  }
  const oldest = async (): Promise<string> => {
    const [key = ''] = await redis.lrange('movies:by-release', 0, 0)
    return (await redis.hget(key, 'title')) ?? ''
  }
  await part('Oldest movie (list)', oldest, (title) => title)
  await part('Highest gross, dollars (sorted set)', grossing, listing)
  await part(
    'Flights (stream)',
    () => redis.xlen('flights'),
    (length) => `${length} entries`,
  )

  say('\nA library runs beside the data:')
  const text = readFileSync(new URL('./tour/library.js', import.meta.url), 'utf8')
  const load = (): Promise<unknown> => redis.call('TFUNCTION', 'LOAD', 'REPLACE', text)
  await part('TFUNCTION LOAD', load, String)
  const tellCount = ([keys, how]: readonly string[]): string => `${keys} keys like movie:*, ${how}`
  await part('TFCALLASYNC tour.count', () => count(redis, 'movie:*'), tellCount)
  await part('TFCALLASYNC tour.count, again', () => count(redis, 'movie:*'), tellCount)
  await part('TFCALL tour.rank Drama, IMDB rating', () => rank(redis, 'Drama'), listing)
  const tellDelays = ([worst, how]: readonly [Listing, string]): string => `${how}${listing(worst)}`
  await part('TFCALLASYNC tour.delays, mean minutes', () => delays(redis), tellDelays)
  await part('TFCALLASYNC tour.delays, again', () => delays(redis), tellDelays)
}

const engine = createEngine({ functions: { trustLibraries: true } })
const server = new Server(engine)
await server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }])
const redis = new Redis(server.port, '127.0.0.1')
try {
  say(`A server on port ${server.port}, and public data of the npm package vega-datasets:`)
  const commands = (sent: number): string => `${sent} commands`
  await part('Movies as hashes, sets, a list and a sorted set', () => loadMovies(redis, movies()), commands)
  await part('Flights as a stream and a sorted set', () => loadFlights(redis, flights()), commands)
  await ask(redis)
  if (isJson) console.log(JSON.stringify(found))
} finally {
  redis.disconnect()
  await server.close(0)
  engine.expiry.stop()
}
