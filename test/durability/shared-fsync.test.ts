/** Under `always`, writes that come together share an fsync, also with those who are answered by the one before. */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { createEngine } from '../../src/create.ts'
import { DurableStore } from '../../src/durability/durable-store.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { Server } from '../../src/server/server.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'

let engine: Engine
let store: DurableStore
let server: Server
/** fsyncs so far, and the end of the one under way. */
let syncs: number
let end: () => void

beforeEach(async () => {
  const files = new SimulatedFiles()
  const config = { dir: '/data', appendonly: 'yes', appendfsync: 'always' }
  engine = createEngine({ clock: new ManualClock(), config })
  store = await DurableStore.open(engine, { files })
  server = new Server(engine)
  syncs = 0
  end = () => {}
  files.syncing = () => {
    syncs++
    return new Promise((resolve) => (end = resolve))
  }
})
afterEach(async () => {
  const closed = store.close()
  end()
  await closed
  engine.stop()
})

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await turn()
}

/** A client: sends a value, and says when it is answered. */
function client(onReply: () => void = () => {}): (value: string) => void {
  const socket = server.lend()
  socket.on('data', onReply)
  return (value) => void socket.write(Buffer.from(encodeCommand(['SET', 'a', value].map(bytes)), 'latin1'))
}

/** The fsyncs of two clients, one of whom asks again as soon as it is answered; what waits is so long. */
async function syncsOf(waiting: string): Promise<number> {
  let asked = 1
  const first = client(() => {
    if (asked++ === 1) setImmediate(() => first('again'))
  })
  const second = client()
  first('1')
  await settle()
  second(waiting)
  await settle()
  expect(syncs).toBe(1)
  end()
  await settle()
  end()
  await settle()
  expect(asked).toBeGreaterThan(1)
  return syncs
}

test('who is answered and asks again shares the next fsync with who has waited', async () => {
  expect(await syncsOf('2')).toBe(2)
})

test('much that waits is not kept waiting', async () => {
  expect(await syncsOf('x'.repeat(10_000))).toBe(3)
})
