/** What DEBUG PROTOCOL and DEBUG POPULATE give: replies of every kind, and many keys. */
import { type Argv, type Bytes, bytes, lower, raw } from '../../base/bytes.ts'
import { err, NOT_POSITIVE } from '../../base/errors.ts'
import { parseInteger } from '../../base/integers.ts'
import {
  AttributeReply,
  BigNumber,
  Double,
  MapReply,
  OK,
  PushReply,
  Replies,
  type Reply,
  SetReply,
  Verbatim,
} from '../../base/reply.ts'
import type { Context } from '../context.ts'
import { stored } from '../string/string-value.ts'

const ONLY_RESP3 = err('RESP2 is not supported by this command')

/** Replies by the name of their type, for a protocol. */
const SAMPLES: Readonly<Record<string, (protocol: 2 | 3) => Reply>> = {
  string: () => raw('Hello World'),
  integer: () => 12_345,
  double: () => new Double(3141 / 1000),
  bignum: () => new BigNumber(raw('1234567999999999999999999999999999999')),
  null: () => null,
  array: () => [0, 1, 2],
  set: () => new SetReply([0, 1, 2]),
  map: () => new MapReply([0, false, 1, true, 2, false]),
  attrib: (protocol) => {
    const reply = raw('Some real reply following the attribute')
    if (protocol === 2) return reply
    return new Replies([new AttributeReply([raw('key-popularity'), [raw('key:123'), 90]]), reply])
  },
  push: (protocol) => {
    if (protocol === 2) throw ONLY_RESP3
    const push = new PushReply([raw('server-cpu-usage'), 42])
    return new Replies([push, raw('Some real reply following the push reply')])
  },
  verbatim: () => new Verbatim(raw('This is a verbatim\nstring')),
  true: () => true,
  false: () => false,
}

const NO_SAMPLE = err(`Wrong protocol type name. Please use one of the following: ${Object.keys(SAMPLES).join('|')}`)

/** DEBUG PROTOCOL. */
export function sampleOf({ client }: Context, type: Bytes): Reply {
  const name = lower(type)
  if (!Object.hasOwn(SAMPLES, name)) throw NO_SAMPLE
  return SAMPLES[name]!(client.protocol)
}

/** DEBUG POPULATE: keys that are there stay as they are. */
export function populate({ db }: Context, [countWord, prefix = bytes('key'), sizeWord]: Argv): Reply {
  const count = natural(countWord!)
  const size = sizeWord === undefined ? 0 : natural(sizeWord)
  for (let i = 0; i < count; i++) {
    const key = raw(`${prefix}:${i}`)
    if (db.has(key)) continue
    const text = `value:${i}`
    db.put(key, stored(raw(size === 0 ? text : text.slice(0, size).padEnd(size, '\0'))))
    db.touched(key)
  }
  return OK
}

function natural(word: Bytes): number {
  const value = parseInteger(word)
  if (typeof value !== 'number' || value < 0) throw NOT_POSITIVE
  return value
}
