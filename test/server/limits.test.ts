/** Limits: what a client may cost, and that the others do not notice. */
import { afterEach, describe, expect, test } from 'vitest'
import { parseOutputLimits } from '../../src/server/settings.ts'
import { eventually, type Served, serveFresh, Wire } from './wire.ts'

let served: Served
afterEach(() => served.stop())

test('5,000 silent connections cost little and disturb nobody', async () => {
  served = await serveFresh()
  const before = process.memoryUsage()
  const wires: Wire[] = []
  for (let i = 0; i < 5000; i += 250) {
    wires.push(...(await Promise.all(Array.from({ length: 250 }, () => Wire.open(served.port)))))
    // No faster than they are accepted: beyond tcp-backlog the system makes them wait a second.
    await eventually(() => served.server.connectionCount === wires.length)
  }
  expect(await wires[4999]!.ask('+PONG\r\n', 'PING')).toBe('+PONG\r\n')
  const after = process.memoryUsage()
  // Both ends are in this process: some 10 KB a connection, never a read buffer of 64 KB.
  expect((after.heapUsed + after.external - before.heapUsed - before.external) / 5000).toBeLessThan(32 * 1024)
  for (const wire of wires) wire.close()
  await eventually(() => served.server.connectionCount === 0)
})

test('the client beyond maxclients is told so and closed; a place that becomes free is given', async () => {
  served = await serveFresh({ maxclients: '2' })
  const first = await Wire.open(served.port)
  const second = await Wire.open(served.port)
  await eventually(() => served.server.connectionCount === 2)
  const third = await Wire.open(served.port)
  expect(await third.untilClosed()).toBe('-ERR max number of clients reached\r\n')
  expect(served.engine.statistics.rejectedConnections).toBe(1)
  first.close()
  await eventually(() => served.server.connectionCount === 1)
  const fourth = await Wire.open(served.port)
  expect(await fourth.ask('\r\n', 'PING')).toBe('+PONG\r\n')
  second.close()
  fourth.close()
})

describe('a client that never reads', () => {
  test('is disconnected at its hard limit while others are served', async () => {
    served = await serveFresh({ 'client-output-buffer-limit': 'normal 10mb 0 0' })
    const greedy = await Wire.open(served.port)
    const other = await Wire.open(served.port)
    await greedy.ask('\r\n', 'SET', 'mb', 'x'.repeat(1 << 20))
    greedy.socket.pause()
    greedy.write('GET mb\r\n'.repeat(500))
    await eventually(() => served.server.connectionCount === 1)
    expect(await other.ask('\r\n', 'PING')).toBe('+PONG\r\n')
    greedy.close()
    other.close()
  })

  test('is disconnected when it stays above its soft limit, though nobody sends anything more; one below it is not', async () => {
    served = await serveFresh({ 'client-output-buffer-limit': 'normal 0 8mb 1' })
    const [greedy, modest] = [await Wire.open(served.port), await Wire.open(served.port)]
    await modest.ask('\r\n', 'SET', 'mb', 'x'.repeat(1 << 20))
    modest.socket.pause()
    modest.write('GET mb\r\n'.repeat(6))
    greedy.socket.pause()
    greedy.write('GET mb\r\n'.repeat(40))
    await eventually(() => served.server.connectionCount === 1)
    modest.socket.resume()
    await eventually(() => modest.receivedLength === 6 * ((1 << 20) + '$1048576\r\n\r\n'.length))
    greedy.close()
    modest.close()
  })

  test('is disconnected when all unread replies together are too many, the largest first', async () => {
    served = await serveFresh({ 'maxmemory-clients': '30mb' })
    const [greedy, modest] = [await Wire.open(served.port), await Wire.open(served.port)]
    await modest.ask('\r\n', 'SET', 'mb', 'x'.repeat(1 << 20))
    modest.socket.pause()
    modest.write('GET mb\r\n'.repeat(12))
    greedy.socket.pause()
    greedy.write('GET mb\r\n'.repeat(100))
    await eventually(() => served.server.connectionCount === 1)
    modest.socket.resume()
    await eventually(() => modest.receivedLength === 12 * ((1 << 20) + '$1048576\r\n\r\n'.length))
    greedy.close()
    modest.close()
  })

  test('of a channel is disconnected at the limit of subscribers', async () => {
    served = await serveFresh({ 'client-output-buffer-limit': 'pubsub 10mb 0 0' })
    const deaf = await Wire.open(served.port)
    const publisher = await Wire.open(served.port)
    await deaf.ask(':1\r\n', 'SUBSCRIBE', 'news')
    deaf.socket.pause()
    const message = 'n'.repeat(1 << 20)
    let replies = ''
    for (let i = 0; i < 30; i++) replies += await publisher.ask('\r\n', 'PUBLISH', 'news', message)
    expect(replies.startsWith(':1\r\n')).toBe(true)
    expect(replies.endsWith(':0\r\n')).toBe(true)
    deaf.close()
    publisher.close()
  })
})

test('a query that grows beyond its limit ends the connection', async () => {
  served = await serveFresh({ 'client-query-buffer-limit': '1mb' })
  const wire = await Wire.open(served.port)
  wire.write(`*2\r\n$4\r\nECHO\r\n$3000000\r\n${'x'.repeat(2_000_000)}`)
  expect(await wire.untilClosed()).toBe('')
})

test('a limit that CONFIG SET changes holds for those already connected', async () => {
  served = await serveFresh()
  const wire = await Wire.open(served.port)
  await wire.ask('\r\n', 'CONFIG', 'SET', 'proto-max-bulk-len', '1mb')
  wire.write('*2\r\n$4\r\nECHO\r\n$1048577\r\n')
  expect(await wire.untilClosed()).toBe('-ERR Protocol error: invalid bulk length\r\n')
})

test('silent clients are closed after timeout, subscribers and waiters are not', async () => {
  served = await serveFresh({ timeout: '1' })
  const [silent, subscriber, waiter] = await Promise.all([1, 2, 3].map(() => Wire.open(served.port)))
  await subscriber!.ask(':1\r\n', 'SUBSCRIBE', 'c')
  waiter!.send('BLPOP', 'l', '0')
  expect(await silent!.ask('\r\n', 'PING')).toBe('+PONG\r\n')
  expect(await silent!.untilClosed()).toBe('')
  expect(served.server.connectionCount).toBe(2)
  subscriber!.close()
  waiter!.close()
})

test('limits are read per class', async () => {
  served = await serveFresh()
  expect(parseOutputLimits(served.engine.config.text('client-output-buffer-limit'))).toEqual({
    normal: { hardBytes: 0, softBytes: 0, softMs: 0 },
    replica: { hardBytes: 268435456, softBytes: 67108864, softMs: 60_000 },
    pubsub: { hardBytes: 33554432, softBytes: 8388608, softMs: 60_000 },
  })
})

test('a client that holds more than maxmemory-clients allows is ended, unless it asked to stay', async () => {
  served = await serveFresh()
  const [greedy, loyal, other] = [
    await Wire.open(served.port),
    await Wire.open(served.port),
    await Wire.open(served.port),
  ]
  await loyal.ask('\r\n', 'CLIENT', 'NO-EVICT', 'on')
  for (const wire of [greedy, loyal]) {
    await wire.ask('\r\n', 'MULTI')
    for (let i = 0; i < 8; i++) await wire.ask('\r\n', 'SET', 'k', 'x'.repeat(500_000))
  }
  expect(await other.ask('\r\n', 'CONFIG', 'SET', 'maxmemory-clients', '6mb')).toBe('+OK\r\n')
  await eventually(() => served.server.connectionCount === 2)
  expect(await other.ask('\r\n', 'INFO', 'stats')).toContain('evicted_clients:1\r\n')
  expect(await loyal.ask('\r\n', 'DISCARD')).toBe('+OK\r\n')
  for (const wire of [greedy, loyal, other]) wire.close()
})
