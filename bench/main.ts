/**
 * `npm run bench -- <name> [options]`: runs one benchmark of this folder.
 *
 * A benchmark is a file here that exports `run(args)`; its name on the command line is its file name. Results are
 * ratios measured in one run on one machine, printed as the tables that docs/BENCHMARKS.md holds.
 */
import { readdirSync } from 'node:fs'

/** What a file of this folder exports. */
interface Benchmark {
  run(args: readonly string[]): Promise<void> | void
}

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -'.ts'.length))

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- <${names.join(' | ')}> [options]`)
  process.exitCode = 2
} else {
  const benchmark: Benchmark = await import(`./${name}.ts`)
  await benchmark.run(args)
}
