/**
 * One cache function, used twice: a local layer in this process, and a shared one behind it that all processes ask.
 *
 * The local layer keeps a value for a second, so that a busy process asks the shared store once a second; the shared layer
 * keeps it for a minute, and lets one process at a time compute it. Both are the same function over another store.
 *
 *   npx tsx examples/cache/cache.ts [redis://127.0.0.1:6379]
 */
import { cached, type Database, open } from 'geartrain'

/** What is dear: it is told how often it was done. */
export async function weather(city: string): Promise<{ readonly city: string; readonly degrees: number }> {
  return { city, degrees: 10 + city.length }
}

/** A function through both layers. */
export function layered<T>(local: Database, shared: Database, compute: (name: string) => Promise<T>) {
  const behind = cached(shared, compute, { prefix: 'weather:', ttlMs: 60_000 })
  return cached(local, behind, { prefix: 'weather:', ttlMs: 1000 })
}

async function main(url = 'memory:'): Promise<void> {
  await using local = await open()
  await using shared = await open(url)
  const lookUp = layered(local, shared, weather)
  for (const city of ['Oslo', 'Lima', 'Oslo']) console.log(await lookUp(city))
}

if (process.argv[1] === import.meta.filename) await main(process.argv[2])
