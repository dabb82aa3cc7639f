/**
 * The other thread of the tests of ports: it does what it is told, with databases on ports that it asks for.
 */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { type Database, open } from '../../src/index.ts'
import { conformanceCases, runCase } from '../../src/testing/conformance.ts'

/** What this thread is told. */
export type Task =
  | { readonly do: 'case'; readonly group: string; readonly name: string }
  /** Waits, watches and subscribes, and says so. */
  | { readonly do: 'hold' }
  /** Calls once and has nothing more to do; its database stays open. */
  | { readonly do: 'idle' }

/** What it says. */
export type Told =
  | { readonly said: 'port' }
  | { readonly said: 'done'; readonly result?: unknown; readonly failed?: string }

const parent = parentPort!
const tell = (told: Told): void => parent.postMessage(told)

/** Asks for a port and waits for it. */
async function database(): Promise<Database> {
  tell({ said: 'port' })
  const port = await new Promise<MessagePort>((resolve) => parent.once('message', resolve))
  return open(port)
}

async function perform(task: Task): Promise<unknown> {
  if (task.do === 'case') {
    const one = conformanceCases.get(task.group)!.find(({ name }) => name === task.name)!
    return (await runCase(one, database)) ?? null
  }
  const db = await database()
  if (task.do === 'idle') return db.ping()
  const ended = (error: unknown) => tell({ said: 'done', result: Reflect.get(Object(error), 'code') })
  void db.blpop('jobs', 0).catch(ended)
  void db.transaction('watched', () => new Promise<never>(() => {}))
  const subscription = await db.subscribe('news')
  subscription.next().catch(ended)
  return db.features.name
}

parent.once('message', function next(task: Task) {
  perform(task)
    .then((result) => tell({ said: 'done', result }))
    .catch((error: Error) => tell({ said: 'done', failed: error.stack ?? error.message }))
    .finally(() => (task.do === 'case' ? parent.once('message', next) : undefined))
})
