/**
 * The conformance suite: what holds for a database whatever store is behind it.
 *
 * The one idea: cases are data. `describeDatabase` hands them to any runner that has `describe` and `test` (vitest, node:test);
 * who has neither calls `runCase`.
 */
import type { Database } from '../client/database.ts'
import type { Bench, ConformanceCase } from './conformance/case.ts'
import { COLLECTIONS } from './conformance/collections.ts'
import { CONTAINER_LIMITS } from './conformance/container-limits.ts'
import { CONTAINERS } from './conformance/containers.ts'
import { ERRORS } from './conformance/errors.ts'
import { PREFIXES } from './conformance/prefixes.ts'
import { QUEUES } from './conformance/queues.ts'
import { SCRIPTS } from './conformance/scripts.ts'
import { SHAPES } from './conformance/shapes.ts'
import { STREAMS } from './conformance/streams.ts'
import { STRINGS } from './conformance/strings.ts'
import { SUBSCRIPTIONS } from './conformance/subscriptions.ts'
import { WAITING } from './conformance/waiting.ts'
import { WALKS } from './conformance/walks.ts'
import { WHOLE_STORE } from './conformance/whole-store.ts'

export type { Bench, ConformanceCase } from './conformance/case.ts'

/** Every case, by group. */
export const conformanceCases: ReadonlyMap<string, readonly ConformanceCase[]> = new Map([
  ['strings', STRINGS],
  ['collections', COLLECTIONS],
  ['streams', STREAMS],
  ['containers', [...CONTAINERS, ...CONTAINER_LIMITS]],
  ['queues and transactions', QUEUES],
  ['errors', ERRORS],
  ['commands that wait', WAITING],
  ['prefixes', PREFIXES],
  ['shapes', SHAPES],
  ['portable scripts', SCRIPTS],
  ['walks', WALKS],
  ['subscriptions', SUBSCRIPTIONS],
  ['the whole store', WHOLE_STORE],
])

/** What a test runner has to bring. */
export interface Runner {
  describe(name: string, body: () => void): unknown
  test(name: string, body: () => Promise<void>): unknown
}

/** Opens a database on the store that is tested; called at least once for each case, and closed after it. */
export type OpenDatabase = () => Promise<Database>

let cases = 0

/** Runs one case; rejects with what doesn't hold. Resolves with the reason where the case is not for this kind of store. */
export async function runCase(one: ConformanceCase, openDatabase: OpenDatabase): Promise<string | undefined> {
  const opened: Database[] = []
  const other = async (): Promise<Database> => {
    const db = await openDatabase()
    opened.push(db)
    return db
  }
  const tag = `c${process.pid}-${++cases}`
  try {
    const db = await other()
    const reason = one.not?.[db.features.kind]
    if (reason !== undefined) return reason
    if (one.wholeStore) await db.flushall()
    const bench: Bench = { db, other, key: (name) => `{${tag}}${name}` }
    await one.run(bench)
  } finally {
    await Promise.all(opened.map((db) => db.close()))
  }
  return undefined
}

/**
 * Describes the whole suite for one kind of store. `openDatabase` opens a database on it; the store may hold other data, but
 * `wholeStore: true` adds cases that empty it. `without` names groups that the store is known not to have.
 */
export function describeDatabase(
  { describe, test }: Runner,
  name: string,
  openDatabase: OpenDatabase,
  { wholeStore = false, without = [] }: { readonly wholeStore?: boolean; readonly without?: readonly string[] } = {},
): void {
  describe(name, () => {
    for (const [group, list] of conformanceCases) {
      if (without.includes(group)) continue
      for (const one of list) {
        if (one.wholeStore && !wholeStore) continue
        test(`${group}: ${one.name}`, async () => {
          await runCase(one, openDatabase)
        })
      }
    }
  })
}
