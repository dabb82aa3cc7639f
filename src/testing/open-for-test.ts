/**
 * Databases for tests: fresh, in this process, on a clock that the test moves.
 *
 * The one idea: nothing is shared and nothing waits. A day passes when the test says so, chance repeats from its seed, and
 * all of it is gone at the end of the test.
 */
import { seededRandom } from '../base/random.ts'
import type { Database } from '../client/database.ts'
import type { CreateOptions } from '../create.ts'
import { openMemory } from '../open/memory.ts'
import { ManualClock } from './manual-clock.ts'

export interface TestOptions {
  /** Where the clock stands at first, in milliseconds since the epoch. */
  readonly startMs?: number
  /** What chance repeats from (SPOP, RANDOMKEY, eviction). */
  readonly seed?: number
  /** The engine's other options: configuration, libraries. */
  readonly engine?: Omit<CreateOptions, 'clock' | 'random'>
}

/** A database for one test. */
export interface TestStore extends AsyncDisposable {
  readonly db: Database
  /** Time as the database has it; `clock.advance(ms)` lets it pass, with all that is due on the way. */
  readonly clock: ManualClock
}

/** Opens an empty database that only this test has: `await using store = await openForTest()`. */
export async function openForTest({ startMs, seed = 1, engine }: TestOptions = {}): Promise<TestStore> {
  const clock = new ManualClock(startMs)
  const db = openMemory('', { ...engine, clock, random: seededRandom(seed) })
  return { db, clock, [Symbol.asyncDispose]: () => db.close() }
}

/** Hands a value to the test and resolves when the test is over. */
type Use<T> = (value: T) => Promise<void>

/**
 * Fixtures for vitest: `const test = base.extend(fixtures)`, then `test('…', async ({ db, clock }) => …)`. Each test that
 * asks for one gets a store of its own.
 */
export const fixtures = {
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from this pattern which fixtures another one needs
  store: async ({}: object, use: Use<TestStore>): Promise<void> => {
    await using store = await openForTest()
    await use(store)
  },
  db: ({ store }: { store: TestStore }, use: Use<Database>): Promise<void> => use(store.db),
  clock: ({ store }: { store: TestStore }, use: Use<ManualClock>): Promise<void> => use(store.clock),
}
