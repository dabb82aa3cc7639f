/**
 * A store lent out: `npm run bench -- port`. To another thread over a port, and to ioredis without a socket, beside ioredis
 * over TCP to the same store and a message posted for each call.
 *
 * The one idea: the same GET, awaited one by one and 1,000 at a time; rounds alternate between the ways.
 *
 * Options: `--rounds N` (5), `--no-build`.
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { Redis } from 'ioredis'
import type * as Front from '../src/index.ts'
import { build, built } from './rig/built.ts'
import { median, show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'

const ALONE = 2000
const TOGETHER = 1000
const TIMES = 20

/** Microseconds per call. */
interface Round {
  readonly alone: number
  readonly together: number
}

type Way = () => Promise<Round>

/** As text, for the worker runs it too. */
const MEASURE = `async (call) => {
  let started = performance.now()
  for (let i = 0; i < ${ALONE}; i++) await call()
  const alone = ((performance.now() - started) * 1000) / ${ALONE}
  started = performance.now()
  for (let i = 0; i < ${TIMES}; i++) await Promise.all(Array.from({ length: ${TOGETHER} }, call))
  return { alone, together: ((performance.now() - started) * 1000) / ${TIMES * TOGETHER} }
}`
const measure: (call: () => Promise<unknown>) => Promise<Round> = new Function(`return ${MEASURE}`)()

/** A worker that makes calls whenever it is told to; `make` is the text of a call, over `workerData`. */
function inWorker(make: string, port: MessagePort): { way: Way; worker: Worker } {
  const code = `const { parentPort, workerData } = await import('node:worker_threads')
    ${make}
    parentPort.on('message', async () => parentPort.postMessage(await (${MEASURE})(call)))`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: port,
    transferList: [port],
  })
  const way = async (): Promise<Round> => {
    worker.postMessage('go')
    const [round]: Round[] = await once(worker, 'message')
    return round!
  }
  return { way, worker }
}

const POSTED = `const waiting = new Map()
  let last = 0
  workerData.on('message', ({ id, reply }) => { waiting.get(id)(reply); waiting.delete(id) })
  const call = () => new Promise((resolve) => { waiting.set(++last, resolve); workerData.postMessage({ id: last, argv: ['GET', 'key'] }) })`

/** Runs the benchmark; see above. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '5' }, 'no-build': { type: 'boolean' } },
  })
  build(args)
  const front = built('index.js')!
  const { open }: typeof Front = await import(front)
  const db = await open()
  await db.set('key', 'value:0123456789')
  const server = await db.listen()
  const lent = new Redis({ Connector: db.connector() })
  const connected = new Redis(server.port)
  const port = inWorker(
    `const db = await (await import('${front}')).open(workerData); const call = () => db.get('key')`,
    db.port(),
  )
  const { port1, port2 } = new MessageChannel()
  port1.on('message', ({ id }) => port1.postMessage({ id, reply: 'value:0123456789' }))
  const posted = inWorker(POSTED, port2)
  const ways = new Map<string, Way>([
    ['ours over a port, from another thread', port.way],
    ['a message for each call, answered without a store', posted.way],
    ['ioredis over a connector', () => measure(() => lent.get('key'))],
    ['ioredis over TCP to the same process', () => measure(() => connected.get('key'))],
  ])
  const rounds = new Map([...ways.keys()].map((name) => [name, [] as Round[]]))
  for (const way of ways.values()) await way()
  for (let i = 0; i < Number(values.rounds); i++) for (const [name, way] of ways) rounds.get(name)!.push(await way())
  const rows = [...rounds].map(([name, all]) => [
    name,
    show(median(all.map(({ alone }) => alone))),
    show(median(all.map(({ together }) => together))),
  ])
  console.log(`${machine()}\n\n${table(['GET', 'µs, one by one', `µs, ${TOGETHER} at a time`], rows)}`)
  await Promise.all([port.worker.terminate(), posted.worker.terminate(), lent.quit(), connected.quit()])
  port1.close()
  await db.close()
}
