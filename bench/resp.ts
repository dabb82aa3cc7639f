/**
 * What a word costs on its way in, and a reply on its way out: `npm run bench -- resp`.
 *
 * The one idea: a read holds 16 pipelined commands, as in redis-benchmark -P 16; figures are per read, so divide by
 * the words named in the title. The last group measures the ways to cut one word out of a buffer, which decided how
 * src/resp/words.ts works.
 */
import { bench, do_not_optimize, group, run as measure } from 'mitata'
import { type Bytes, raw } from '../src/base/bytes.ts'
import { Double, OK, Pairs, type Reply } from '../src/base/reply.ts'
import { encodeReply } from '../src/resp/reply-encoder.ts'
import { RequestDecoder } from '../src/resp/request-decoder.ts'
import { encodeCommand } from '../src/resp/request-encoder.ts'
import { word } from '../src/resp/words.ts'

const PIPELINE = 16

function read(command: (n: number) => string[], count = PIPELINE): Buffer {
  const commands = Array.from({ length: count }, (_, n) => encodeCommand(command(n).map(raw)))
  return Buffer.from(commands.join(''), 'latin1')
}

function key(n: number): string {
  return `key:${String(n * 7919).padStart(12, '0')}`
}

function drain(decoder: RequestDecoder, input: Buffer): number {
  let words = 0
  decoder.push(input, 0, input.length)
  for (let argv = decoder.next(); argv !== undefined; argv = decoder.next()) words += argv.length
  decoder.release()
  return words
}

const reads: [string, Buffer][] = [
  ['16 SET, 16-byte key, 3-byte value: 48 words', read((n) => ['SET', key(n), 'xxx'])],
  ['16 SET, 16-byte key, 64-byte value: 48 words', read((n) => ['SET', key(n), 'x'.repeat(64)])],
  ['16 GET, 16-byte key: 32 words', read((n) => ['GET', key(n)])],
  ['16 INCR, 9-byte key: 32 words', read(() => ['INCR', 'key:12345'])],
  ['one GET: 2 words', read((n) => ['GET', key(n)], 1)],
  ['one MSET of 50 pairs: 101 words', read(() => ['MSET', ...Array.from({ length: 100 }, (_, n) => key(n))], 1)],
]

const value = raw('x'.repeat(64))
const replies: [string, Reply][] = [
  ['OK', OK],
  ['an integer', 42],
  ['a bulk of 64 bytes', value],
  ['an array of 100 bulks', Array<Bytes>(100).fill(value)],
  ['50 members with scores', new Pairs(Array.from({ length: 100 }, (_, n) => (n % 2 ? new Double(n / 10) : value)))],
]
const out = Buffer.alloc(1 << 16)

const input = read((n) => ['GET', key(n)])
const from = input.indexOf('key:')

/** Prints time and allocation of every case. */
export async function run(): Promise<void> {
  group('decode requests', () => {
    for (const [title, input] of reads) {
      const decoder = new RequestDecoder()
      bench(title, () => do_not_optimize(drain(decoder, input)))
    }
  })

  group('encode replies and write them into a buffer', () => {
    for (const [title, reply] of replies) {
      bench(title, () => out.latin1Write(encodeReply(reply, 3), 0))
    }
  })

  group('cut a word of 16 bytes', () => {
    bench('latin1Slice', () => do_not_optimize(input.latin1Slice(from, from + 16)))
    bench('fromCharCode', () => do_not_optimize(word(input, from, 16)))
  })

  await measure()
}
