/** A store of this thread in another one: the conformance suite over a port, and how both ends end. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PortBackend } from '../../src/backend/port/port-backend.ts'
import { raw } from '../../src/base/bytes.ts'
import type { PushReply } from '../../src/base/reply.ts'
import { BackendError, type Database, open } from '../../src/index.ts'
import { conformanceCases, describeDatabase } from '../../src/testing/conformance.ts'
import { acceptanceRows, k, prepare } from '../../src/testing/scripts/acceptance.ts'
import { heldBy } from '../../src/testing/scripts/data.ts'
import type { Task, Told } from './port-worker.ts'

/** A thread that runs `port-worker.ts`, and is given a port whenever it asks. */
class Thread {
  readonly worker: Worker
  readonly #said: Told[] = []
  #listener: (() => void) | undefined

  constructor(db: Database) {
    const load = `import { register } from '${import.meta.resolve('tsx/esm/api')}'; register(); await import('${new URL('port-worker.ts', import.meta.url)}')`
    this.worker = new Worker(new URL(`data:text/javascript,${load}`))
    this.worker.on('message', (told: Told) => {
      if (told.said === 'port') {
        const port = db.port()
        this.worker.postMessage(port, [port])
        return
      }
      this.#hear(told)
    })
    this.worker.on('error', (error: Error) => this.#hear({ said: 'done', failed: `${error.stack}` }))
  }

  #hear(told: Told): void {
    this.#said.push(told)
    this.#listener?.()
  }

  /** What it says next; throws what it failed by. */
  async next(): Promise<unknown> {
    if (this.#said.length === 0) await new Promise<void>((resolve) => (this.#listener = resolve))
    const told = this.#said.shift()
    if (told?.said === 'done' && told.failed !== undefined) throw new Error(told.failed)
    return told?.said === 'done' ? told.result : undefined
  }

  do(task: Task): Promise<unknown> {
    this.worker.postMessage(task)
    return this.next()
  }
}

describe('in this thread, where every byte passes the port all the same', () => {
  const keeper = open()
  afterAll(async () => (await keeper).close())
  describeDatabase({ describe, test }, 'a port', async () => open((await keeper).port()), { wholeStore: true })
})

describe('scripts, which travel as trees', () => {
  let db: Database
  let lent: Database
  beforeAll(async () => {
    db = await open()
    lent = await open(db.port())
  })
  afterAll(() => db.close())
  test.each(acceptanceRows)('$row', async ({ given, run, gives, data }) => {
    await db.flushall()
    await prepare(lent, given)
    expect(await run(lent)).toEqual(gives)
    if (data !== undefined) expect(await heldBy(db, k(''))).toEqual(data)
  })
})

describe('in another thread', () => {
  let db: Database
  let thread: Thread
  beforeAll(async () => {
    db = await open()
    thread = new Thread(db)
  })
  afterAll(async () => {
    await thread.worker.terminate()
    await db.close()
  })
  for (const [group, cases] of conformanceCases) {
    for (const { name } of cases) {
      test(`${group}: ${name}`, async () => {
        await thread.do({ do: 'case', group, name })
      })
    }
  }
  test('a case that does not hold fails', async () => {
    await expect(thread.do({ do: 'case', group: 'errors', name: 'none' })).rejects.toThrow(/undefined/)
  })
})

describe('an end', () => {
  let db: Database
  beforeEach(async () => {
    db = await open()
  })
  afterEach(() => db.close())

  const clients = () => String(db.sync.call('CLIENT', 'LIST')).trim().split('\n')

  test('of the thread releases what it waited for and watched', async () => {
    const thread = new Thread(db)
    expect(await thread.do({ do: 'hold' })).toBe('memory:')
    await expect.poll(() => clients().filter((line) => line.includes('cmd=watch')).length).toBe(1)
    expect(clients().filter((line) => line.includes('cmd=blpop')).length).toBe(1)
    expect(await db.pubsub_numsub('news')).toEqual([['news', 1]])
    await thread.worker.terminate()
    await expect.poll(() => clients().length).toBe(1)
    expect(await db.rpush('jobs', 'mine')).toBe(1)
    expect(await db.llen('jobs')).toBe(1)
    expect(await db.publish('news', 'nobody hears')).toBe(0)
  })

  test('of the store rejects what is asked of it', async () => {
    const thread = new Thread(db)
    await thread.do({ do: 'hold' })
    await db.close()
    expect([await thread.next(), await thread.next()].sort()).toEqual(['CLOSED', 'CONNECTION_LOST'])
    await thread.worker.terminate()
  })

  test('of its work lets a thread end, with its database open', async () => {
    const thread = new Thread(db)
    const ended = new Promise((resolve) => thread.worker.once('exit', resolve))
    expect(await thread.do({ do: 'idle' })).toBe('PONG')
    expect(await ended).toBe(0)
    await expect.poll(() => clients().length).toBe(1)
  })

  test('of one port leaves the others, and the store', async () => {
    const [one, other] = [await open(db.port()), await open(db.port())]
    const waiting = expect(one.blpop('l', 0)).rejects.toMatchObject({ code: 'CLOSED' })
    const written = one.set('k', 'written before the end')
    await one.close()
    await waiting
    expect(await written).toBe('OK')
    expect(await other.get('k')).toBe('written before the end')
    await other.close()
    await expect(other.get('k')).rejects.toMatchObject({ code: 'CLOSED' })
    expect(await db.get('k')).toBe('written before the end')
  })

  test('of a named store comes when its last user in this thread leaves', async () => {
    const [one, two] = [await open('memory:shared-by-port'), await open('memory:shared-by-port')]
    const lent = await open(one.port())
    expect(lent.features).toEqual({ name: 'memory:shared-by-port', kind: 'port' })
    await one.close()
    expect(await lent.ping()).toBe('PONG')
    await two.close()
    await expect(lent.ping()).rejects.toMatchObject({ code: 'CLOSED' })
  })
})

describe('over a port', () => {
  let db: Database
  let port: MessagePort
  let lent: Database
  let posted: number
  beforeEach(async () => {
    db = await open()
    port = db.port()
    posted = 0
    const post = port.postMessage.bind(port)
    port.postMessage = (...message: Parameters<typeof post>) => {
      posted++
      post(...message)
    }
    lent = await open(port)
  })
  afterEach(() => db.close())

  test('the calls of one turn are one message, and so are their answers', async () => {
    let answered = 0
    port.on('message', () => answered++)
    const numbers = await Promise.all(Array.from({ length: 1000 }, () => lent.incr('n')))
    expect(numbers).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
    expect([posted, answered]).toEqual([1, 1])
  })

  test('large values and many of them pass unharmed', async () => {
    const large = Buffer.alloc(5_000_001, Buffer.from(Array.from({ length: 256 }, (_, i) => i)))
    await Promise.all([lent.set('a', large), lent.set('b', large), lent.set('c', 'small')])
    const all = await lent.buffers.mget(['a', 'b', 'c'])
    expect(all[0]!.equals(large) && all[1]!.equals(large)).toBe(true)
    expect(all[2]!.toString()).toBe('small')
    const many = Array.from({ length: 100_000 }, (_, i) => `${i}`)
    expect(await lent.rpush('l', many)).toBe(100_000)
    expect(await lent.lrange('l', 0, -1)).toEqual(many)
  })

  test('what is refused in a queue stays an item, and what can be run is', async () => {
    const replies = await lent.pipeline().set('k', 'v').incr('k').add('NONSENSE').get('k').exec()
    expect(replies.map((reply) => (reply instanceof Error ? Reflect.get(reply, 'code') : reply))).toEqual([
      'OK',
      'ERR',
      'ERR',
      'v',
    ])
  })

  test('a session hears what it subscribed to, until it is closed or killed', async () => {
    const backend = PortBackend.take(db.port())
    const session = await backend.session()
    const heard: PushReply[] = []
    session.onPush = (message) => heard.push(message)
    await session.call(undefined, [raw('SUBSCRIBE'), raw('news'), raw('weather')])
    expect(await db.publish('news', 'one')).toBe(1)
    await expect.poll(() => heard.at(-1)?.items).toEqual(['message', 'news', 'one'])
    const killed = new Promise((resolve) => (session.onEnd = resolve))
    await db.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    expect(await killed).toMatchObject({ code: 'CLOSED' })
    await expect(session.call(undefined, [raw('PING')])).rejects.toMatchObject({ code: 'CLOSED' })
    const another = await backend.session()
    await another.call(undefined, [raw('SUBSCRIBE'), raw('news')])
    expect(await db.publish('news', 'two')).toBe(1)
    await another.close()
    expect(await db.publish('news', 'three')).toBe(0)
    await backend.close()
  })

  test('what needs the thread of the store says so', async () => {
    expect(() => lent.sync.ping()).toThrow(/db.sync needs a store in this thread/)
    await expect(lent.listen()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    expect(() => lent.port()).toThrow(BackendError)
    expect(() => lent.connector()).toThrow(BackendError)
  })

  test('a port that is none, or is taken, is refused', async () => {
    await expect(open(port)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    const { port1, port2 } = new MessageChannel()
    await expect(open(port1)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    port2.postMessage({ geartrain: 0, name: 'older' })
    await expect(open(port1)).rejects.toThrow(/db.port/)
    port1.close()
  })
})
