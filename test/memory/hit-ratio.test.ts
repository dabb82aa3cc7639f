/**
 * How well each policy chooses: the hits of a cache under a skewed load, ours and redis-server's.
 *
 * The one idea: both get the same reads of keys drawn by Zipf's law; what is not there is stored, and there is room for a
 * part of the data only, the same part of what each needs for all of it. Our clock goes on as redis-server's does.
 */
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { createEngine } from '../../src/create.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { ManualClock, Recorder } from '../../src/testing/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'

const SOAK = process.env.SOAK === '1'
const KEYS = SOAK ? 50_000 : 10_000
const READS = SOAK ? 600_000 : 60_000
/** Reads that fill the cache and are not counted. */
const WARM = READS / 3
const BATCH = 200
/** The part of all data that there is room for. */
const ROOM = 0.3
/** Percentage points that the ratios may differ by. */
const TOLERANCE = 3
const VALUE = raw('v'.repeat(400))

type Line = readonly Bytes[]

/** A store under test, as a client sees it. */
interface Cache {
  /** Replies of all lines, sent at once. */
  ask(lines: readonly Line[]): Promise<readonly Reply[]>
  /** Bytes in use. */
  used(): Promise<number>
}

/** Numbers drawn by Zipf's law with exponent 1: the first is drawn most. */
function zipf(random: Random): () => number {
  const sums = new Float64Array(KEYS)
  let sum = 0
  for (let i = 0; i < KEYS; i++) sums[i] = sum += 1 / (i + 1)
  return () => {
    const at = (random.below(2 ** 48) / 2 ** 48) * sum
    let [low, high] = [0, KEYS - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! < at) low = middle + 1
      else high = middle
    }
    return low
  }
}

const keyOf = (n: number): Bytes => raw(`key:${(n * 7919) % KEYS}`)
/** Deadlines that tell nothing of how often a key is read, and stay the same. */
const store = (n: number): Line => [raw('SET'), keyOf(n), VALUE, raw('EX'), raw(`${10_000 + ((n * 104_729) % 90_000)}`)]
const words = (line: string): Line => line.split(' ').map(raw)

/** The share of reads that find their key, in percent. */
async function hitRatio(cache: Cache, policy: string): Promise<number> {
  await cache.ask([words('CONFIG SET maxmemory 0'), words('FLUSHALL')])
  const empty = await cache.used()
  for (let n = 0; n < KEYS; n += BATCH) await cache.ask(Array.from({ length: BATCH }, (_, i) => store(n + i)))
  const limit = Math.round(empty + ((await cache.used()) - empty) * ROOM)
  await cache.ask([words('FLUSHALL'), words(`CONFIG SET maxmemory-policy ${policy}`)])
  await cache.ask([words(`CONFIG SET maxmemory ${limit}`)])
  const next = zipf(seededRandom(11))
  let hits = 0
  for (let read = 0; read < READS; read += BATCH) {
    const wanted = Array.from({ length: BATCH }, next)
    const replies = await cache.ask(wanted.map((n) => [raw('GET'), keyOf(n)]))
    const missed = new Set(wanted.filter((_, i) => replies[i] === null))
    if (read >= WARM) hits += replies.filter((reply) => reply !== null).length
    await cache.ask([...missed].map(store))
  }
  return (hits / (READS - WARM)) * 100
}

class Oracle implements Cache {
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
  }

  ask(lines: readonly Line[]): Promise<readonly Reply[]> {
    if (lines.length === 0) return Promise.resolve([])
    const decoder = new ReplyDecoder()
    const replies: Reply[] = []
    return new Promise((resolve) => {
      const hear = (chunk: Buffer): void => {
        decoder.push(chunk)
        for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) replies.push(reply)
        if (replies.length < lines.length) return
        this.#socket.off('data', hear)
        resolve(replies)
      }
      this.#socket.on('data', hear)
      this.#socket.write(lines.map(encodeCommand).join(''), 'latin1')
    })
  }

  async used(): Promise<number> {
    const [info] = await this.ask([words('INFO memory')])
    return Number(/used_memory:(\d+)/.exec(String(info))![1])
  }
}

function ourCache(clock: ManualClock): Cache {
  const engine = createEngine({ clock, random: seededRandom(5) })
  const client = new Recorder(engine)
  return {
    ask: (lines) => {
      const replies = lines.map((line) => client.run(line)[0]!)
      client.take()
      return Promise.resolve(replies)
    },
    used: () => Promise.resolve(engine.memory.used),
  }
}

describe.skipIf(oracleMissing)('a cache under a skewed load', () => {
  let server: OracleServer
  beforeAll(async () => {
    server = await OracleServer.start()
  })
  afterAll(() => server.stop())

  test.each([
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
  ])(
    `hits as often under %s as redis-server does, to ${TOLERANCE} points`,
    async (policy) => {
      const began = performance.now()
      const theirs = await hitRatio(new Oracle(await server.connect()), policy)
      const took = performance.now() - began
      const clock = new ManualClock()
      const cache = ourCache(clock)
      const steps = (2 * READS) / BATCH
      const ask = (lines: readonly Line[]): Promise<readonly Reply[]> => {
        clock.advance(took / steps)
        return cache.ask(lines)
      }
      const pace = { ...cache, ask }
      const ours = await hitRatio(pace, policy)
      if (process.env.SHOW === '1') console.log(policy, theirs.toFixed(1), ours.toFixed(1), `${Math.round(took)} ms`)
      expect(theirs).toBeGreaterThan(30)
      expect(Math.abs(ours - theirs)).toBeLessThan(TOLERANCE)
    },
    120_000,
  )

  test(
    'and a policy that chose worse would be found out',
    async () => {
      const theirs = await hitRatio(new Oracle(await server.connect()), 'allkeys-lfu')
      const ours = await hitRatio(ourCache(new ManualClock()), 'allkeys-random')
      expect(Math.abs(ours - theirs)).toBeGreaterThan(TOLERANCE)
    },
    SOAK ? 600_000 : 30_000,
  )
})
