/**
 * Where a reply may differ from redis-server's, and why. Each entry names one command and one reply field.
 *
 * The one idea: `same` says what must still hold. At most 30 entries; a test counts them.
 */
import type { Bytes } from '../../src/base/bytes.ts'
import { Double, MapReply, Pairs, type Reply, ReplyError, SetReply, Status } from '../../src/base/reply.ts'
import { readPayload } from '../../src/rdb/dump.ts'
import { textOf } from '../rdb/text-of.ts'

export interface Difference {
  readonly command: string
  readonly field: string
  readonly reason: string
  readonly same: (ours: Reply, theirs: Reply, argv: readonly Bytes[]) => boolean
}

const ARBITRARY = 'Redis gives the members of a hash table in the order of its random seed'
const DRAWN = 'drawn at random on both sides'
const CLOCK = 'the two processes run the command some milliseconds apart'
const ROUNDED = 'deadlines beyond 2^53 ms, 285,000 years off, are kept to the second'

/** A reply in a form that can be compared by text; `sorted` forgets the order of its elements. */
export function canonical(reply: Reply, sorted = false): string {
  if (reply === null || typeof reply !== 'object') return `${typeof reply}:${String(reply)}`
  if (reply instanceof Status) return `status:${reply.text}`
  if (reply instanceof Double) return `double:${reply.value}`
  const items = itemsOf(reply)
  if (items === undefined) return `other:${reply instanceof ReplyError ? reply.message : JSON.stringify(reply)}`
  const texts = items.map((item) => canonical(item))
  return `[${(sorted ? texts.sort() : texts).join(',')}]`
}

/** The elements of any aggregate. */
export function itemsOf(reply: Reply): readonly Reply[] | undefined {
  if (Array.isArray(reply)) return reply as readonly Reply[]
  if (reply instanceof SetReply || reply instanceof MapReply || reply instanceof Pairs) return reply.items
  return undefined
}

const anyOrder = (ours: Reply, theirs: Reply): boolean => canonical(ours, true) === canonical(theirs, true)

/** Pairs in any order: of a map, or of a flat array. */
function pairsInAnyOrder(ours: Reply, theirs: Reply): boolean {
  const sorted = (reply: Reply): string => {
    const items = itemsOf(reply) ?? []
    const pairs: string[] = []
    for (let i = 0; i + 1 < items.length; i += 2) pairs.push(`${canonical(items[i]!)}=${canonical(items[i + 1]!)}`)
    return `${items.length}:${pairs.sort().join(',')}`
  }
  return sorted(ours) === sorted(theirs)
}

/** SORT BY nosort of a set with LIMIT: which members come is as arbitrary as their order. */
function anyOrderOrUnsorted(ours: Reply, theirs: Reply, argv: readonly Bytes[]): boolean {
  const unsorted = argv.some((word, i) => word.toUpperCase() === 'BY' && !argv[i + 1]?.includes('*'))
  return anyOrder(ours, theirs) || (unsorted && sameShape(ours, theirs))
}

/** The same kind and number of things. */
function sameShape(ours: Reply, theirs: Reply): boolean {
  const shape = (reply: Reply): string => {
    const items = itemsOf(reply)
    return items === undefined ? (reply === null ? 'null' : typeof reply) : `[${items.map(shape).join(',')}]`
  }
  return shape(ours) === shape(theirs)
}

const isInteger = (reply: Reply): reply is number | bigint => typeof reply === 'bigint' || Number.isInteger(reply)

/** Numbers that differ by at most so much, anywhere in the reply. */
const near =
  (most: number) =>
  (ours: Reply, theirs: Reply): boolean => {
    if (isInteger(ours) && isInteger(theirs)) {
      const [mine, other] = [BigInt(ours), BigInt(theirs)]
      const apart = mine > other ? mine - other : other - mine
      return apart === 0n || (mine >= 0n && other >= 0n && apart <= BigInt(most))
    }
    const mine = itemsOf(ours)
    const others = itemsOf(theirs)
    if (mine === undefined || others === undefined) return canonical(ours) === canonical(theirs)
    return mine.length === others.length && mine.every((item, i) => near(most)(item, others[i]!))
  }

const unordered = (command: string, same: Difference['same'] = anyOrder): Difference => ({
  command,
  field: 'order of elements',
  reason: ARBITRARY,
  same,
})
const drawn = (command: string, field: string): Difference => ({ command, field, reason: DRAWN, same: sameShape })
const clocked = (command: string, field: string, most: number, reason = CLOCK): Difference => ({
  command,
  field,
  reason,
  same: near(most),
})

/** Payloads of equal values; moments of a stream's consumers may be seconds apart. */
function samePayload(ours: Reply, theirs: Reply): boolean {
  if (typeof ours !== 'string' || typeof theirs !== 'string') return false
  const read = (payload: Bytes): string => {
    const value = readPayload(payload)
    return value === undefined ? 'nothing' : textOf(value).replaceAll(/\d{13}/g, 'now')
  }
  return read(ours) === read(theirs)
}

export const differences: readonly Difference[] = [
  unordered('SMEMBERS'),
  unordered('SUNION'),
  unordered('SINTER'),
  unordered('SDIFF'),
  unordered('KEYS'),
  unordered('HKEYS'),
  unordered('HVALS'),
  unordered('HGETALL', pairsInAnyOrder),
  unordered('SORT', anyOrderOrUnsorted),
  unordered('SORT_RO', anyOrderOrUnsorted),
  {
    command: 'OBJECT|REFCOUNT',
    field: 'count',
    reason: 'small integers are values here, not shared objects; Redis loses the sharing in COPY',
    same: (ours, theirs) => typeof ours === 'number' && typeof theirs === 'number',
  },
  {
    command: 'DUMP',
    field: 'bytes of the payload',
    reason: 'compression and the order of hash tables leave a choice; both sides restore either to equal data',
    same: samePayload,
  },
  drawn('SPOP', 'members'),
  drawn('SRANDMEMBER', 'members'),
  drawn('HRANDFIELD', 'fields'),
  drawn('ZRANDMEMBER', 'members'),
  drawn('RANDOMKEY', 'key'),
  clocked('TTL', 'seconds', 1),
  clocked('PTTL', 'milliseconds', 2000, `${CLOCK}; ${ROUNDED}`),
  clocked('EXPIRETIME', 'seconds', 1),
  clocked('PEXPIRETIME', 'milliseconds', 2000, `${CLOCK}; ${ROUNDED}`),
  {
    command: 'OBJECT|ENCODING',
    field: 'encoding of integers beyond 2^53',
    reason: 'they are held as their digits, so that what INCRBYFLOAT wrote looks like what SET wrote',
    same: (ours, theirs) => ours === 'int' && theirs === 'embstr',
  },
  {
    command: 'OBJECT|IDLETIME',
    field: 'seconds',
    reason: "small integers share one object in Redis, whose clock is the server's start; others are a second apart",
    same: sameShape,
  },
  clocked('XPENDING', 'idle milliseconds', 5000),
  clocked('XINFO|CONSUMERS', 'idle milliseconds', 5000),
  clocked('XINFO|STREAM', 'delivery and seen times', 5000),
]
