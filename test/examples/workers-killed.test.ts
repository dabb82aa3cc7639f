/**
 * The workers example as processes on redis-server: a worker that is killed while it holds a task loses nothing, and one that is
 * busy is not taken for dead.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { BUSY, DONE, INFO, QUEUE } from '../../examples/workers/workers.ts'
import { seededRandom } from '../../src/base/random.ts'
import { type Database, open } from '../../src/index.ts'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { type ExampleProcess, InstalledExample } from './example-process.ts'

const isSoak = process.env.SOAK === '1'
const SEEDS = Array.from({ length: isSoak ? 20 : 2 }, (_, seed) => seed)
const MANY = isSoak ? 200 : 20
const PATIENCE_MS = 60_000

describe.skipIf(oracleMissing)('workers on redis-server', () => {
  let example: InstalledExample
  beforeAll(() => {
    example = new InstalledExample('examples/workers/workers.ts')
  })
  afterAll(() => example.remove())
  let server: OracleServer
  let url: string
  let db: Database
  /** Everything that was started in a test, the killed ones too: what they printed counts. */
  let processes: ExampleProcess[]
  beforeEach(async () => {
    server = await OracleServer.start()
    url = `redis://127.0.0.1:${server.port}`
    db = await open(url)
    processes = []
  })
  afterEach(async () => {
    await Promise.all(processes.map((one) => one.kill()))
    await db.close()
    await server.stop()
  })

  const start = (...words: readonly string[]): ExampleProcess => {
    const started = example.run([...words, '--url', url])
    processes.push(started)
    return started
  }
  const produce = async (tasks: number, seconds: number): Promise<void> => {
    await start('producer', '--tasks', `${tasks}`, '--seconds', `${seconds}`).line(/enqueued/)
  }
  /** A worker that is ready, and its name. */
  const startWorker = async (...words: readonly string[]) => {
    const worker = start('worker', ...words)
    const [name = ''] = (await worker.line(/^w\d+ is ready$/)).split(' ')
    return { worker, name }
  }
  /** How often lines say that something happened to a task. */
  const count = (what: RegExp): Map<string, number> => {
    const counts = new Map<string, number>()
    for (const line of processes.flatMap(({ lines }) => lines)) {
      const [, task] = what.exec(line) ?? []
      if (task !== undefined) counts.set(task, (counts.get(task) ?? 0) + 1)
    }
    return counts
  }
  const whenAllDone = async (tasks: number): Promise<void> => {
    const until = Date.now() + PATIENCE_MS
    while ((await db.hlen(DONE)) < tasks && Date.now() < until) await sleep(50)
    const names = Array.from({ length: tasks }, (_, n) => `t${n}`)
    expect((await db.hkeys(DONE)).sort()).toEqual(names.sort())
    expect(await db.exists([QUEUE, INFO, BUSY])).toBe(0)
  }

  test.each(SEEDS)(
    'a task whose worker is killed is done once more, and none is lost: seed %i',
    async (seed) => {
      const random = seededRandom(seed)
      const tasks = 18 + random.below(12)
      await produce(tasks, 0.4)
      const workers = await Promise.all([startWorker(), startWorker(), startWorker()])
      const { worker, name } = workers[random.below(3)]!
      let victim: string | undefined
      for (let nth = 1 + random.below(3); victim === undefined; nth++) {
        await worker.line(/ begins /, nth)
        await sleep(random.below(350))
        // It may just be between two tasks: then it goes on, and dies a little later.
        worker.signal('SIGSTOP')
        for (const [task, owner] of await db.hgetall(BUSY)) if (owner === name) victim = task
        worker.signal(victim === undefined ? 'SIGCONT' : 'SIGKILL')
      }
      await whenAllDone(tasks)
      const [begun, back] = [count(/ begins (t\d+)/), count(/ readds (t\d+)/)]
      expect(back.get(victim ?? '')).toBeGreaterThanOrEqual(1)
      // Once for each time that it was put into the queue: nothing is done twice without a reason.
      for (const [task, times] of begun) expect([task, times]).toEqual([task, 1 + (back.get(task) ?? 0)])
      expect(begun.size).toBe(tasks)
    },
    2 * PATIENCE_MS,
  )

  test(
    'a task that burns the processor for five seconds is not taken from its worker',
    async () => {
      await Promise.all([startWorker('--burn'), startWorker('--burn')])
      await produce(1, 5)
      await whenAllDone(1)
      expect([count(/ begins (t\d+)/).get('t0'), count(/ readds (t\d+)/).size]).toEqual([1, 0])
    },
    2 * PATIENCE_MS,
  )

  test(
    'a worker that stood still for too long has lost its task, and knows it',
    async () => {
      const { worker } = await startWorker()
      await produce(1, 1)
      await worker.line(/ begins t0/)
      worker.signal('SIGSTOP')
      const { name } = await startWorker()
      await whenAllDone(1)
      expect(await db.hgetall(DONE)).toEqual(new Map([['t0', name]]))
      worker.signal('SIGCONT')
      expect(await worker.ended()).toBe(1)
      expect(worker.lines.filter((line) => line.includes('finished'))).toEqual([])
    },
    2 * PATIENCE_MS,
  )

  test(
    `of ${MANY} tasks none is lost while workers are killed and replaced at random`,
    async () => {
      const random = seededRandom(200)
      await produce(MANY, 0.1)
      const workers = await Promise.all([startWorker(), startWorker(), startWorker()])
      while ((await db.hlen(DONE)) < MANY * 0.75) {
        await sleep(random.below(1500))
        const at = random.below(3)
        await workers[at]!.worker.kill()
        workers[at] = await startWorker()
      }
      await whenAllDone(MANY)
    },
    10 * PATIENCE_MS,
  )
})
