import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import { RequestDecoder } from './request-decoder.ts'
import { encodeCommand } from './request-encoder.ts'

/** One read buffer for all: what the decoder keeps must not live in it. */
const shared = Buffer.alloc(1 << 20)

/** Feeds the input in pieces of `size` bytes through the shared buffer, which is overwritten after every read. */
function decode(input: string, size: number, decoder = new RequestDecoder()): string[][] {
  const commands: string[][] = []
  for (let at = 0; at < input.length; at += size) {
    const length = shared.latin1Write(input.slice(at, at + size), 100)
    decoder.push(shared, 100, 100 + length)
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) commands.push(argv)
    decoder.release()
    shared.fill(0x2a, 100, 100 + length)
  }
  return commands
}

const pieces: [string, number][] = [
  ['whole', 1 << 19],
  ['in threes', 3],
  ['byte by byte', 1],
]

describe.each(pieces)('RequestDecoder, fed %s', (_, size) => {
  // Every case was tried on redis-server 7.0.15.
  it.each<[string, string[][]]>([
    ['*1\r\n$4\r\nPING\r\n', [['PING']]],
    ['*2\r\n$4\r\nECHO\r\n$0\r\n\r\n', [['ECHO', '']]],
    ['*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\n\r\n\0\xff\r\n', [['SET', 'k', '\r\n\0\xff']]],
    ['*0\r\n*-5\r\nPING\r\n', [['PING']]],
    ['*1\rX$4\rYPINGZZ*1\r\n$4\r\nPING\r\n', [['PING'], ['PING']]],
    ['\r\n\n\r\nPING\r\n', [['PING']]],
    ['PING\n', [['PING']]],
    ['PING \r\r\n', [['PING']]],
    ['PING a\rb\r\n', [['PING', 'a', 'b']]],
    ['*1\r\n$4\r\nPING\r\nGET x\r\n*1\r\n$4\r\nQUIT\r\n', [['PING'], ['GET', 'x'], ['QUIT']]],
    [' \t PING\x0b\x0ca\r\n', [['PING\x0b\x0ca']]],
    [`*2\r\n$4\r\nECHO\r\n$100\r\n${'x'.repeat(100)}\r\n`, [['ECHO', 'x'.repeat(100)]]],
    [`*11\r\n${'$1\r\na\r\n'.repeat(11)}`, [Array<string>(11).fill('a')]],
  ])('decodes %j', (input, expected) => {
    const decoder = new RequestDecoder()
    expect(decode(input, size, decoder)).toEqual(expected)
    expect(decoder.error).toBeUndefined()
    expect(decoder.pendingBytes).toBe(0)
  })

  it.each<[string, string]>([
    ['*x\r\n', 'invalid multibulk length'],
    ['*\r\n', 'invalid multibulk length'],
    ['*-0\r\n', 'invalid multibulk length'],
    ['*+1\r\n', 'invalid multibulk length'],
    ['*01\r\n', 'invalid multibulk length'],
    ['*2147483648\r\n', 'invalid multibulk length'],
    ['*99999999999999999999999\r\n', 'invalid multibulk length'],
    ['*1\r\nx1\r\n', "expected '$', got 'x'"],
    ['*1\r\n\n\r\n', "expected '$', got ' '"],
    ['*1\r\n\xff\r\n', "expected '$', got '\xff'"],
    ['*1\r\n$-1\r\n', 'invalid bulk length'],
    ['*1\r\n$\r\n', 'invalid bulk length'],
    ['*1\r\n$x\r\n', 'invalid bulk length'],
    ['*1\r\n$1x\r\n', 'invalid bulk length'],
    ['*1\r\n$03\r\nabc\r\n', 'invalid bulk length'],
    ['*1\r\n$536870889\r\n', 'invalid bulk length'],
    ['PING "a\r\n', 'unbalanced quotes in request'],
    ['PING "a"b\r\n', 'unbalanced quotes in request'],
    ["PING 'a'b\r\n", 'unbalanced quotes in request'],
  ])('refuses %j: %s', (input, text) => {
    const decoder = new RequestDecoder()
    expect(decode(`*1\r\n$4\r\nPING\r\n${input}PING\r\n`, size, decoder)).toEqual([['PING']])
    expect(decoder.error?.message).toBe(`ERR Protocol error: ${text}`)
    expect(decoder.next()).toBeUndefined()
    expect(decoder.pendingBytes).toBe(0)
  })

  it('waits for what is not there yet, also behind a NUL in a line', () => {
    for (const input of ['*', '*1', '*1\r', '*2\r\n$1\r\na\r\n', '*1\r\n$', '*1\r\n$3\r\nab', '*1\r\n$3\r\nabc\r']) {
      const decoder = new RequestDecoder()
      expect(decode(input, size, decoder)).toEqual([])
      expect(decoder.error).toBeUndefined()
      expect(decoder.pendingBytes).toBeGreaterThan(0)
    }
    expect(decode('PI\0NG\r\nPING\r\n', size)).toEqual([])
    expect(decode('*1\0\r\n$4\r\nPING\r\n', size)).toEqual([])
  })

  it('decodes what the encoder writes', () => {
    const word = fc.oneof(
      fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 40 }),
      fc.integer({ min: 0, max: 300 }).map((length) => 'v'.repeat(length)),
    )
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 12 }), { maxLength: 6 }), (commands) => {
        expect(decode(commands.map((argv) => encodeCommand(argv.map(raw))).join(''), size)).toEqual(commands)
      }),
      { numRuns: 60 },
    )
  })
})

describe('RequestDecoder limits', () => {
  it.each<[string, string]>([
    ['a', 'too big inline request'],
    ['*', 'too big mbulk count string'],
    ['*1\r\n$', 'too big bulk count string'],
  ])('ends an endless line that begins with %j', (start, text) => {
    const decoder = new RequestDecoder()
    const line = `${start.slice(start.lastIndexOf('\n') + 1)}${'1'.repeat(65_535)}`
    expect(decode(start.slice(0, start.lastIndexOf('\n') + 1) + line, 16_384, decoder)).toEqual([])
    expect(decoder.error).toBeUndefined()
    decode('1', 1, decoder)
    expect(decoder.error?.message).toBe(`ERR Protocol error: ${text}`)
  })

  it('holds those who are not authenticated to 10 words of 16 KB', () => {
    const feed = (input: string): string | undefined => {
      const decoder = new RequestDecoder()
      decoder.authenticated = false
      decode(input, 1 << 19, decoder)
      return decoder.error?.message
    }
    expect(feed('*10\r\n')).toBeUndefined()
    expect(feed('*11\r\n')).toBe('ERR Protocol error: unauthenticated multibulk length')
    expect(feed('*1\r\n$16384\r\n')).toBeUndefined()
    expect(feed('*1\r\n$16385\r\n')).toBe('ERR Protocol error: unauthenticated bulk length')
  })

  it('takes the limits of a word from the object it was given, whenever that changes', () => {
    const limits = { maxBulkLength: 10 }
    const feed = (): string | undefined => {
      const decoder = new RequestDecoder(limits)
      decode('*1\r\n$100\r\n', 64, decoder)
      return decoder.error?.message
    }
    expect(feed()).toBe('ERR Protocol error: invalid bulk length')
    limits.maxBulkLength = 100
    expect(feed()).toBeUndefined()
  })
})

describe('RequestDecoder memory', () => {
  let decoder: RequestDecoder
  beforeEach(() => {
    decoder = new RequestDecoder()
  })

  it('allocates for what has arrived, not for what is promised', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 50 }, () => new RequestDecoder())
    for (const one of decoders) decode('*1000000\r\n$500000000\r\nabc', 1 << 19, one)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
    for (const one of decoders) expect(one.pendingBytes).toBe(3)
  })

  it('collects a large bulk over many reads and goes on behind it', () => {
    const value = Buffer.alloc(700_001, 'abcdefg').latin1Slice()
    const input = encodeCommand([raw('SET'), raw('k'), raw(value)]) + encodeCommand([raw('PING')])
    for (const size of [1000, 4093, 65_536]) {
      expect(decode(input, size)).toEqual([['SET', 'k', value], ['PING']])
    }
  })

  it('keeps commands that were not pulled, while more arrive', () => {
    const ping = encodeCommand([raw('PING'), raw('x')])
    let pulled = 0
    for (let i = 0; i < 100; i++) {
      const text = ping + ping + ping.slice(0, 7) + ping.slice(7)
      const length = shared.latin1Write(text, 0)
      decoder.push(shared, 0, length)
      if (decoder.next() !== undefined) pulled++
      decoder.release()
    }
    expect(decoder.pendingBytes).toBe(200 * ping.length)
    while (decoder.next() !== undefined) pulled++
    expect(pulled).toBe(300)
    expect(decoder.pendingBytes).toBe(0)
  })

  it('counts the words of an unfinished command, empty ones too', () => {
    decode(`*1000\r\n${'$0\r\n\r\n'.repeat(500)}`, 1 << 19, decoder)
    expect(decoder.pendingBytes).toBeGreaterThanOrEqual(500)
  })
})
