/**
 * Host: what INFO says of the process and the machine that the engine runs in. Facts only; nothing depends on them.
 */
import { arch, release, totalmem, type } from 'node:os'

export interface Memory {
  /** Bytes in use: V8's heap and what it keeps outside. */
  readonly used: number
  /** Bytes the process holds of the machine's memory. */
  readonly resident: number
  readonly machine: number
}

/** The operating system, as `uname` would say. */
export const systemName = (): string => `${type()} ${release()} ${arch()}`

export function memoryInUse(): Memory {
  const { heapUsed, external, rss } = process.memoryUsage()
  return { used: heapUsed + external, resident: rss, machine: totalmem() }
}

/** Seconds of processor time, in the system and in the program. */
export function processorTime(): { readonly system: number; readonly user: number } {
  const { system, user } = process.cpuUsage()
  return { system: system / 1e6, user: user / 1e6 }
}

export const processFacts = {
  id: process.pid,
  program: process.execPath,
  node: process.versions.node,
}
