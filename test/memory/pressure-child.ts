/**
 * A process with a small heap that is written to without end: it says what is left of the data, if it lives.
 *
 * Values come as buffers do from a socket, of all sizes and types; most writes are of keys that were evicted or never were.
 */
import { raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { createEngine } from '../../src/create.ts'
import { Recorder } from '../../src/testing/index.ts'

const writes = Number(process.argv[2])
const engine = createEngine({ config: { 'maxmemory-policy': 'allkeys-lru' } })
const client = new Recorder(engine)
const random = seededRandom(3)
const flat = (text: string) => raw(Buffer.from(text, 'latin1').latin1Slice())
const filler = 'x'.repeat(100_000)
const sizes = [10, 100, 1000, 3000]
const commands = ['SET', 'SET', 'RPUSH', 'HSET', 'SADD', 'ZADD', 'APPEND'] as const
let mostOver = 0
let refused = 0

for (let i = 0; i < writes; i++) {
  const kind = random.below(commands.length)
  const command = commands[kind]!
  const key = flat(`${command}:${random.below(kind < 2 ? 2_000_000 : 20_000)}`)
  const size = random.below(1000) === 0 ? 100_000 : sizes[random.below(sizes.length)]!
  const value = flat(`${i}:${filler.slice(0, size)}`)
  const extra = command === 'HSET' || command === 'ZADD' ? [flat(`${i}`)] : []
  const [reply] = client.run([raw(command), key, ...extra, value])
  client.take()
  if (typeof reply === 'object' && reply !== null && 'message' in reply) refused++
  if (i % 100 === 0) mostOver = Math.max(mostOver, engine.memory.used / engine.memory.limit)
  // Timers and the collector's finalizers get their turn, as in a server.
  if (i % 1000 === 0) await new Promise(setImmediate)
}
const { limit, used, eviction } = engine.memory
const heap = process.memoryUsage()
process.send?.({ limit, used, evicted: eviction.evictedKeys, mostOver, refused, held: heap.heapUsed + heap.external })
process.disconnect()
