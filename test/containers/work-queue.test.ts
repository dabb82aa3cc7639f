/** A work queue made of containers alone, and aborts under fire: on the embedded store and on redis-server. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Consumer, type ConsumerGroup, type Delivery, readDeadLetter } from '../../src/containers/index.ts'
import type { Database } from '../../src/index.ts'
import { turns } from '../../src/testing/conformance/case.ts'
import { onBothStores, type Started } from './consume-rig.ts'

type Task = (...words: string[]) => unknown

/** Tasks in a stream, results in a hash, workers as consumers of one group. */
class WorkQueue {
  readonly #db: Database
  readonly #key: string
  readonly #tasks = new Map<string, Task>()
  readonly group: ConsumerGroup
  #workers: Consumer<Record<string, string>>[] = []

  constructor(db: Database, key: string) {
    this.#db = db
    this.#key = key
    this.group = db.consumerGroup(`${key}-cg`, key)
  }

  task(name: string, run: Task): void {
    this.#tasks.set(name, run)
  }

  /** Resolves with the handle of a task: calling that waits for its result, which is gone afterwards. */
  async enqueue(name: string, ...words: string[]): Promise<() => Promise<string>> {
    const handle = randomUUID()
    await this.#db.stream(this.#key).add({ handle, name, words: JSON.stringify(words) })
    const results = `${this.#key}.results`
    return async () => {
      for (;;) {
        const found = await this.#db.hget(results, handle)
        if (found === null) await turns()
        else {
          await this.#db.hdel(results, handle)
          if (found.startsWith('!')) throw new Error(found.slice(1))
          return found.slice(1)
        }
      }
    }
  }

  run(workers: number): void {
    for (let n = 1; n <= workers; n++) {
      const consumer = this.group.as(`worker-${n}`).consume((message) => this.#work(message), { blockMs: 100 })
      this.#workers.push(consumer)
    }
  }

  async shutdown(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()))
  }

  async #work(message: Delivery): Promise<void> {
    const { handle, name, words } = message.data
    const task = this.#tasks.get(name!)
    if (task === undefined) return message.reject(`there is no task ${name}`)
    let result: string
    try {
      result = `=${await task(...JSON.parse(words!))}`
    } catch (error) {
      result = `!${error instanceof Error ? error.message : error}`
    }
    await this.#db.hset(`${this.#key}.results`, { [handle!]: result })
  }
}

function queues(start: () => Promise<Started>): void {
  let db: Database
  let stop: () => Promise<void>
  beforeAll(async () => {
    ;({ db, stop } = await start())
  })
  afterAll(() => stop())

  test('a work queue: results, failures, workers that stop and begin again, unknown tasks (scenario 25)', async () => {
    const queue = new WorkQueue(db, 'queue')
    queue.task('sum', (...numbers) => numbers.map(Number).reduce((a, b) => a + b, 0))
    queue.task('fail', () => {
      throw new Error('no such luck')
    })
    await queue.group.create()
    queue.run(4)
    const sum = await queue.enqueue('sum', '1', '2', '3')
    const failing = await queue.enqueue('fail')
    const unknown = await queue.enqueue('unheard of')
    expect(unknown).toBeTypeOf('function')
    expect(await sum()).toBe('6')
    await expect(failing()).rejects.toThrow('no such luck')
    expect(await db.hlen('queue.results')).toBe(0)
    await queue.shutdown()
    const later = await queue.enqueue('sum', '40', '2')
    queue.run(4)
    expect(await later()).toBe('42')
    await queue.shutdown()
    expect((await queue.group.pending()).length).toBe(0)
    const letters = await db.stream(queue.group.deadLetterKey('queue')).range()
    expect(letters.map(({ fields }) => readDeadLetter(fields)?.cause)).toMatchObject([
      { reason: 'rejected', message: 'there is no task unheard of' },
    ])
  })

  test('reads that are given up at any moment lose nothing: what they did not give is pending', async () => {
    const group = db.consumerGroup('g', 'under-fire')
    await group.create()
    const stream = group.stream('under-fire')
    const given: string[] = []
    let isAdding = true
    const added: string[] = []
    const adding = (async () => {
      while (isAdding) {
        added.push(await stream.add({ n: added.length }))
        await turns(added.length % 5)
      }
    })()
    let aborted = 0
    for (let round = 0; round < 120; round++) {
      const end = new AbortController()
      const reading = group.read({ count: 1, blockMs: 60_000, signal: end.signal })
      const outcome = reading.then(
        (messages) => given.push(...messages.map(({ id }) => id)),
        () => aborted++,
      )
      await turns(round % 40)
      end.abort(new Error('enough'))
      await outcome
    }
    isAdding = false
    await adding
    expect(aborted).toBeGreaterThan(0)
    for (let rest = await group.read({ count: 100 }); rest.length > 0; rest = await group.read({ count: 100 })) {
      given.push(...rest.map(({ id }) => id))
    }
    const pending = (await stream.pending({ count: 10_000 })).map(({ id }) => id)
    expect(pending).toEqual(added)
    expect(new Set(given).size).toBe(given.length)
    expect(pending).toEqual(expect.arrayContaining(given))
  })
}

onBothStores(queues)
