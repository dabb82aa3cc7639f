/**
 * Every acceptance row has a test, or a reason why it has none. Rows are found by the names of the tests that play them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const LAST = 83

/** Rows that are played by tests whose names do not say so: the file, and words of it. */
const ELSEWHERE: ReadonlyMap<number, readonly [file: string, words: string]> = new Map([
  [38, ['test/transcripts/triggers/directives.txt', "can't be less than lock-redis-timeout value."]],
  [43, ['test/functions/loading.test.ts', 'const PROLOGUES']],
])

/** The rows that a file plays: in names of tests, and as first members of a table of rows. */
function rowsIn(text: string): number[] {
  const named = [...text.matchAll(/\brows? (\d+(?:(?:, | and )\d+)*)/g)].flatMap(([, list]) => list!.split(/, | and /))
  const listed = [...text.matchAll(/\[\s*(\d+),\s*(?:a?fn\(|`)/g)].map(([, row]) => row!)
  return [...named, ...listed].map(Number)
}

test('every acceptance row is played', () => {
  const played = new Set<number>()
  for (const name of readdirSync(import.meta.dirname)) {
    if (!name.endsWith('.test.ts') || name === 'rows.test.ts') continue
    for (const row of rowsIn(readFileSync(join(import.meta.dirname, name), 'utf8'))) played.add(row)
  }
  for (const [row, [file, words]] of ELSEWHERE) {
    expect(readFileSync(file, 'utf8')).toContain(words)
    played.add(row)
  }
  const missing = Array.from({ length: LAST }, (_, i) => i + 1).filter((row) => !played.has(row))
  expect(missing).toEqual([])
})

test('and one that is not would be missed', () => {
  expect(rowsIn("test('rows 1, 2 and 30: x')\ntest('row 4: y')\n  [5, fn('z')],\n[6, 7]")).toEqual([1, 2, 30, 4, 5])
})
