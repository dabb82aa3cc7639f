/**
 * Builds `dist/` from `src/`: JavaScript, declarations and source maps, by the TypeScript compiler alone.
 *
 * The build is incremental, so `npm start` costs next to nothing when nothing changed. An incremental build never
 * deletes, so outputs whose source is gone are removed first; `--clean` starts from an empty folder (npm pack).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const OUTPUT = /^(.*)(\.d\.ts|\.js|\.js\.map)$/

/** Removes what the last build wrote for sources that no longer exist. */
function removeStale(): void {
  for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
    const stem = OUTPUT.exec(name)?.[1]
    if (stem !== undefined && !existsSync(join('src', `${stem}.ts`))) rmSync(join('dist', name))
  }
}

if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true })
if (existsSync('dist')) removeStale()

const compiler = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})
process.exitCode = compiler.status ?? 1
