/**
 * Under `everysec` and `no`, what leaves by a socket leaves behind the log: when a client hears of a write, whoever's it
 * was, the system has been given it, so that a process that is killed then has lost nothing.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { createEngine } from '../../src/create.ts'
import { DurableStore } from '../../src/durability/durable-store.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { Server } from '../../src/server/server.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'

const LOG = '/data/appendonlydir/appendonly.aof.1.incr.aof'

/** A client, and what the log held each time it heard something. */
class Ear {
  heard = ''
  /** Of each chunk: the chunk, and whether every write so far stood in the log by then. */
  readonly chunks: { readonly text: string; readonly written: boolean }[] = []
  readonly #socket

  constructor(server: Server, isWritten: () => boolean) {
    this.#socket = server.lend()
    this.#socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      this.heard += text
      this.chunks.push({ text, written: isWritten() })
    })
  }

  /** Sends lines at once. */
  send(...lines: readonly string[]): void {
    const text = lines.map((line) => encodeCommand(line.split(' ').map(bytes))).join('')
    this.#socket.write(Buffer.from(text, 'latin1'))
  }
}

class Stage {
  readonly clock = new ManualClock()
  readonly files = new SimulatedFiles()
  readonly engine: Engine
  #server!: Server
  #store!: DurableStore

  constructor(policy: string) {
    const config = { dir: '/data', appendonly: 'yes', appendfsync: policy, 'notify-keyspace-events': 'KA' }
    this.engine = createEngine({ clock: this.clock, config })
  }

  static async open(policy: string): Promise<Stage> {
    const stage = new Stage(policy)
    stage.#store = await DurableStore.open(stage.engine, { files: stage.files })
    stage.#server = new Server(stage.engine)
    return stage
  }

  /** Whether the log holds all that was done. */
  isWritten(): boolean {
    return this.files.read(LOG).length === (this.#store.log?.position ?? -1)
  }

  ear(): Ear {
    return new Ear(this.#server, () => this.isWritten())
  }

  async close(): Promise<void> {
    await this.#store.close()
    this.engine.stop()
  }
}

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await turn()
}

let stage: Stage
afterEach(() => stage.close())

describe.each(['everysec', 'no'])('under %s the log is written', (policy) => {
  test('before the reply to a write leaves', async () => {
    stage = await Stage.open(policy)
    const writer = stage.ear()
    writer.send('SET a 1', 'GET a', 'INCR a')
    await settle()
    expect(writer.chunks).toEqual([{ text: '+OK\r\n$1\r\n1\r\n:2\r\n', written: true }])
  })

  test('before another client reads the write, or a subscriber hears of it', async () => {
    stage = await Stage.open(policy)
    const [subscriber, writer, reader] = [stage.ear(), stage.ear(), stage.ear()]
    subscriber.send('SUBSCRIBE __keyspace@0__:a')
    await settle()
    writer.send('SET a 1')
    reader.send('GET a')
    await settle()
    expect(reader.chunks).toEqual([{ text: '$1\r\n1\r\n', written: true }])
    expect(subscriber.chunks.at(-1)?.text).toContain('set')
    expect(subscriber.chunks.at(-1)?.written).toBe(true)
  })

  test('before a parked client is served', async () => {
    stage = await Stage.open(policy)
    const [parked, writer] = [stage.ear(), stage.ear()]
    parked.send('BLPOP list 0')
    await settle()
    writer.send('RPUSH list x')
    await settle()
    expect(parked.chunks).toEqual([{ text: '*2\r\n$4\r\nlist\r\n$1\r\nx\r\n', written: true }])
  })

  test('before replies leave that are too long to be kept until the turn ends', async () => {
    stage = await Stage.open(policy)
    const writer = stage.ear()
    writer.send(`SET long ${'x'.repeat(300_000)}`, 'SET a 1', ...Array<string>(5).fill('GET long'))
    await settle()
    expect(writer.heard.length).toBeGreaterThan(5 * 300_000)
    expect(writer.chunks.length).toBeGreaterThan(1)
    expect(writer.chunks.every(({ written }) => written)).toBe(true)
  })
})

describe('nobody waits', () => {
  test('who has seen no write', async () => {
    stage = await Stage.open('everysec')
    const reader = stage.ear()
    reader.send('GET a')
    // Within the turn in which it was asked.
    await new Promise<void>((resolve) => process.nextTick(() => process.nextTick(() => process.nextTick(resolve))))
    expect(reader.heard).toBe('$-1\r\n')
  })

  test('for a write that waits for an fsync under way, as in redis-server', async () => {
    stage = await Stage.open('everysec')
    const writer = stage.ear()
    writer.send('SET a 1')
    await settle()
    let ended = (): void => {}
    stage.files.syncing = () => new Promise((resolve) => (ended = resolve))
    stage.clock.advance(1500)
    writer.send('SET a 2')
    await settle()
    expect(writer.chunks.map(({ written }) => written)).toEqual([true, false])
    stage.files.syncing = async () => {}
    ended()
    await settle()
    expect(stage.isWritten()).toBe(true)
  })
})

test('a log that nobody waits for is seen to be late', async () => {
  stage = await Stage.open('everysec')
  Object.defineProperty(stage.engine.persistence.release, 'isUnwritten', { get: () => false, set: () => {} })
  const writer = stage.ear()
  writer.send('SET a 1')
  await settle()
  expect(writer.chunks).toEqual([{ text: '+OK\r\n', written: false }])
})
