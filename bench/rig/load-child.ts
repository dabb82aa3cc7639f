/**
 * Our server in a process that tells how its event loop and its heap are.
 *
 * Answers 'heap' with the bytes in use after garbage collection, 'loop' with the event-loop delays since the last asking.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
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

/** What a timer of this many milliseconds takes longer is what a client may have to wait. */
const RESOLUTION_MS = 1
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delays.enable()

const past = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)

process.on('message', (question) => {
  if (question === 'heap') {
    for (let i = 0; i < 4; i++) gc?.()
    const { heapUsed, external } = process.memoryUsage()
    tell({ heap: heapUsed + external })
  } else {
    tell({ loopP50: past(delays.percentile(50)), loopP99: past(delays.percentile(99)), loopMax: past(delays.max) })
    delays.reset()
  }
})
process.on('disconnect', () => process.exit(0))
tell({ port: server.port })
