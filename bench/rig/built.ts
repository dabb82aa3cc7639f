/**
 * The package as users get it: benchmarks measure `dist/`, never the sources through a loader.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '..', '..')

/** The program of the package. */
export const PROGRAM: string = join(ROOT, 'dist', 'cli', 'main.js')

/** Builds `dist/`; `--no-build` among the words takes it as it is. */
export function build(args: readonly string[]): void {
  if (args.includes('--no-build') && existsSync(PROGRAM)) return
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('the build failed, and there is nothing to measure')
}

/** The address of a built file, for `import()`; undefined when this version has none. */
export function built(path: string): string | undefined {
  const file = join(ROOT, 'dist', path)
  return existsSync(file) ? pathToFileURL(file).href : undefined
}
