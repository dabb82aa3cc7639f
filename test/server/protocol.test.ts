/** What comes over a socket, well formed and otherwise. */
import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, type Served, serveFresh, Wire } from './wire.ts'

let served: Served
beforeAll(async () => {
  served = await serveFresh()
})
afterAll(() => served.stop())

// Without it the test command has said why.
const missingOracle = spawnSync('redis-cli', ['--version']).error !== undefined

const open = (): Promise<Wire> => Wire.open(served.port)

describe('a connection', () => {
  test('answers a pipeline in order, with one write', async () => {
    const wire = await open()
    wire.write('SET p 1\r\nINCR p\r\n*2\r\n$3\r\nGET\r\n$1\r\np\r\nPING\r\n')
    expect(await wire.until('+PONG\r\n')).toBe('+OK\r\n:2\r\n$1\r\n2\r\n+PONG\r\n')
    expect(wire.chunks).toBe(1)
    wire.close()
  })

  test('takes a command byte by byte', async () => {
    const wire = await open()
    wire.socket.setNoDelay(true)
    for (const char of '*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n') {
      wire.write(char)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await wire.until('\r\n\r\n')).toBe('$3\r\na\r\n\r\n')
    wire.close()
  })

  test('splits inline commands as Redis does', async () => {
    const wire = await open()
    wire.write('ECHO "a \\x41\\n" \n')
    expect(await wire.until('\n\r\n')).toBe('$4\r\na A\n\r\n')
    wire.close()
  })

  test('answers QUIT and closes; what follows is not run', async () => {
    const wire = await open()
    wire.write('SET after-quit 0\r\nQUIT\r\nSET after-quit 1\r\n')
    expect(await wire.untilClosed()).toBe('+OK\r\n+OK\r\n')
    const other = await open()
    expect(await other.ask('\r\n0\r\n', 'GET', 'after-quit')).toBe('$1\r\n0\r\n')
    other.close()
  })

  test('switches protocol within a pipeline', async () => {
    const wire = await open()
    wire.write('GET nothing\r\nHELLO 3\r\nGET nothing\r\n')
    const reply = await wire.until('\r\n_\r\n')
    expect(reply.startsWith('$-1\r\n%7\r\n')).toBe(true)
    wire.close()
  })

  test('leaves the commands after a blocking one until it is served', async () => {
    const [waiter, pusher] = [await open(), await open()]
    waiter.write('BLPOP blocked 0\r\nSET after 1\r\nGET after\r\n')
    await eventually(() => served.engine.blocking.count === 1)
    expect(await pusher.ask('\r\n', 'EXISTS', 'after')).toBe(':0\r\n')
    expect(await pusher.ask('\r\n', 'RPUSH', 'blocked', 'x')).toBe(':1\r\n')
    expect(await waiter.until('$1\r\n1\r\n')).toBe('*2\r\n$7\r\nblocked\r\n$1\r\nx\r\n+OK\r\n$1\r\n1\r\n')
    waiter.close()
    pusher.close()
  })

  test('ends a wait on time though nothing is read or written', async () => {
    const wire = await open()
    expect(await wire.ask('*-1\r\n', 'BLPOP', 'never', '0.02')).toBe('*-1\r\n')
    wire.close()
  })

  test('delivers messages to a subscriber', async () => {
    const [subscriber, publisher] = [await open(), await open()]
    await subscriber.ask(':1\r\n', 'SUBSCRIBE', 'news')
    expect(await publisher.ask('\r\n', 'PUBLISH', 'news', 'hi')).toBe(':1\r\n')
    expect(await subscriber.until('hi\r\n')).toBe('*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n')
    subscriber.close()
    publisher.close()
  })

  test('is known by its addresses', async () => {
    const wire = await open()
    const { localPort } = wire.socket
    const line = await wire.ask('\n\r\n', 'CLIENT', 'INFO')
    expect(line).toContain(` addr=127.0.0.1:${localPort} laddr=127.0.0.1:${served.port} `)
    wire.close()
  })

  test.skipIf(missingOracle)('serves redis-cli', async () => {
    const run = promisify(execFile)
    expect((await run('redis-cli', ['-p', `${served.port}`, 'SET', 'cli', 'ü'])).stdout).toBe('OK\n')
    expect((await run('redis-cli', ['-p', `${served.port}`, '--raw', 'GET', 'cli'])).stdout).toBe('ü\n')
  })
})

describe('a hostile stream', () => {
  test.each([
    ['a bulk length that is none', '*1\r\n$x\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['a negative bulk length', '*1\r\n$-5\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['a bulk longer than is allowed', '*1\r\n$600000000\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
    ['an impossible count', '*4000000000\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
    ['a bulk without a dollar', '*1\r\n:1\r\n', "-ERR Protocol error: expected '$', got ':'\r\n"],
    ['unbalanced quotes', 'GET "a\r\n', '-ERR Protocol error: unbalanced quotes in request\r\n'],
  ])('with %s gets the error after earlier replies, and is closed', async (_, text, error) => {
    const wire = await open()
    wire.write(`PING\r\n${text}PING\r\n`)
    expect(await wire.untilClosed()).toBe(`+PONG\r\n${error}`)
  })

  test('that ends within a command leaves nothing behind', async () => {
    const before = served.server.connectionCount
    const wire = await open()
    wire.write('*3\r\n$3\r\nSET\r\n$4\r\nhalf\r\n$100\r\nabc')
    wire.socket.end()
    await wire.untilClosed()
    await eventually(() => served.server.connectionCount === before)
    const other = await open()
    expect(await other.ask('\r\n', 'EXISTS', 'half')).toBe(':0\r\n')
    other.close()
  })

  test('that is reset while it waits leaves nothing behind', async () => {
    const wire = await open()
    wire.send('BLPOP', 'gone', '0')
    await eventually(() => served.engine.blocking.count === 1)
    wire.socket.resetAndDestroy()
    await eventually(() => served.engine.blocking.count === 0)
    const other = await open()
    expect(await other.ask('\r\n', 'RPUSH', 'gone', '1')).toBe(':1\r\n')
    expect(await other.ask('\r\n', 'LLEN', 'gone')).toBe(':1\r\n')
    other.close()
  })

  test('takes no memory for what a length only promises', async () => {
    const before = process.memoryUsage().external
    const wires = await Promise.all(Array.from({ length: 20 }, open))
    for (const wire of wires) wire.write('*1\r\n$500000000\r\nabc')
    const probe = await open()
    await probe.ask('+PONG\r\n', 'PING')
    expect(process.memoryUsage().external - before).toBeLessThan(10_000_000)
    for (const wire of [...wires, probe]) wire.close()
  })
})

describe('large requests and replies', () => {
  test('100,000 arguments are one command', async () => {
    const wire = await open()
    const members = Array.from({ length: 100_000 }, (_, i) => `m${i}`)
    wire.sendAll(['RPUSH', 'many', ...members])
    expect(await wire.until('\r\n')).toBe(':100000\r\n')
    const all = await wire.ask('m99999\r\n', 'LRANGE', 'many', '0', '-1')
    expect(all.startsWith('*100000\r\n$2\r\nm0\r\n')).toBe(true)
    wire.close()
  })

  test('a value of 64 MB goes in and comes out', async () => {
    const wire = await open()
    const value = 'v'.repeat(64 * 1024 * 1024)
    expect(await wire.ask('\r\n', 'SET', 'big', value)).toBe('+OK\r\n')
    wire.send('GET', 'big')
    wire.send('PING')
    const reply = await wire.until('+PONG\r\n')
    expect(reply.length).toBe(value.length + '$67108864\r\n'.length + 2 + '+PONG\r\n'.length)
    expect(await wire.ask('\r\n', 'DEL', 'big')).toBe(':1\r\n')
    wire.close()
  })

  test('a key may be empty, or of 1 MB with every byte in it', async () => {
    const wire = await open()
    const key = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => i & 255)).latin1Slice()
    wire.write(`*3\r\n$3\r\nSET\r\n$0\r\n\r\n$1\r\ne\r\n*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$1\r\nk\r\n`)
    wire.write(`*3\r\n$4\r\nMGET\r\n$0\r\n\r\n$${key.length}\r\n${key}\r\n`)
    expect(await wire.until('k\r\n')).toBe('+OK\r\n+OK\r\n*2\r\n$1\r\ne\r\n$1\r\nk\r\n')
    wire.close()
  })
})
