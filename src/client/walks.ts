/**
 * Walks: SCAN and its kin as async generators.
 *
 * The one idea: a page at a time, each asked for when the one before it has been read; the cursor stays in here. Keys are
 * walked node by node, where a store has several.
 */
import { type Backend, BackendError, type Runner } from '../backend/backend.ts'
import { type Bytes, text } from '../base/bytes.ts'
import { parseDouble } from '../base/doubles.ts'
import { Double, isArray, type Reply, ReplyError } from '../base/reply.ts'
import type { Text, Value } from '../commands/args/nodes.ts'
import { lineOf } from './any-command.ts'
import { RedisError } from './errors.ts'

/** How to walk. */
export interface WalkOptions {
  /** Only what matches this pattern. */
  readonly match?: Text
  /** About how many are looked at for each page; 10 unless given. */
  readonly count?: number
}

/** How to walk over keys. */
export interface ScanOptions extends WalkOptions {
  /** Only keys that hold this type. */
  readonly type?: 'string' | 'list' | 'set' | 'zset' | 'hash' | 'stream'
}

type Decode<S> = (value: Bytes) => S

/** Every key. */
export async function* keysOf<S>(
  backend: Backend,
  options: ScanOptions,
  decode: Decode<S>,
): AsyncGenerator<S, void, undefined> {
  const nodes = (await backend.nodes?.()) ?? [backend]
  for (const node of nodes) {
    for await (const page of pages(node, ['SCAN'], options)) for (const key of page) yield decode(stringIn(key))
  }
}

/** Every field with its value. */
export async function* fieldsOf<S>(
  backend: Backend,
  key: Text,
  options: WalkOptions,
  decode: Decode<S>,
): AsyncGenerator<[S, S], void, undefined> {
  for await (const page of pages(backend, ['HSCAN', key], options)) {
    for (let i = 0; i + 1 < page.length; i += 2) yield [decode(stringIn(page[i]!)), decode(stringIn(page[i + 1]!))]
  }
}

/** Every member of a set. */
export async function* elementsOf<S>(
  backend: Backend,
  key: Text,
  options: WalkOptions,
  decode: Decode<S>,
): AsyncGenerator<S, void, undefined> {
  for await (const page of pages(backend, ['SSCAN', key], options))
    for (const item of page) yield decode(stringIn(item))
}

/** Every member of a sorted set with its score. */
export async function* membersOf<S>(
  backend: Backend,
  key: Text,
  options: WalkOptions,
  decode: Decode<S>,
): AsyncGenerator<[S, number], void, undefined> {
  for await (const page of pages(backend, ['ZSCAN', key], options)) {
    for (let i = 0; i + 1 < page.length; i += 2) yield [decode(stringIn(page[i]!)), scoreIn(page[i + 1]!)]
  }
}

async function* pages(
  runner: Runner,
  words: readonly Text[],
  { match, count, type }: ScanOptions,
): AsyncGenerator<readonly Reply[], void, undefined> {
  const options: Value[] = []
  if (match !== undefined) options.push('MATCH', match)
  if (count !== undefined) options.push('COUNT', count)
  if (type !== undefined) options.push('TYPE', type)
  let cursor = '0'
  do {
    const { command, argv } = lineOf([...words, cursor, ...options])
    const reply = await runner.call(command, argv)
    if (reply instanceof ReplyError) throw new RedisError(reply)
    const [next, items] = isArray(reply) ? reply : []
    if (typeof next !== 'string' || items === undefined || !isArray(items)) throw unexpected()
    cursor = text(next)
    yield items
  } while (cursor !== '0')
}

function stringIn(reply: Reply): Bytes {
  if (typeof reply !== 'string') throw unexpected()
  return reply
}

function scoreIn(reply: Reply): number {
  const score = reply instanceof Double ? reply.value : typeof reply === 'string' ? parseDouble(reply) : undefined
  if (score === undefined) throw unexpected()
  return score
}

const unexpected = (): BackendError =>
  new BackendError('UNEXPECTED_REPLY', 'A page of a walk has not the shape of one.')
