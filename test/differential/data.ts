/** The whole data of both sides as text, key by key: type, encoding, deadline, contents. */
import { type Bytes, raw } from '../../src/base/bytes.ts'
import type { Reply } from '../../src/base/reply.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import type { Peers } from '../oracle/peers.ts'
import { canonical, itemsOf } from './differences.ts'

const READER = 'reader'

/** How to read a value of each type; `true` forgets the order. */
const CONTENTS: Readonly<Record<string, readonly [words: (key: Bytes) => Bytes[], sorted: boolean]>> = {
  string: [(key) => [raw('GET'), key], false],
  list: [(key) => [raw('LRANGE'), key, raw('0'), raw('-1')], false],
  set: [(key) => [raw('SMEMBERS'), key], true],
  hash: [(key) => [raw('HGETALL'), key], true],
  zset: [(key) => [raw('ZRANGE'), key, raw('0'), raw('-1'), raw('WITHSCORES')], false],
  stream: [(key) => [raw('XRANGE'), key, raw('-'), raw('+')], false],
}

interface Data {
  readonly ours: ReadonlyMap<string, string>
  readonly theirs: ReadonlyMap<string, string>
}

/** Reads everything in databases 0, 1 and 2. */
export async function dataOf(peers: Peers): Promise<Data> {
  const ours = new Map<string, string>()
  const theirs = new Map<string, string>()
  for (const db of ['0', '1', '2']) {
    await ask(peers, [raw('SELECT'), raw(db)])
    const found = await ask(peers, [raw('KEYS'), raw('*')])
    const keys = new Set([...(itemsOf(found.ours) ?? []), ...(itemsOf(found.theirs) ?? [])].map(String))
    for (const key of keys) {
      const [mine, other] = await describe(peers, raw(key))
      ours.set(`${db}:${key}`, mine)
      theirs.set(`${db}:${key}`, other)
    }
  }
  return { ours, theirs }
}

async function describe(peers: Peers, key: Bytes): Promise<[string, string]> {
  const type = await ask(peers, [raw('TYPE'), key])
  const encoding = await ask(peers, [raw('OBJECT'), raw('ENCODING'), key])
  const deadline = await ask(peers, [raw('PEXPIRETIME'), key])
  const typeName = canonical(type.theirs).replace('status:', '')
  const reading = CONTENTS[typeName]
  const contents = reading === undefined ? undefined : await ask(peers, reading[0](key))
  // Deadlines are set some milliseconds apart; far ones are compared to the minute.
  const minute = (reply: Reply): string => (typeof reply === 'number' ? `${Math.round(reply / 60_000)}` : '?')
  // A listed difference: integers beyond 2^53 are held as their digits.
  const big = typeof contents?.theirs === 'string' && /^-?\d{16,19}$/.test(contents.theirs)
  const text = (side: 'ours' | 'theirs'): string =>
    [
      canonical(type[side]),
      big ? 'string:int' : canonical(encoding[side]),
      minute(deadline[side]),
      contents === undefined ? '' : canonical(contents[side], reading![1]),
    ].join(' ')
  return [text('ours'), text('theirs')]
}

async function ask(peers: Peers, argv: Bytes[]): Promise<{ ours: Reply; theirs: Reply }> {
  await peers.deliver(READER, argv)
  const { ours, theirs } = peers.received()
  return { ours: decode(ours.get(READER)), theirs: decode(theirs.get(READER)) }
}

function decode(text: string | undefined): Reply {
  const decoder = new ReplyDecoder()
  decoder.push(Buffer.from(text ?? '', 'latin1'))
  return decoder.next() ?? null
}
