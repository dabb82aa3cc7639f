/**
 * Under `always`, what libraries do waits as everything else: no reply of an async function leaves and no async trigger runs
 * before the disk has what they may have seen.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { createEngine } from '../../src/create.ts'
import { DurableStore } from '../../src/durability/durable-store.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { library } from '../../src/functions/index.ts'
import type { BackgroundApi } from '../../src/guest/api.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { Server } from '../../src/server/server.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { Trial } from './rig.ts'

/** What triggers have done to the world outside. */
let outside: string[]
let files: SimulatedFiles
let engine: Engine
let store: DurableStore
/** What a client has received. */
let heard: string
let send: (...words: readonly string[]) => void
/** Lets fsyncs end: those that wait, and all that come. */
let sync: () => void

const shop = library('shop', (redis) => {
  redis.registerAsyncFunction('order', async (client: BackgroundApi) =>
    client.block((held) => held.call('incr', 'orders')),
  )
  redis.registerKeySpaceTrigger('mail', 'order:', async (_client, { key }) => {
    outside.push(String(key))
  })
})

beforeEach(async () => {
  outside = []
  heard = ''
  files = new SimulatedFiles()
  let ends: (() => void)[] | undefined = []
  files.syncing = () => new Promise((resolve) => (ends === undefined ? resolve() : ends.push(resolve)))
  sync = () => {
    for (const end of ends ?? []) end()
    ends = undefined
  }
  const config = { dir: '/data', appendonly: 'yes', appendfsync: 'always' }
  engine = createEngine({ clock: new ManualClock(), config, functions: { libraries: [shop] } })
  store = await DurableStore.open(engine, { files })
  const client = new Server(engine).lend()
  client.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1')
  })
  send = (...words) => void client.write(Buffer.from(encodeCommand(words.map(bytes)), 'latin1'))
})
afterEach(async () => {
  sync()
  await store.close()
  engine.stop()
})

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await turn()
}

describe('before the disk has what was written', () => {
  test('no reply of TFCALLASYNC leaves, though the function has ended', async () => {
    send('TFCALLASYNC', 'shop.order', '0')
    await settle()
    const [db] = engine.keyspace.databases
    expect(db?.size).toBe(1)
    expect(heard).toBe('')
    sync()
    await settle()
    expect(heard).toBe(':1\r\n')
  })

  test('no async trigger runs', async () => {
    send('SET', 'order:1', 'paid')
    await settle()
    expect([outside, heard]).toEqual([[], ''])
    sync()
    await settle()
    expect([outside, heard]).toEqual([['order:1'], '+OK\r\n'])
  })

  test('a power loss takes nothing that anyone has heard of', async () => {
    send('TFCALLASYNC', 'shop.order', '0')
    send('SET', 'order:1', 'paid')
    await settle()
    files.crash()
    sync()
    await settle()
    expect([outside, heard]).toEqual([[], ''])
    files.powerOn()
    const after = await Trial.open({ files })
    expect(after.ask('EXISTS orders order:1')).toBe(0)
    await after.close()
  })
})

test('under everysec both come at once: the trial can tell', async () => {
  send('CONFIG', 'SET', 'appendfsync', 'everysec')
  await settle()
  heard = ''
  send('TFCALLASYNC', 'shop.order', '0')
  send('SET', 'order:1', 'paid')
  await settle()
  expect(heard).toContain('+OK\r\n')
  expect(outside).toEqual(['order:1'])
})
