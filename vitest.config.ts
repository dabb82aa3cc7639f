/**
 * How the tests run: unit tests beside the sources, everything that belongs to no single file under `test/`.
 *
 * `SOAK=1` (npm run soak) is the long form: the same files, more seeds, hours instead of seconds.
 */
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { CountReporter } from './test/reporter.ts'

const isSoak = process.env.SOAK === '1'

export default defineConfig({
  // Examples import the package by its name; here that is its sources, as for the compiler.
  resolve: {
    alias: [
      { find: /^geartrain$/, replacement: join(import.meta.dirname, 'src/index.ts') },
      { find: /^geartrain\/(\w+)$/, replacement: join(import.meta.dirname, 'src/$1/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/fixtures/**'],
    // Processes, not threads: the end-to-end tests use signals and a test of the heap must own it. The machine that
    // decides has two cores; oracle and server tests bring processes of their own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: isSoak ? 6 * 60 * 60_000 : 60_000,
    hookTimeout: isSoak ? 120_000 : 60_000,
    reporters: ['default', new CountReporter()],
  },
})
