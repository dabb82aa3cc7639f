/**
 * The well-known introduction to Redis streams, consumer groups and time series with Python's walrus, in its order, with
 * containers.
 *
 *     npx tsx examples/streams-walkthrough/streams-walkthrough.ts [redis://127.0.0.1:6379]
 *
 * Where it does or prints something else than the article did:
 * - ids and idle times are the reader's own and are not printed; dates are UTC (the article's machine was six hours behind);
 * - "hello, streams" stays what it is (the article prints "hello, stream");
 * - trimming to about ten leaves a hundred entries (block sizes have changed; the article had 91);
 * - reading where nothing is gives an empty list (the article shows None), and is waited for 50 ms, not two seconds;
 * - somebody adds "message 5" during the second wait, so `stream-a` has five entries when the group begins, not four;
 * - the consumer of the time series is `demo-ts.c1` (the article prints the name of another one);
 * - pending entries have names for what they hold, where walrus had tuples;
 * - a claimed entry counts as delivered twice (servers counted otherwise then);
 * - `stream-c` has eleven entries at the end: the article forgot its own first one;
 * - streams of a group are found by their keys, `group.stream('stream-a')`, not by attributes;
 * - the time series needs no placeholders: `create` makes missing streams.
 */
import { type Database, open } from 'geartrain'
import type { Message } from 'geartrain/containers'

const text = (messages: readonly Message[]): string =>
  messages.map(({ stream, data }) => `${stream} ${Object.values(data)}`).join(', ') || 'nothing'

await using whole = await open(process.argv[2] ?? 'memory:')
const db = whole.withPrefix('walkthrough:')
await db.deleteAll()
await oneStream(db)
await consumerGroups(db)
await timeSeries(db)
await db.deleteAll()

async function oneStream(db: Database): Promise<void> {
  const stream = db.stream('stream-a')
  const first = await stream.add({ message: 'hello, streams' })
  const second = await stream.add({ message: 'message 2' })
  const third = await stream.add({ message: 'message 3' })
  console.log('from the second on:', text(await stream.range({ from: second })))
  console.log('two from the first:', text(await stream.slice(first, null, 2)))
  for await (const { data } of stream) console.log('-', data.message)

  const unwanted = await stream.add({ message: 'delete me' })
  await stream.delete(unwanted)
  console.log('length:', await stream.length())

  const long = db.stream('stream-2')
  await long.addAll(Array.from({ length: 1000 }, (_, i) => ({ data: `message-${i}` })))
  console.log('trimmed about:', await long.trim({ maxlen: 10 }), 'left:', await long.length())
  console.log('trimmed to:', await long.trim({ maxlen: 10, exact: true }), 'left:', await long.length())

  console.log('all:', text(await stream.read()))
  console.log('after the second:', text(await stream.read({ after: second })))
  console.log('after the third:', text(await stream.read({ after: third })))
  console.log('waited in vain:', text(await stream.read({ after: '$', blockMs: 50 })))
  const waiting = stream.read({ after: third, blockMs: 60_000 })
  await stream.add({ message: 'message 5' })
  console.log('waited for:', text(await waiting))
}

async function consumerGroups(db: Database): Promise<void> {
  const keys = ['stream-a', 'stream-b', 'stream-c']
  for (const key of keys) await db.stream(key).add({ data: '' })

  const group = db.consumerGroup('cg-abc', keys)
  console.log('created:', await group.create())
  console.log('created again:', Object.values(await group.create()).join(', '))
  console.log(
    'lengths:',
    Object.values(await group.info())
      .map(({ length }) => length)
      .join(' '),
  )
  await group.setId('$')
  console.log('read:', text(await group.read()))

  const [a, b, c] = [group.stream('stream-a'), group.stream('stream-b'), group.stream('stream-c')]
  await a.add({ message: 'new a' })
  await b.add({ message: 'new for b' })
  for (let i = 0; i < 10; i++) await c.add({ message: `c-${i}` })
  console.log('one of each:', text(await group.read({ count: 1 })))
  console.log('one of each:', text(await group.read({ count: 1 })))

  const [row] = await a.pending()
  console.log('pending in a:', row!.consumer, 'deliveries', row!.deliveries)
  console.log('acknowledged:', await a.ack(row!), 'pending:', (await a.pending()).length, 'again:', await a.ack(row!))

  const other = group.as('cg-abc.c2')
  console.log('the second consumer:', text(await other.read({ count: 1 })))
  const owners = async (): Promise<string> =>
    (await c.pending()).map(({ consumer, deliveries }) => `${consumer} x${deliveries}`).join(', ')
  console.log('pending in c:', await owners())
  const [oldest] = await c.pending()
  console.log('claimed:', text(await other.stream('stream-c').claim([oldest!])))
  console.log('pending in c:', await owners())

  console.log('destroyed:', await group.destroy())
  console.log('length of c:', await c.length())
}

async function timeSeries(db: Database): Promise<void> {
  const day = (n: number): Date => new Date(Date.UTC(2018, 0, n))
  const named = (key: string, n: number) => ({
    message: `${key}-${day(n).toISOString().slice(0, 19).replace('T', ' ')}`,
  })
  const series = db.timeSeries('demo-ts', ['s1', 's2'])
  await series.create()
  const [s1, s2] = [series.stream('s1'), series.stream('s2')]
  for (let n = 1; n <= 10; n++) await s1.add(named('s1', n), day(n))
  console.log('days 2 to 4:', (await s1.slice(day(2), null, 3)).map(String).join(' '))
  for (const message of await s1.slice(day(1), null, 3)) {
    console.log('-', message.stream, message.timestamp.toISOString(), message.sequence, message.data)
  }
  for (let n = 1; n <= 5; n++) {
    const { timestamp, sequence } = await s2.add(named('s2', n), day(n))
    console.log('added:', timestamp.toISOString(), sequence)
  }
  console.log('both, in order:', text(await series.read({ count: 2 })))
  const rows = await s1.pending()
  for (const { timestamp, sequence, consumer } of rows) {
    console.log('pending:', timestamp.toISOString(), sequence, consumer)
  }
  for (const row of rows) await s1.ack(row)
  console.log('left pending:', (await s1.pending()).length)
  await s1.setId(day(1))
  console.log('after day 1 again:', text(await s1.read({ count: 2 })))
  const [claimed] = await series
    .as('demo-ts.c2')
    .stream('s1')
    .claim([day(2)])
  console.log('claimed by the second consumer:', String(claimed))
}
