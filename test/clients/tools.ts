/**
 * Whether Debian's redis-cli, redis-benchmark and redis-py are here. Where one is not, its tests are skipped, and the test
 * command has said why; with CI=true it fails instead.
 */
import { execFile, spawnSync } from 'node:child_process'

const answers = (program: string, words: readonly string[]): boolean => spawnSync(program, words).status === 0

/** True when redis-cli or redis-benchmark is not here. */
export const toolsMissing = !answers('redis-cli', ['--version']) || !answers('redis-benchmark', ['--version'])
/** True when Debian's python has no redis-py. */
export const pythonMissing = !answers('/usr/bin/python3', ['-c', 'import redis'])

if (process.env.CI === 'true' && (toolsMissing || pythonMissing)) {
  throw new Error('redis-tools and python3-redis are needed in CI and are not installed')
}

/** Runs a program to its end, with what it reads; gives what it printed. Throws when it fails. */
export function output(program: string, words: readonly string[], input = '', endAfterMs = 60_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, { timeout: endAfterMs, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${words.join(' ')}: ${error.message}\n${stdout}\n${stderr}`))
    })
    child.stdin!.end(input)
  })
}
