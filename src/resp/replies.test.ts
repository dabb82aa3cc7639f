import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../base/bytes.ts'
import {
  BigNumber,
  Double,
  MapReply,
  NIL_ARRAY,
  NO_REPLY,
  OK,
  Pairs,
  PONG,
  PushReply,
  QUEUED,
  Replies,
  type Reply,
  ReplyError,
  SetReply,
  Status,
  Verbatim,
} from '../base/reply.ts'
import { ReplyDecoder } from './reply-decoder.ts'
import { encodeInto, encodeReply, type Protocol } from './reply-encoder.ts'

function decode(input: string, size = 1 << 20): { replies: Reply[]; error: string | undefined } {
  const decoder = new ReplyDecoder()
  const replies: Reply[] = []
  for (let at = 0; at < input.length; at += size) {
    decoder.push(Buffer.from(input.slice(at, at + size), 'latin1'))
    for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) replies.push(reply)
  }
  return { replies, error: decoder.error }
}

describe('encodeReply', () => {
  const a = raw('a')
  it.each<[string, Reply, string, string]>([
    ['a bulk', raw('h\r\n\xff'), '$4\r\nh\r\n\xff\r\n', '$4\r\nh\r\n\xff\r\n'],
    ['an empty bulk', raw(''), '$0\r\n\r\n', '$0\r\n\r\n'],
    ['a long bulk', raw('x'.repeat(5000)), `$5000\r\n${'x'.repeat(5000)}\r\n`, `$5000\r\n${'x'.repeat(5000)}\r\n`],
    ['OK', OK, '+OK\r\n', '+OK\r\n'],
    ['QUEUED', QUEUED, '+QUEUED\r\n', '+QUEUED\r\n'],
    ['PONG', PONG, '+PONG\r\n', '+PONG\r\n'],
    ['a small integer', 7, ':7\r\n', ':7\r\n'],
    ['a negative integer', -7, ':-7\r\n', ':-7\r\n'],
    ['a large integer', 2 ** 53 - 1, ':9007199254740991\r\n', ':9007199254740991\r\n'],
    ['a bigint', 2n ** 63n - 1n, ':9223372036854775807\r\n', ':9223372036854775807\r\n'],
    ['true', true, ':1\r\n', '#t\r\n'],
    ['false', false, ':0\r\n', '#f\r\n'],
    ['null', null, '$-1\r\n', '_\r\n'],
    ['the null array', NIL_ARRAY, '*-1\r\n', '_\r\n'],
    ['a double', new Double(0.1), '$19\r\n0.10000000000000001\r\n', ',0.10000000000000001\r\n'],
    ['an infinity', new Double(-Infinity), '$4\r\n-inf\r\n', ',-inf\r\n'],
    ['a big number', new BigNumber(raw('-123')), '$4\r\n-123\r\n', '(-123\r\n'],
    ['verbatim text', new Verbatim(raw('some')), '$4\r\nsome\r\n', '=8\r\ntxt:some\r\n'],
    ['an error', new ReplyError('ERR x'), '-ERR x\r\n', '-ERR x\r\n'],
    ['an error with line breaks', new ReplyError('ERR a\r\nb\nc'), '-ERR a  b c\r\n', '-ERR a  b c\r\n'],
    ['a status with line breaks', new Status('a\nb'), '+a b\r\n', '+a b\r\n'],
    ['an empty array', [], '*0\r\n', '*0\r\n'],
    [
      'an array',
      [1, a, [null, NIL_ARRAY]],
      '*3\r\n:1\r\n$1\r\na\r\n*2\r\n$-1\r\n*-1\r\n',
      '*3\r\n:1\r\n$1\r\na\r\n*2\r\n_\r\n_\r\n',
    ],
    ['a map', new MapReply([a, 1]), '*2\r\n$1\r\na\r\n:1\r\n', '%1\r\n$1\r\na\r\n:1\r\n'],
    ['a set', new SetReply([a, 1]), '*2\r\n$1\r\na\r\n:1\r\n', '~2\r\n$1\r\na\r\n:1\r\n'],
    ['a push', new PushReply([a, 1]), '*2\r\n$1\r\na\r\n:1\r\n', '>2\r\n$1\r\na\r\n:1\r\n'],
    [
      'pairs',
      new Pairs([a, 1, a, 2]),
      '*4\r\n$1\r\na\r\n:1\r\n$1\r\na\r\n:2\r\n',
      '*2\r\n*2\r\n$1\r\na\r\n:1\r\n*2\r\n$1\r\na\r\n:2\r\n',
    ],
    ['replies', new Replies([1, 2]), ':1\r\n:2\r\n', ':1\r\n:2\r\n'],
    ['no reply', NO_REPLY, '', ''],
  ])('writes %s', (_, reply, resp2, resp3) => {
    for (const [protocol, expected] of [
      [2, resp2],
      [3, resp3],
    ] as [Protocol, string][]) {
      expect(encodeReply(reply, protocol)).toBe(expected)
      const pieces: string[] = []
      encodeInto({ write: (text) => pieces.push(text) }, reply, protocol)
      expect(pieces.join('')).toBe(expected)
      expect(pieces.length).toBe(expected === '' ? 0 : 1)
    }
  })
})

describe('encodeInto', () => {
  it('splits a large reply into pieces and passes big bulks on as they are', () => {
    const big = raw('b'.repeat(1 << 20))
    const small = raw('s'.repeat(1000))
    const reply: Reply = [
      Array<Bytes>(10).fill(big),
      new Pairs(Array<Bytes>(2000).fill(small)),
      new Verbatim(big),
      new MapReply([raw('k'), new Double(1.5)]),
    ]
    for (const protocol of [2, 3] as const) {
      const pieces: string[] = []
      encodeInto({ write: (text) => pieces.push(text) }, reply, protocol)
      expect(pieces.join('')).toBe(encodeReply(reply, protocol))
      expect(pieces.filter((piece) => piece === big)).toHaveLength(11)
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(1 << 20)
    }
  })
})

describe.each([
  ['whole', 1 << 20],
  ['byte by byte', 1],
] as [string, number][])('ReplyDecoder, fed %s', (_, size) => {
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
  const blob = fc.string({ unit: byte, maxLength: 30 }).map(raw)
  const line = blob.map((value) => raw(value.replace(/[\r\n]/g, '.')))
  const scalar3: fc.Arbitrary<Reply> = fc.oneof(
    blob,
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.constant(null),
    line.map((text) => (text === 'OK' ? OK : new Status(text))),
    line.map((text) => new ReplyError(text)),
    fc.double().map((value) => new Double(value)),
    fc.bigInt().map((value) => new BigNumber(raw(`${value}`))),
    blob.map((text) => new Verbatim(text, 'mkd')),
  )
  const scalar2: fc.Arbitrary<Reply> = fc.oneof(
    blob,
    fc.maxSafeInteger(),
    fc.constant(null),
    fc.constant(NIL_ARRAY),
    line.map((text) => new ReplyError(text)),
  )
  const nested = (scalar: fc.Arbitrary<Reply>, rich: boolean): fc.Arbitrary<Reply> =>
    fc.letrec<{ reply: Reply }>((tie) => {
      const items = fc.array(tie('reply'), { maxLength: 5 })
      const even = fc.array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 3 }).map((pairs) => pairs.flat())
      const kinds: fc.Arbitrary<Reply>[] = rich
        ? [
            even.map((list) => new MapReply(list)),
            items.map((list) => new SetReply(list)),
            items.map((list) => new PushReply(list)),
          ]
        : []
      return { reply: fc.oneof({ maxDepth: 4 }, scalar, items, ...kinds) }
    }).reply

  it('reads back every RESP3 reply', () => {
    fc.assert(
      fc.property(fc.array(nested(scalar3, true), { maxLength: 4 }), (replies) => {
        const input = replies.map((reply) => encodeReply(reply, 3)).join('')
        expect(decode(input, size)).toEqual({ replies, error: undefined })
      }),
    )
  })

  it('reads back every RESP2 reply', () => {
    fc.assert(
      fc.property(fc.array(nested(scalar2, false), { maxLength: 4 }), (replies) => {
        const input = replies.map((reply) => encodeReply(reply, 2)).join('')
        expect(decode(input, size)).toEqual({ replies, error: undefined })
      }),
    )
  })

  it('reads error blobs, nan, and null lengths', () => {
    const input = '!5\r\nERR x\r\n,nan\r\n,-nan\r\n,inf\r\n$-1\r\n*-1\r\n+OK\r\n'
    const nan = new Double(Number.NaN)
    const replies = [
      new ReplyError('ERR x'),
      new Double(Number.NaN, raw('nan')),
      nan,
      new Double(Infinity),
      null,
      NIL_ARRAY,
      OK,
    ]
    expect(decode(input, size)).toEqual({ replies, error: undefined })
  })

  it('drops attributes, wherever they stand', () => {
    const input = '|1\r\n$1\r\na\r\n*1\r\n:1\r\n*2\r\n:1\r\n|2\r\n:1\r\n:2\r\n:3\r\n|0\r\n:4\r\n:2\r\n+x\r\n'
    expect(decode(input, size)).toEqual({ replies: [[1, 2], new Status('x')], error: undefined })
  })

  it.each<[string, string]>([
    ['x\r\n', 'Protocol error, got "x" as reply type byte'],
    ['\r\n', 'Protocol error, got "\\r" as reply type byte'],
    [':1.5\r\n', 'Bad integer value'],
    [':\r\n', 'Bad integer value'],
    ['#x\r\n', 'Bad bool value'],
    ['_x\r\n', 'Bad nil value'],
    [',x\r\n', 'Bad double value'],
    ['(1.5\r\n', 'Bad bignum value'],
    ['$-2\r\n', 'Bad bulk string length'],
    ['$536870889\r\n', 'Bad bulk string length'],
    ['*-2\r\n', 'Multi-bulk length out of range'],
    ['*9999999999\r\n', 'Multi-bulk length out of range'],
    ['=3\r\nabc\r\n', 'Verbatim string 4 bytes of content type are missing or incorrectly encoded.'],
  ])('refuses %j', (input, error) => {
    expect(decode(`:1\r\n*2\r\n:2\r\n${input}:3\r\n`, size)).toEqual({ replies: [1], error })
  })
})

describe('ReplyDecoder memory', () => {
  it('allocates for what has arrived, not for what is promised', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 50 }, () => new ReplyDecoder())
    for (const decoder of decoders) {
      decoder.push(Buffer.from('*4000000000\r\n%2000000000\r\n$500000000\r\nabc'))
      expect(decoder.next()).toBeUndefined()
      expect(decoder.pendingBytes).toBe(3)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  it('keeps a double as it was written, where we would write it otherwise', () => {
    expect(decode(',3.14\r\n,1.5\r\n').replies).toEqual([new Double(3.14, raw('3.14')), new Double(1.5)])
  })

  it('reads nesting of any depth', () => {
    const depth = 100_000
    let reply = decode(`${'*1\r\n'.repeat(depth)}:1\r\n`).replies[0]
    let seen = 0
    while (Array.isArray(reply)) {
      reply = reply[0]
      seen++
    }
    expect([seen, reply]).toEqual([depth, 1])
  })
})
