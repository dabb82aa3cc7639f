/**
 * Orders through a consumer group, one of them poison: it is tried, then put among the dead letters with its cause. Meanwhile only
 * the orders of the same customer wait, for each customer's are handled in their order. What does not fit the schema goes there
 * without being tried. Afterwards the cause is mended and the dead letters are driven back.
 *
 *     npx tsx examples/streams-orders/streams-orders.ts [redis://127.0.0.1:6379]
 */
import { open } from 'geartrain'
import { readDeadLetter } from 'geartrain/containers'
import { z } from 'zod'

const Order = z.object({
  id: z.string().min(1),
  customer: z.string(),
  cents: z.coerce.number().int().positive(),
})

type DeadLetter = NonNullable<ReturnType<typeof readDeadLetter>>

await using whole = await open(process.argv[2] ?? 'memory:')
const db = whole.withPrefix('shop:')
await db.deleteAll()

const orders = db.stream('orders', { schema: Order })
const billing = db.consumerGroup('billing', [orders], { consumer: 'till-1' })
await billing.create()

for (let n = 1; n <= 8; n++) {
  await orders.add({ id: `order-${n}`, customer: n % 2 === 0 ? 'ada' : 'bob', cents: n === 5 ? 666 : n * 100 })
}
// Somebody else writes what is no order.
await db.xadd('orders', '*', { id: 'order-9', customer: 'eve', cents: 'a lot' })

/** The card machine, which does not take everything. */
let isMended = false
async function charge({ id, cents }: z.infer<typeof Order>): Promise<void> {
  if (cents === 666 && !isMended) throw new Error(`the card machine chokes on ${id}`)
}

const paid = new Map<string, number>()

/** Handles what there is, one order of a customer after the other, until nothing is left. */
async function billAll(): Promise<void> {
  const consumer = billing.consume(
    async ({ data }) => {
      await charge(data)
      paid.set(data.customer, (paid.get(data.customer) ?? 0) + data.cents)
    },
    { concurrency: 4, orderBy: ({ data }) => data.customer, maxDeliveries: 3, backoff: () => 10, blockMs: 50 },
  )
  consumer.on('failed', ({ message, retryMs }) => {
    const next = retryMs === undefined ? 'no more' : 'again later'
    console.log(message.data.id, 'failed, delivery', message.deliveries, next)
  })
  const isDone = async (): Promise<boolean> => {
    const { undelivered, pending } = (await consumer.lag())['orders']!
    return undelivered === 0 && pending === 0
  }
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 10))
  await consumer.stop()
}

await billAll()
console.log('paid:', Object.fromEntries([...paid].sort()))
const letters = await db.stream(billing.deadLetterKey('orders')).range()
for (const letter of letters.map(({ fields }) => readDeadLetter(fields)!).sort(byOrder)) {
  console.log(
    letter.fields[0]![1],
    letter.cause.reason,
    'after',
    letter.cause.deliveries,
    '-',
    letter.cause.message.split(':')[0],
  )
}

isMended = true
console.log('driven back:', await billing.redrive({ filter: ({ reason }) => reason !== 'invalid' }))
await billAll()
console.log('paid:', Object.fromEntries([...paid].sort()))
console.log('pending:', (await billing.pending()).length)
await db.deleteAll()

function byOrder({ fields: [a] }: DeadLetter, { fields: [b] }: DeadLetter): number {
  return a![1] < b![1] ? -1 : 1
}
