/**
 * Enriching a stream: orders arrive with a customer's number and leave with the name, in the same transaction.
 *
 *     npx tsx examples/functions-enrichment/functions-enrichment.ts
 *
 * What cannot be enriched goes to a dead-letter stream with the reason; the orders that were worked off are trimmed.
 */
import { open } from 'geartrain'

const db = await open('memory:')

await db.functions.load(`#!js api_version=1.0 name=orders
redis.registerStreamTrigger('enrich', 'orders:', (client, { id, record }) => {
  const order = Object.fromEntries(record)
  const name = client.call('hget', 'customer:' + order.customer, 'name')
  if (name === null) throw 'no customer ' + order.customer
  client.call('xadd', 'enriched', id.join('-'), ...Object.entries({ ...order, name }).flat())
}, { isStreamTrimmed: true, deadLetter: 'orders-failed' })`)

await db.hset('customer:1', { name: 'Ada' })
await db.xadd('orders:web', '1-0', { customer: '1', item: 'engine' })
await db.xadd('orders:shop', '2-0', { customer: '7', item: 'loom' })
await db.xadd('orders:web', '3-0', { customer: '1', item: 'punch cards' })

for (const [id, fields] of await db.xrange('enriched', '-', '+')) console.log(id, fields)
for (const [, fields] of await db.xrange('orders-failed', '-', '+')) console.log('failed', fields)
console.log('orders left:', await db.xlen('orders:web'), await db.xlen('orders:shop'))

await db.close()
