/**
 * Lists, sets, sorted sets and hashes, read from every form that Redis has saved them in.
 *
 * The one idea: whatever the form, elements go one by one into our own structure, which takes its small or big state by
 * the limits in force, as Redis does on loading. A member or field that comes twice is refused. An empty collection, which
 * no Redis saves knowingly, is `undefined`.
 */
import type { Bytes } from '../base/bytes.ts'
import { parseDouble } from '../base/doubles.ts'
import { FieldHash } from '../structures/field-hash.ts'
import { List } from '../structures/list.ts'
import { type ScoredMember, SortedSet } from '../structures/sorted-set.ts'
import { StringSet } from '../structures/string-set.ts'
import type { ByteSource } from './byte-source.ts'
import { NODE } from './format.ts'
import { ListpackCursor } from './listpack.ts'
import { readIntset, readZiplist, type readZipmap } from './old-packs.ts'

/** A list as elements one after the other. */
export function readList(source: ByteSource): List | undefined {
  const list = new List()
  for (let left = source.count(); left > 0; left--) list.pushTail(source.string())
  return list.size === 0 ? undefined : list
}

/** A list as one ziplist. */
export function readListZiplist(source: ByteSource): List | undefined {
  const list = new List()
  for (const element of readZiplist(source.nested())) list.pushTail(element)
  return list.size === 0 ? undefined : list
}

/** A list as nodes, each a ziplist (versions 7 to 9). */
export function readQuicklist(source: ByteSource): List | undefined {
  const list = new List()
  for (let left = source.count(); left > 0; left--) {
    for (const element of readZiplist(source.nested())) list.pushTail(element)
  }
  return list.size === 0 ? undefined : list
}

/** A list as nodes, each a listpack or one long element (since version 10). */
export function readQuicklist2(source: ByteSource): List | undefined {
  const list = new List()
  for (let left = source.count(2); left > 0; left--) {
    const container = source.length()
    if (container === NODE.plain) {
      list.pushTail(source.string())
    } else if (container === NODE.packed) {
      const pack = new ListpackCursor(source.nested())
      while (pack.more) list.pushTail(pack.nextBytes())
    } else {
      throw source.corrupt(`a list has a node of kind ${container}`)
    }
  }
  return list.size === 0 ? undefined : list
}

/** A set as members one after the other. */
export function readSet(source: ByteSource): StringSet | undefined {
  const set = new StringSet()
  for (let left = source.count(); left > 0; left--) addMember(source, set, source.string())
  return set.size === 0 ? undefined : set
}

/** A set as an intset. */
export function readSetIntset(source: ByteSource): StringSet | undefined {
  const set = new StringSet()
  for (const member of readIntset(source.nested())) set.add(member)
  return set.size === 0 ? undefined : set
}

/** A set as a listpack (since version 11). */
export function readSetListpack(source: ByteSource): StringSet | undefined {
  const set = new StringSet()
  const pack = new ListpackCursor(source.nested())
  while (pack.more) addMember(source, set, pack.nextBytes())
  return set.size === 0 ? undefined : set
}

function addMember(source: ByteSource, set: StringSet, member: Bytes): void {
  if (!set.add(member)) throw source.corrupt('a set has a member twice')
}

const NAN_LENGTH = 253
const INFINITE = 254
const MINUS_INFINITE = 255

/** A sorted set as members and scores; scores are text (`readScoreText`) or doubles. */
export function readSortedSet(source: ByteSource, isText: boolean): SortedSet | undefined {
  const pairs: ScoredMember[] = []
  for (let left = source.count(2); left > 0; left--) {
    const member = source.string()
    pairs.push({ member, score: isText ? readScoreText(source) : source.double() })
  }
  return sortedSetOf(source, pairs)
}

/** A score as text behind its length (to version 7); three lengths stand for what is no number. */
function readScoreText(source: ByteSource): number {
  const length = source.byte()
  if (length === INFINITE) return Number.POSITIVE_INFINITY
  if (length === MINUS_INFINITE) return Number.NEGATIVE_INFINITY
  return length === NAN_LENGTH ? Number.NaN : scoreOf(source, source.latin1(length))
}

/** A sorted set as a ziplist of members and scores (to version 9). */
export function readSortedSetZiplist(source: ByteSource): SortedSet | undefined {
  const elements = readZiplist(source.nested())
  if (elements.length % 2 !== 0) throw source.corrupt('a sorted set has a member without score')
  const pairs: ScoredMember[] = []
  for (let i = 0; i < elements.length; i += 2) {
    pairs.push({ member: elements[i]!, score: scoreOf(source, elements[i + 1]!) })
  }
  return sortedSetOf(source, pairs)
}

/** A sorted set as a listpack of members and scores (since version 10). */
export function readSortedSetListpack(source: ByteSource): SortedSet | undefined {
  const pack = new ListpackCursor(source.nested())
  const pairs: ScoredMember[] = []
  while (pack.more) {
    const member = pack.nextBytes()
    const score = pack.next()
    pairs.push({ member, score: typeof score === 'string' ? scoreOf(source, score) : Number(score) })
  }
  return sortedSetOf(source, pairs)
}

function scoreOf(source: ByteSource, text: Bytes): number {
  const score = parseDouble(text)
  if (score === undefined) throw source.corrupt('a score is no number')
  return score
}

function sortedSetOf(source: ByteSource, pairs: ScoredMember[]): SortedSet | undefined {
  if (pairs.length === 0) return undefined
  if (pairs.some(({ score }) => Number.isNaN(score))) throw source.corrupt('a score is not a number')
  // The big form is saved from the highest down; ascending pairs are cheapest to add.
  if (pairs[0]!.score > pairs.at(-1)!.score) pairs.reverse()
  const set = SortedSet.of(pairs)
  if (set.size !== pairs.length) throw source.corrupt('a sorted set has a member twice')
  return set
}

/** A hash as fields and values one after the other. */
export function readHash(source: ByteSource): FieldHash | undefined {
  const hash = new FieldHash()
  for (let left = source.count(2); left > 0; left--) setField(source, hash, source.string(), source.string())
  return hash.size === 0 ? undefined : hash
}

/** A hash as a zipmap (to version 3) or a ziplist (to version 9). */
export function readHashOfPack(
  source: ByteSource,
  read: typeof readZipmap | typeof readZiplist,
): FieldHash | undefined {
  const elements = read(source.nested())
  if (elements.length % 2 !== 0) throw source.corrupt('a hash has a field without value')
  const hash = new FieldHash()
  for (let i = 0; i < elements.length; i += 2) setField(source, hash, elements[i]!, elements[i + 1]!)
  return hash.size === 0 ? undefined : hash
}

/** A hash as a listpack (since version 10). */
export function readHashListpack(source: ByteSource): FieldHash | undefined {
  const pack = new ListpackCursor(source.nested())
  const hash = new FieldHash()
  while (pack.more) setField(source, hash, pack.nextBytes(), pack.nextBytes())
  return hash.size === 0 ? undefined : hash
}

/** A hash with deadlines of fields, as deadline, field and value one after the other (since version 12). */
export function readHashMetadata(source: ByteSource, isEarly: boolean): FieldHash | undefined {
  // Deadlines count from the earliest one, plus one, so that 0 is none.
  const first = isEarly ? 1 : source.milliseconds()
  const hash = new FieldHash()
  for (let left = source.count(3); left > 0; left--) {
    const after = source.length()
    const field = source.string()
    setField(source, hash, field, source.string())
    if (after !== 0) setDeadline(source, hash, field, after + first - 1)
  }
  return hash.size === 0 ? undefined : hash
}

/** A hash with deadlines of fields, as a listpack of field, value and deadline (since version 12). */
export function readHashListpackEx(source: ByteSource, isEarly: boolean): FieldHash | undefined {
  // The earliest deadline stands in front, for those who do not unpack.
  if (!isEarly) source.milliseconds()
  const pack = new ListpackCursor(source.nested())
  const hash = new FieldHash()
  while (pack.more) {
    const field = pack.nextBytes()
    setField(source, hash, field, pack.nextBytes())
    const deadline = Number(pack.nextInteger())
    if (deadline !== 0) setDeadline(source, hash, field, deadline)
  }
  return hash.size === 0 ? undefined : hash
}

/** The last millisecond that Redis gives a field. */
const LAST_FIELD_DEADLINE = 2 ** 48 - 2

function setDeadline(source: ByteSource, hash: FieldHash, field: Bytes, deadline: number): void {
  if (!(deadline > 0 && deadline <= LAST_FIELD_DEADLINE)) throw source.corrupt(`a field cannot expire at ${deadline}`)
  hash.expireAt(field, deadline)
}

function setField(source: ByteSource, hash: FieldHash, field: Bytes, value: Bytes): void {
  if (!hash.set(field, value)) throw source.corrupt('a hash has a field twice')
}
