/**
 * What stands beside every figure: the machine, what ran, and how busy it was with other things.
 */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'

/** One line about this machine, now. */
export function machine(): string {
  const cores = cpus()
  const redis = /v=(\S+)/.exec(spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1]
  const today = new Date().toISOString().slice(0, 10)
  const name = cores[0]?.model.trim() ?? 'unknown'
  const load = (loadavg()[0] ?? 0).toFixed(1)
  return `${today}, ${cores.length} cores (${name}), Node ${process.version}, redis-server ${redis ?? 'missing'}, load before ${load}`
}
