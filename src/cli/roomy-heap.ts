/**
 * A roomy heap: `serve` runs in a node process whose heap has room for `maxmemory`.
 *
 * The one idea: V8's limit is fixed when a process starts. So a process that is too small starts another one with the
 * flag it needs, and is only its shell: signals go in, the exit status comes out, and when the shell dies, the store is
 * told to end (the channel between them closes).
 */
import { spawn } from 'node:child_process'
import { parseSize } from '../engine/config/kinds.ts'
import { heapNeeded } from '../engine/memory/heap.ts'
import type { DirectiveLine } from '../server/directives.ts'

/** Set in a process that was started so: it takes what it has. */
const MARK = 'GEARTRAIN_HEAP_MB'
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']

/** Megabytes of heap that these directives need and this process lacks; undefined when all is well. */
export function heapLacking(lines: readonly DirectiveLine[]): number | undefined {
  if (process.env[MARK] !== undefined) return undefined
  const line = lines.findLast(({ name }) => name === 'maxmemory')
  const size = line?.values.length === 1 ? parseSize(line.values[0]!) : undefined
  return size === undefined ? undefined : heapNeeded(Number(size))
}

/** Runs this very command line in a process with that heap. Resolves never: the process ends as that one does. */
export function restartWithHeap(megabytes: number): Promise<never> {
  const flags = [...process.execArgv, `--max-old-space-size=${megabytes}`]
  const child = spawn(process.execPath, [...flags, ...process.argv.slice(1)], {
    // A group of its own: what a terminal sends to all would arrive twice, and a second signal insists.
    detached: true,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [MARK]: `${megabytes}` },
  })
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  return new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', (status, signal) => {
      for (const name of FORWARDED) process.removeAllListeners(name)
      if (signal !== null) process.kill(process.pid, signal)
      else process.exit(status ?? 1)
    })
  })
}

/** Calls back when the process that started this one is gone. */
export function onShellGone(end: () => void): void {
  if (process.env[MARK] === undefined || process.channel === undefined) return
  process.once('disconnect', end)
  process.channel?.unref()
}
