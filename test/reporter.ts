/**
 * A vitest reporter that counts, for `scripts/test.ts`: how many tests passed, failed and were skipped.
 *
 * A file that cannot even be loaded has no tests and still counts as one failure; so does an error outside any test.
 */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.GEARTRAIN_TEST_COUNTS
    if (file === undefined) return
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      const failedBefore = counts.failed
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === 'pending' ? 'skipped' : state]++
      }
      if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed++
    }
    writeFileSync(file, JSON.stringify(counts))
  }
}
