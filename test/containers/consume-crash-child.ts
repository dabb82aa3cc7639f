/**
 * A consumer as a process, to be killed: notes what it has handled in a file, which a SIGKILL does not undo.
 *
 * Words: url, name, file, how it acknowledges, the longest a handler takes in milliseconds, streams.
 */
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BackendError, type Database, open } from '../../src/index.ts'

const [url = '', name = '', file = '', ack = 'after', slowMs = '20', ...streams] = process.argv.slice(2)

/** The server may be down just then, which ends no supervised process for good. */
async function opened(): Promise<Database> {
  for (;;) {
    try {
      return await open(url)
    } catch (error) {
      if (!(error instanceof BackendError) || error.code !== 'UNREACHABLE') throw error
      await sleep(50)
    }
  }
}

const db = await opened()
const group = db.consumerGroup('g', streams, { consumer: name })
const consumer = group.consume(
  async (message) => {
    await sleep(Math.random() * Number(slowMs))
    appendFileSync(file, `${message.stream} ${message.id}\n`)
  },
  {
    ack: ack === 'before' ? 'before' : 'after',
    concurrency: 8,
    prefetch: 12,
    claimAfterMs: 1500,
    sweepMs: 300,
    maxDeliveries: 1000,
  },
)
process.once('message', async () => {
  await consumer.stop()
  await db.close()
  process.disconnect()
})
await consumer.done
