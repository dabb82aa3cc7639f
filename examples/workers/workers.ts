/**
 * Workers: a priority queue, workers that take tasks from it, and the rescue of tasks whose worker died.
 *
 *   workers.ts single                                      producer and three workers in this process, no server needed
 *   workers.ts producer --url redis://127.0.0.1:6379       puts tasks into the queue and ends
 *   workers.ts worker   --url redis://127.0.0.1:6379       works until it gets SIGTERM; start as many as you like
 *
 * `node workers.ts …` from Node 22.18 on; before, compile it first: the thread that it starts would not find a loader.
 *
 * The one idea: what belongs together happens in one script, the same in process and on a server. Four keys hold everything:
 *
 *   task_queue          sorted set   task -> priority, the highest first
 *   task_info           hash         task -> how many seconds it takes (its payload)
 *   busy_tasks          hash         task -> the worker that has it
 *   heartbeat:<worker>  string       there while the worker lives
 *
 * A task is in `task_queue` or in `busy_tasks` until it is finished, never in neither: a worker may die between any two lines.
 * Then its heartbeat ends, the others see that, and the task goes back into the queue, before all others. So every task is done
 * at least once: a worker that was only slow may find that its task was given to another, and its result does not count.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Database, open, script, t } from 'geartrain'

export const QUEUE = 'task_queue'
export const INFO = 'task_info'
export const BUSY = 'busy_tasks'
/** Which worker finished a task. Nothing depends on it: it is there to be looked at. */
export const DONE = 'done_tasks'
export const heartbeatOf = (worker: string): string => `heartbeat:${worker}`

/** The priority of a task that was begun before: above all that producers give. */
const AGAIN = 2

const BEAT_MS = 1000
const LIFE_MS = 2000
const IDLE_MS = 1000

/** Takes the task with the highest priority: its name and its seconds, or an empty array. */
export const pick = script(
  { name: 'workers/pick', keys: { queue: 'zset', info: 'hash', busy: 'hash' }, args: { worker: t.string } },
  ({ queue, info, busy }, { worker }, env): [] | [string, number] => {
    for (const [task] of queue.popMax()) {
      busy.set(task, worker)
      return [task, env.toNumber(info.get(task)) ?? 0]
    }
    return []
  },
)

/** Ends a task; false when it is this worker's no longer. */
export const finish = script(
  {
    name: 'workers/finish',
    keys: { info: 'hash', busy: 'hash', done: 'hash' },
    args: { task: t.string, worker: t.string },
  },
  ({ info, busy, done }, { task, worker }): boolean => {
    if (busy.get(task) !== worker) return false
    busy.remove(task)
    info.remove(task)
    done.set(task, worker)
    return true
  },
)

/**
 * Puts the task of a dead worker back; the size of the queue then, or null when there is nothing to do. Whoever asks saw that
 * `worker` had the task a moment ago; meanwhile it may be finished, or another's. So the script looks again.
 */
export const recover = script(
  {
    name: 'workers/recover',
    keys: { queue: 'zset', busy: 'hash', heartbeat: 'string' },
    args: { task: t.string, worker: t.string },
    constants: { AGAIN },
  },
  ({ queue, busy, heartbeat }, { task, worker }): number | null => {
    if (heartbeat.exists() || busy.get(task) !== worker) return null
    busy.remove(task)
    queue.add(task, AGAIN)
    return queue.size()
  },
)

/**
 * Takes a name for a worker; false when another has it. Tasks of a dead worker of that name go back at once: from now on the name
 * has a heartbeat again, and nobody would miss the dead one.
 */
export const claim = script(
  {
    name: 'workers/claim',
    keys: { queue: 'zset', busy: 'hash', heartbeat: 'string' },
    args: { worker: t.string },
    constants: { AGAIN },
  },
  ({ queue, busy, heartbeat }, { worker }): boolean => {
    if (!heartbeat.set('init', { ifMissing: true })) return false
    const owners = busy.getAll()
    for (const task of Object.keys(owners)) {
      if (owners[task] === worker) {
        busy.remove(task)
        queue.add(task, AGAIN)
      }
    }
    return true
  },
)

/** Gives a new worker the first name that is free: w00000000, w00000001, … */
export async function register(db: Database): Promise<string> {
  for (let n = 0; ; n++) {
    const worker = `w${String(n).padStart(8, '0')}`
    if (await claim(db, { queue: QUEUE, busy: BUSY, heartbeat: heartbeatOf(worker) }, { worker })) return worker
  }
}

/** Says that a worker lives. */
export function beat(db: Database, worker: string): Promise<unknown> {
  return db.set(heartbeatOf(worker), 'alive', { px: LIFE_MS })
}

/** Puts a task into the queue, and what belongs to it beside, as one unit; answers 1, 1 and how many are waiting. */
export function enqueue(db: Database, task: string, seconds: number, priority: number) {
  return db
    .multi()
    .hset(INFO, { [task]: String(seconds) })
    .zadd(QUEUE, { [task]: priority })
    .zcard(QUEUE)
    .exec()
}

/** Looks once after the tasks of all workers; says which went back into the queue. */
export async function recoverAll(db: Database): Promise<string[]> {
  const back: string[] = []
  for (const [task, worker] of await db.hgetall(BUSY)) {
    const keys = { queue: QUEUE, busy: BUSY, heartbeat: heartbeatOf(worker) }
    if ((await recover(db, keys, { task, worker })) !== null) back.push(task)
  }
  return back
}

/** What a task is: so many seconds of work. */
type Perform = (seconds: number) => Promise<void>

const rest: Perform = (seconds) => sleep(seconds * 1000)

/** Work that keeps the processor busy, and this thread with it. */
const burn: Perform = async (seconds) => {
  const until = performance.now() + seconds * 1000
  while (performance.now() < until);
}

/** Does the next task; false when there was none. */
export async function workOnce(db: Database, worker: string, perform: Perform): Promise<boolean> {
  const picked = await pick(db, { queue: QUEUE, info: INFO, busy: BUSY }, { worker })
  if (picked.length === 0) return false
  const [task, seconds] = picked
  console.log(`${worker} begins ${task} (${seconds} s)`)
  await perform(seconds)
  const counts = await finish(db, { info: INFO, busy: BUSY, done: DONE }, { task, worker })
  console.log(counts ? `${worker} finished ${task}` : `${worker} was too late with ${task}`)
  return true
}

async function produce(db: Database, tasks: number, seconds: number): Promise<void> {
  for (let n = 0; n < tasks; n++) await enqueue(db, `t${n}`, seconds, Math.random())
  console.log(`enqueued ${tasks} tasks`)
}

/** All in one process. It lives and dies as one, so nobody needs a heartbeat. */
export async function single(tasks: number, workers: number, seconds: number, db: Database): Promise<void> {
  const names: string[] = []
  for (let i = 0; i < workers; i++) names.push(await register(db))
  await produce(db, tasks, seconds)
  const consume = async (worker: string): Promise<void> => {
    while (await workOnce(db, worker, rest));
  }
  await Promise.all(names.map(consume))
}

/** One worker of many: works until it is told to stop, then finishes what it has begun. */
async function workOn(url: string, perform: Perform): Promise<void> {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  await using db = await open(url)
  const worker = await register(db)
  const heart = await startHeart(url, worker)
  console.log(`${worker} is ready`)
  while (!stop.signal.aborted) {
    if (!(await workOnce(db, worker, perform))) await sleep(IDLE_MS, undefined, { signal: stop.signal }).catch(() => {})
  }
  await heart.terminate()
}

/**
 * Starts a worker's heart, and waits for its first beat. It has a thread of its own: a task may keep the main thread busy for as
 * long as it likes. The process and its heart still die together.
 */
async function startHeart(url: string, worker: string): Promise<Worker> {
  const heart = new Worker(new URL(import.meta.url), { workerData: { heartOf: worker, url } })
  heart.once('error', (error) => {
    // Whoever has no heartbeat is taken for dead, and must not go on.
    console.error(error)
    process.exit(1)
  })
  await new Promise((resolve) => heart.once('message', resolve))
  return heart
}

/**
 * The thread of a heart: beats, and looks after the tasks of those that no longer do. A heart that missed its time (a laptop that
 * slept) stops for good: its tasks were given away, and its name may be another's by now.
 */
async function beatOn(url: string, worker: string): Promise<never> {
  const db = await open(url)
  let last = performance.now()
  for (;;) {
    const now = performance.now()
    if (now - last > LIFE_MS) throw new Error(`${worker} was silent for too long: it is taken for dead`)
    await beat(db, worker)
    last = now
    parentPort?.postMessage('beating')
    for (const task of await recoverAll(db)) console.log(`${worker} readds ${task}`)
    await sleep(BEAT_MS)
  }
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'redis://127.0.0.1:6379' },
      tasks: { type: 'string', default: '12' },
      seconds: { type: 'string', default: '0.25' },
      burn: { type: 'boolean', default: false },
    },
  })
  const [tasks, seconds] = [Number(values.tasks), Number(values.seconds)]
  switch (positionals[0]) {
    case 'single': {
      await using db = await open('memory:')
      return await single(tasks, 3, seconds, db)
    }
    case 'producer': {
      await using db = await open(values.url)
      return await produce(db, tasks, seconds)
    }
    case 'worker':
      return workOn(values.url, values.burn ? burn : rest)
    default:
      console.error('usage: workers.ts single | producer | worker [--url URL] [--tasks N] [--seconds S] [--burn]')
      process.exitCode = 2
  }
}

if (!isMainThread && typeof workerData?.heartOf === 'string') await beatOn(workerData.url, workerData.heartOf)
else if (process.argv[1] === fileURLToPath(import.meta.url)) await main()
