/**
 * The test command: everything that is deterministic and fast, in one run, and one line at the end that says how it went.
 *
 * First the still checks (build, types, layers, style, dead code), which read the sources; then vitest, which runs them. A
 * failing step does not hide the next one. The last line printed is `N passed, N failed`, alone: each still check counts
 * as one, each test as one.
 *
 *   npm test              all of it            npm test -- src/resp    still checks, then only these tests
 *   npm run lint          the still checks     npm run soak            the tests with every seed, at length
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureOracle } from './ensure-oracle.ts'

interface Counts {
  passed: number
  failed: number
  skipped: number
}

const STILL_CHECKS: Readonly<Record<string, readonly string[]>> = {
  build: ['tsx/dist/cli.mjs', 'scripts/build.ts'],
  types: [
    'typescript/bin/tsc',
    '-p',
    '.',
    '--incremental',
    '--tsBuildInfoFile',
    'node_modules/.cache/types.tsbuildinfo',
  ],
  layers: ['dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'src'],
  style: ['@biomejs/biome/bin/biome', 'check', '.'],
  'dead code': ['knip/bin/knip.js', '--no-progress'],
}

const STILL_CHECKS_AT_ONCE = 2

/** Runs a package's program under this node; resolves with its exit status and, unless inherited, what it printed. */
function run(program: readonly string[], stdio: 'pipe' | 'inherit', env = process.env) {
  const [script, ...args] = program
  const child = spawn(process.execPath, [join('node_modules', script!), ...args], { stdio, env })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  return new Promise<{ ok: boolean; output: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ ok: status === 0, output }))
  })
}

async function runStillChecks(counts: Counts): Promise<void> {
  const waiting = Object.entries(STILL_CHECKS)
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, program] = next
      const started = performance.now()
      const { ok, output } = await run(program, 'pipe')
      console.log(`${ok ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
      if (!ok) console.log(output.trimEnd())
      counts[ok ? 'passed' : 'failed']++
    }
  }
  await Promise.all(Array.from({ length: STILL_CHECKS_AT_ONCE }, lane))
}

async function runTests(counts: Counts, filters: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-test-'))
  const file = join(folder, 'counts.json')
  try {
    const program = ['vitest/vitest.mjs', 'run', ...filters]
    const { ok } = await run(program, 'inherit', { ...env, GEARTRAIN_TEST_COUNTS: file })
    const tests: Counts = JSON.parse(readFileSync(file, 'utf8'))
    counts.passed += tests.passed
    counts.skipped += tests.skipped
    // A run can fail without a failing test (an unhandled rejection): that is one failure, not none.
    counts.failed += ok ? 0 : Math.max(tests.failed, 1)
  } catch (error) {
    console.log(`vitest ended without counts: ${error}`)
    counts.failed++
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function checkOracle(counts: Counts): void {
  const reasons = ensureOracle()
  for (const reason of reasons) console.log(`oracle: ${reason}`)
  if (reasons.length > 0 && process.env.CI === 'true') counts.failed++
}

const args = process.argv.slice(2)
const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
const isSoak = args.includes('--soak')
const filters = args.filter((arg) => !['--still', '--soak'].includes(arg))

if (!args.includes('--still')) checkOracle(counts)
await runStillChecks(counts)
if (!args.includes('--still')) await runTests(counts, filters, isSoak ? { ...process.env, SOAK: '1' } : process.env)

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`)
process.exitCode = counts.failed === 0 ? 0 : 1
