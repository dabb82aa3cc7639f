/**
 * Random and mutated bytes into both decoders: nothing throws, nothing grows beyond what was fed, and the way the
 * bytes are cut makes no difference. FUZZ_BYTES says how many bytes to feed (a soak takes 10,000,000), FUZZ_SEED
 * which ones.
 */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import type { Reply } from '../base/reply.ts'
import { noise, numbersFrom, spoilt } from '../testing/hostile-bytes.ts'
import { ReplyDecoder } from './reply-decoder.ts'
import { RequestDecoder } from './request-decoder.ts'
import { encodeCommand } from './request-encoder.ts'

const BYTES = Number(process.env.FUZZ_BYTES ?? (process.env.SOAK === '1' ? 10_000_000 : 300_000))
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_101)

const REQUESTS = [
  encodeCommand(['SET', 'key', 'value'].map(raw)),
  encodeCommand(['MSET', ...Array<string>(14).fill('x'.repeat(120))].map(raw)),
  encodeCommand(['ECHO', '\r\n\0$3\r\n', ''].map(raw)),
  'SET key "quoted \\x41" \'single\'\r\n',
  '*0\r\n\r\nPING\n',
]
const REPLIES = [
  '*3\r\n:1\r\n$5\r\nhello\r\n*1\r\n$-1\r\n',
  '%1\r\n+a\r\n,1.5\r\n~2\r\n#t\r\n_\r\n',
  '>2\r\n$7\r\nmessage\r\n|1\r\n+k\r\n:1\r\n(12345\r\n',
  '=8\r\ntxt:some\r\n!5\r\nERR x\r\n-ERR no\r\n*-1\r\n',
]
function sample(corpus: string[], next: (below: number) => number): string {
  if (next(8) === 0) return noise(next)
  let text = ''
  for (let i = next(6) + 1; i > 0; i--) text += corpus[next(corpus.length)]
  return spoilt(text, next)
}

interface Outcome {
  readonly decoded: unknown[]
  readonly error: string | undefined
  readonly pending: number
}

function decodeRequests(input: Buffer, cut: () => number): Outcome {
  const decoder = new RequestDecoder()
  const decoded: string[][] = []
  const lent = Buffer.alloc(input.length)
  for (let at = 0; at < input.length; ) {
    const size = Math.min(cut(), input.length - at)
    input.copy(lent, 0, at, at + size)
    decoder.push(lent, 0, size)
    for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) decoded.push(argv)
    decoder.release()
    lent.fill(0x24)
    at += size
    if (decoder.pendingBytes > at * 25) throw new Error(`${decoder.pendingBytes} bytes kept of ${at}`)
  }
  return { decoded, error: decoder.error?.message, pending: decoder.pendingBytes }
}

function decodeReplies(input: Buffer, cut: () => number): Outcome {
  const decoder = new ReplyDecoder()
  const decoded: Reply[] = []
  for (let at = 0; at < input.length; ) {
    const size = Math.min(cut(), input.length - at)
    decoder.push(input.subarray(at, at + size))
    for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) decoded.push(reply)
    at += size
    if (decoder.pendingBytes > at) throw new Error(`${decoder.pendingBytes} bytes kept of ${at}`)
  }
  return { decoded, error: decoder.error, pending: decoder.pendingBytes }
}

describe.each([
  ['RequestDecoder', REQUESTS, decodeRequests],
  ['ReplyDecoder', REPLIES, decodeReplies],
] as const)('%s under fuzz', (_, corpus, decode) => {
  it(
    'decodes any bytes alike, however they are cut',
    () => {
      const next = numbersFrom(SEED)
      let fed = 0
      let broken = 0
      let decoded = 0
      while (fed < BYTES) {
        const input = Buffer.from(sample([...corpus], next), 'latin1')
        const whole = decode(input, () => input.length)
        for (const cut of [() => 1, () => next(9) + 1]) {
          const parts = decode(input, cut)
          // isDeepStrictEqual first: `expect` costs more than both decoders together.
          if (!isDeepStrictEqual(parts, whole)) expect(parts).toEqual(whole)
        }
        fed += 3 * input.length
        decoded += whole.decoded.length
        if (whole.error !== undefined) broken++
      }
      // The control: both valid and broken input was among it.
      expect(decoded).toBeGreaterThan(10)
      expect(broken).toBeGreaterThan(10)
    },
    60_000 + BYTES / 10,
  )
})
