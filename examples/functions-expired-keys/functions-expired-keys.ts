/**
 * A handler for keys that expire, on which one can rely: no expiry is lost, also when nobody listens at that moment.
 *
 *     npx tsx examples/functions-expired-keys/functions-expired-keys.ts
 *
 * Notifications are gone when nobody hears them. Here a trigger writes each expired key, with what it held, into a stream,
 * in the very transaction that removes the key; a consumer group works it off when it can.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { open } from 'geartrain'
import { library } from 'geartrain/functions'

const reservations = library('reservations', ({ redis }) => {
  redis.registerKeySpaceTrigger(
    'expired',
    'reservation:',
    (client, { key, old }) => {
      client.call('xadd', 'expired', '*', 'key', String(key), 'held', String(old?.value))
    },
    { events: ['expired'], oldValue: true },
  )
})

const db = await open('memory:', { engine: { functions: { libraries: [reservations] } } })

await db.set('reservation:17', 'two seats for Ada', { px: 20 })
await db.set('reservation:18', 'one seat for Bob', { px: 40 })
await db.set('reservation:19', 'one seat for Eve')

// A worker that comes late misses nothing.
await db.xgroup_create('expired', 'workers', '0', { mkstream: true })
let handled = 0
while (handled < 2) {
  await sleep(30)
  const read = await db.xreadgroup(['workers', 'worker 1'], { expired: '>' }, { count: 10 })
  for (const [id, fields] of read?.get('expired') ?? []) {
    console.log('free again:', ...(fields ?? []).flat())
    await db.xack('expired', 'workers', [id])
    handled++
  }
}
console.log('still reserved:', await db.keys('reservation:*'))

await db.close()
