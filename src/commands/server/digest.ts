/**
 * DEBUG DIGEST: a fingerprint of data, the same as redis-server's for the same data.
 *
 * The one idea: what has an order is mixed in, one after the other; what has none (keys, members, fields) is combined by
 * XOR, so that any order gives the same.
 */
import { createHash } from 'node:crypto'
import { type Bytes, raw, toBuffer } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Reading, Value } from '../../keyspace/value.ts'
import type { List } from '../../structures/list.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId, MAX_ID, MIN_ID } from '../../structures/stream-id.ts'
import type { StringSet } from '../../structures/string-set.ts'
import { bytesOf } from '../string/string-value.ts'

const SIZE = 20
/** Redis' numbers of the types. */
const TYPES = { string: 0, list: 1, set: 2, zset: 3, hash: 4, stream: 6 } as const
const EXPIRES = raw('!!expire!!')

/** A fingerprint that grows. */
class Digest {
  readonly bytes = Buffer.alloc(SIZE)

  /** Combines without order. */
  combine(data: Buffer): void {
    const hash = sha1(data)
    for (let i = 0; i < SIZE; i++) this.bytes[i]! ^= hash[i]!
  }

  /** Combines in order. */
  mix(data: Buffer): void {
    this.combine(data)
    sha1(this.bytes).copy(this.bytes)
  }

  mixWord(word: Bytes): void {
    this.mix(toBuffer(word))
  }

  mixNumber(value: number): void {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    this.mix(bytes)
  }
}

const sha1 = (data: Buffer): Buffer => createHash('sha1').update(data).digest()

/** The fingerprint of all databases, in hex. */
export function digestOf(databases: readonly Database[]): string {
  const all = new Digest()
  for (const db of databases) {
    const keys = db.keys()
    if (keys.length > 0) all.mixNumber(db.index)
    for (const key of keys) {
      const one = new Digest()
      one.mixWord(key)
      mixValue(one, db, key)
      all.combine(one.bytes)
    }
  }
  return all.bytes.toString('hex')
}

/** The fingerprint of one value, in hex; zeros for a key that is not there. */
export function digestOfValue(db: Database, key: Bytes): string {
  const one = new Digest()
  mixValue(one, db, key)
  return one.bytes.toString('hex')
}

function mixValue(digest: Digest, db: Database, key: Bytes): void {
  const value = db.peek(key)
  if (value === undefined) return
  if (typeof value !== 'object' || !('type' in value)) {
    digest.mixNumber(TYPES.string)
    digest.mixWord(bytesOf(value))
  } else {
    digest.mixNumber(TYPES[value.type])
    mixCollection(digest, value)
  }
  if (db.deadline(key) !== undefined) digest.combine(toBuffer(EXPIRES))
}

type AnyCollection = Extract<Reading<Value>, { readonly type: string }>

function mixCollection(digest: Digest, value: AnyCollection): void {
  if (value.type === 'list') mixList(digest, value)
  else if (value.type === 'set') mixSet(digest, value)
  else if (value.type === 'zset')
    value.forEach((member, score) => void combinePair(digest, member, formatDouble(score)))
  else if (value.type === 'hash') value.forEach((field, held) => void combinePair(digest, field, held))
  else mixStream(digest, value)
}

function mixSet(digest: Digest, set: Reading<StringSet>): void {
  set.forEach((member) => {
    digest.combine(toBuffer(member))
  })
}

function combinePair(digest: Digest, first: Bytes, second: Bytes): void {
  const pair = new Digest()
  pair.mixWord(first)
  pair.mixWord(second)
  digest.combine(pair.bytes)
}

function mixList(digest: Digest, list: Reading<List>): void {
  list.forEachFrom(0, false, (element) => {
    digest.mixWord(element)
    return true
  })
}

function mixStream(digest: Digest, stream: Reading<Stream>): void {
  const cursor = stream.range(MIN_ID, MAX_ID)
  while (cursor.next()) {
    digest.mixWord(raw(formatId(cursor.id).replace('-', '.')))
    for (const word of cursor.fields) digest.mixWord(word)
  }
}
