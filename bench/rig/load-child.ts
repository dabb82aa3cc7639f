/**
 * Our server in a process that tells how its event loop and its heap are.
 *
 * Answers 'heap' with the bytes in use after garbage collection, 'loop' with the event-loop delays since the last asking
 * of the time between 'watch' and 'rest'.
 */
import { createHistogram } from 'node:perf_hooks'
import type * as Door from '../../src/server/index.ts'
import { built } from './built.ts'

/** What is sent home. Milliseconds and bytes. */
export type Told =
  | { readonly port: number }
  | { readonly heap: number }
  | { readonly loopP50: number; readonly loopP99: number; readonly loopMax: number }

const tell = (told: Told): unknown => process.send?.(told)

const door = built('server/index.js')
if (door === undefined || gc === undefined) throw new Error('started without a build or without gc')
const { createEngine, Server }: typeof Door = await import(door)
const engine = createEngine()
const server = new Server(engine)
await server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }])

/** How late timers come, in nanoseconds: what a client may have to wait. */
const delays = createHistogram()
const TICK_MS = 1
let watching = false

function tick(dueMs: number): void {
  const now = performance.now()
  if (watching) delays.record(Math.max(1, Math.round((now - dueMs) * 1e6)))
  setTimeout(tick, TICK_MS, now + TICK_MS)
}
tick(performance.now())

const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6

process.on('message', (question) => {
  if (question === 'heap') {
    for (let i = 0; i < 4; i++) gc?.()
    const { heapUsed, external } = process.memoryUsage()
    tell({ heap: heapUsed + external })
  } else if (question === 'watch') {
    watching = true
  } else if (question === 'rest') {
    watching = false
  } else {
    tell({
      loopP50: milliseconds(delays.percentile(50)),
      loopP99: milliseconds(delays.percentile(99)),
      loopMax: milliseconds(delays.max),
    })
    delays.reset()
  }
})
process.on('disconnect', () => process.exit(0))
tell({ port: server.port })
