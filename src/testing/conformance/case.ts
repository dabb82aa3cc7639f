/**
 * One case of the conformance suite: a name and what has to hold over every store.
 *
 * The one idea: a case knows no test runner. It asserts by node:assert, so that vitest, node:test and plain scripts run it
 * alike, and its keys share one hash tag of their own, so that it may run on a store in use and on any node of a cluster.
 */
import type { Database } from '../../client/database.ts'

/** What a case works with. */
export interface Bench {
  readonly db: Database
  /** A key of this case alone; all keys of a case are in one slot. */
  readonly key: (name: string) => string
  /** A second database on the same store. */
  readonly other: () => Promise<Database>
}

export interface ConformanceCase {
  readonly name: string
  /** Looks at the whole store (DBSIZE, FLUSHALL …) and empties it. */
  readonly wholeStore?: true
  /** Kinds of store that it doesn't concern, each with the reason. */
  readonly not?: Partial<Record<Database['features']['kind'], string>>
  run(bench: Bench): Promise<void>
}

/** Lets what is under way come further: some turns of the event loop. */
export async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
