/** LATENCY GRAPH: a kind of event as a curve, each second under its age. */
import type { LatencyEvent } from '../../commands/context.ts'
import { sparkline } from './sparkline.ts'

/** Draws it, with its title. */
export function graph(name: string, { samples, worstMs }: LatencyEvent, nowMs: number): string {
  const all = samples.map(({ ms }) => ms)
  const title = `${name} - high ${Math.max(...all)} ms, low ${Math.min(...all)} ms (all time high ${worstMs} ms)\n`
  const now = Math.floor(nowMs / 1000)
  const points = samples.map(({ seconds, ms }) => ({ value: ms, label: ago(Math.max(0, now - seconds)) }))
  return `${title}${'-'.repeat(80)}\n${sparkline(points)}`
}

function ago(seconds: number): string {
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}
