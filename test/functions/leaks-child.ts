/**
 * A process that loads, replaces and deletes libraries, and calls functions whose callers leave while they wait; it tells what
 * memory, isolates and clients there are before and after. Arguments: the host, and `leave` or, for the control, `stay`.
 */
import { createRequire } from 'node:module'
import type { Isolate } from 'isolated-vm'
import { bytes, text } from '../../src/base/bytes.ts'
import { type Reply, ReplyError } from '../../src/base/reply.ts'
import { createEngine } from '../../src/create.ts'
import { library } from '../../src/functions/index.ts'
import { encodeReply } from '../../src/resp/reply-encoder.ts'
import { Recorder } from '../../src/testing/index.ts'

/** What is told home. */
export interface LeakFacts {
  readonly bytes: number
  readonly isolates: number
  readonly clients: number
}

const LIBRARIES = 200
const CALLS = 20_000
const BATCH = 500
const MOST_TURNS = 4000
const BODY = `
redis.registerAsyncFunction('waits', async (client) => {
  await client.block((section) => section.callAsync('blpop', 'gate', '0'))
  return client.block((section) => section.call('incr', 'done'))
})
redis.registerFunction('plainWaits', (client) => client.callAsync('blpop', 'gate', '0').then(() => 1))
redis.registerAsyncFunction('never', async () => new Promise(() => {}))
redis.registerKeySpaceTrigger('t', 'never-met', () => {})
redis.registerStreamTrigger('t', 'never-met', () => {})`

const [host, manner] = process.argv.slice(2)
const made: WeakRef<Isolate>[] = []
if (host === 'isolate') {
  const require = createRequire(import.meta.url)
  const ivm: { readonly Isolate: new (...args: readonly unknown[]) => Isolate } = require('isolated-vm')
  const Counted = new Proxy(ivm.Isolate, {
    construct(target, args: readonly unknown[]) {
      const isolate = new target(...args)
      made.push(new WeakRef(isolate))
      return isolate
    },
  })
  require.cache[require.resolve('isolated-vm')]!.exports = Object.create(ivm, { Isolate: { value: Counted } })
}

const register = new Function('redis', BODY)
const linked = library('linked', ({ redis }) => void Reflect.apply(register, undefined, [redis]))
const engine = createEngine({
  functions: { lockTimeoutMs: 20_000, trustLibraries: host === 'realm', libraries: host === 'linked' ? [linked] : [] },
})
const admin = new Recorder(engine)
const stayed: Recorder[] = []

function run(client: Recorder, ...words: readonly string[]): Reply | undefined {
  const [reply] = client.run(words.map(bytes))
  client.take()
  if (reply instanceof ReplyError) throw new Error(text(reply.message))
  return reply
}

const load = (name: string, ...replace: readonly string[]): unknown =>
  run(admin, 'TFUNCTION', 'LOAD', ...replace, `#!js api_version=1.0 name=${name}\n${BODY}`)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Loads, replaces and deletes; the callers of some still wait for what never comes. */
async function libraries(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    load('passing')
    load('passing', 'REPLACE')
    const callers = ['never', 'waits'].map((fn) => {
      const caller = new Recorder(engine)
      run(caller, 'TFCALLASYNC', `passing.${fn}`, '0')
      if (i % 2 === 0) engine.disconnect(caller.session)
      return caller
    })
    await turn()
    run(admin, 'TFUNCTION', 'DELETE', 'passing')
    run(admin, 'LPUSH', 'gate', '1')
    if (i % 2 === 1) for (const { session } of callers) engine.disconnect(session)
  }
  // Of functions that had no time to wait.
  run(admin, 'DEL', 'gate')
}

/** How many commands of the library wait for an answer. */
function waiting(name: string): number {
  const all = encodeReply(run(admin, 'TFUNCTION', 'LIST', 'LIBRARY', name) ?? null, 2)
  return all.split('blpop gate 0').length - 1
}

async function until(name: string, count: number): Promise<void> {
  for (let turns = 0; waiting(name) !== count; turns++) {
    if (turns === MOST_TURNS) throw new Error(`${waiting(name)} functions wait where ${count} should`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Calls functions that wait, whose callers leave; then lets the functions go on to their end. */
async function calls(count: number): Promise<void> {
  const name = host === 'linked' ? 'linked' : 'lasting'
  for (let i = 0; i < count; i += BATCH) {
    const callers = Array.from({ length: BATCH }, (_, j) => {
      const caller = new Recorder(engine)
      run(caller, 'TFCALLASYNC', `${name}.${j < BATCH / 2 ? 'plainWaits' : 'waits'}`, '0')
      return caller
    })
    await until(name, BATCH)
    if (manner === 'stay') stayed.push(...callers)
    else for (const { session } of callers) engine.disconnect(session)
    run(admin, 'LPUSH', 'gate', ...new Array<string>(BATCH).fill('1'))
    await until(name, 0)
  }
}

async function facts(): Promise<LeakFacts> {
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  const isolates = made.filter((ref) => ref.deref()?.isDisposed === false).length
  return { bytes: heapUsed + external, isolates, clients: engine.clients.count }
}

if (host !== 'linked') load('lasting')
await calls(2000)
if (host !== 'linked') await libraries(20)
const before = await facts()
await calls(CALLS)
if (host !== 'linked') await libraries(LIBRARIES)
process.send?.({ before, after: await facts(), stayed: stayed.length })
process.exit(0)
