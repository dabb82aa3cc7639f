/**
 * One generated script, defined, with the data and arguments that it runs on.
 */
import { seededRandom } from '../../../src/base/random.ts'
import { script, type Script } from '../../../src/client/scripts/script.ts'
import type { Database } from '../../../src/index.ts'
import { type ArgSpec, type KeySpec, t } from '../../../src/script/spec.ts'
import { heldBy } from '../../../src/testing/scripts/data.ts'
import { randomScript } from './statements.ts'

const KEYS: KeySpec = {
  s: 'string',
  s2: 'string',
  l: 'list',
  h: 'hash',
  st: 'set',
  z: 'zset',
  x: 'stream',
  y: 'stream',
  any: 'any',
}
const shape = t.object({ a: t.number, b: t.string })
const ARGS: ArgSpec = {
  n: t.number,
  m: t.number,
  i: t.number,
  t: t.string,
  a: t.ascii,
  b: t.boolean,
  ns: t.array(t.number),
  ts: t.array(t.string),
  r: t.record(t.number),
  o: shape,
  maybe: t.string.nullable(),
}

const NAMES = Object.fromEntries(Object.keys(KEYS).map((name) => [name, `{t}${name}`]))

/** What a run came to. */
export interface Outcome {
  readonly result?: unknown
  readonly code?: string
  readonly line?: number | undefined
  readonly message?: string
  readonly data: unknown
}

export interface Trial {
  readonly seed: number
  readonly source: string
  readonly made: Script<KeySpec, ArgSpec, unknown>
  readonly args: Readonly<Record<string, unknown>>
  readonly given: readonly (readonly (string | number)[])[]
}

/** Makes the trial of a seed. Throws a ScriptDefinitionError if its script does not compile, which is a fault. */
export function trialOf(seed: number): Trial {
  const random = seededRandom(seed)
  const source = randomScript(random)
  // What a user has written, and the runtime has parsed: its text is `source`, to the letter.
  const body: unknown = new Function('shape', `return ${source}`)(shape)
  if (!isBody(body)) throw new Error('the generator wrote no function')
  const made = script(
    { name: `seed-${seed}`, keys: KEYS, args: ARGS, returns: t.json, derivedKeys: true, constants: { shape } },
    body,
    { check: false },
  )
  const one = <T>(items: readonly T[]): T => items[random.below(items.length)]!
  const args = {
    n: one([0, 1, -2, 3.5, 1e16, 123456]),
    m: one([0, 2, -0.25, 9007199254740991]),
    i: one([0, 1, -1, 2]),
    t: one(['', 'f', 'naïve 😀', '12', '%s', 'a,b,c', '\\"]]\0']),
    a: one(['', 'abc', 'A-b.C', '  x', 'f']),
    b: one([true, false]),
    ns: one([[], [1], [3, 1, 2], [0.5, -1, 1e15, 7]]),
    ts: one([[], ['a'], ['x', 'ü', ''], ['1', '2.5', 'z']]),
    r: one([{}, { f: 1 }, { g: 2.5, a: -1 }, { 'long field': 3, ü: 4 }]),
    o: one([
      { a: 1, b: 'x' },
      { a: -0.5, b: '' },
    ]),
    maybe: one([null, 'f', '12']),
  }
  return { seed, source, made, args, given: dataOf(one) }
}

function isBody(value: unknown): value is (keys: unknown, args: unknown, env: unknown) => unknown {
  return typeof value === 'function'
}

function dataOf(one: <T>(items: readonly T[]) => T): (string | number)[][] {
  return one([
    [],
    [
      ['SET', 's', one(['5', '2.5', 'text', 'ü'])],
      ['RPUSH', 'l', 'a', '1', 'ü', 'b'],
      ['HSET', 'h', 'f', '1', 'g', 'text', 'n', '4'],
      ['SADD', 'st', 'a', '12', 'm'],
      ['ZADD', 'z', 1, 'a', 2.5, 'b', 2.5, 'c'],
      ['XADD', 'x', '1-1', 'f', 'one'],
      ['SET', 's2', 'x', 'PX', 1e7],
    ],
    [
      ['RPUSH', one(['s', 'h', 'st', 'z', 'x']), 'wrong'],
      ['ZADD', 'any', 1, 'a'],
      ['RPUSH', 'l', '1', '2', '3'],
    ],
  ])
}

/** Runs a trial on fresh data. The keys of the store that begin with `{t}` are removed first. */
export async function outcomeOn(db: Database, { made, args, given }: Trial): Promise<Outcome> {
  await db.flushall()
  for (const [name, key, ...rest] of given) await db.call(`${name}`, `{t}${key}`, ...rest)
  let outcome: Omit<Outcome, 'data'>
  try {
    outcome = { result: await made(db, NAMES, args) }
  } catch (error) {
    if (!hasCode(error)) throw error
    outcome = { code: error.code, line: error.at?.line, message: error.message }
  }
  const data = await heldBy(db, '{t}')
  // Ids that the store makes up differ: of this stream the entries are counted.
  if (typeof data.y === 'string') data.y = String(JSON.parse(data.y).length)
  return { ...outcome, data }
}

interface Failure extends Error {
  readonly code: string
  readonly at?: { readonly line: number }
}

function hasCode(error: unknown): error is Failure {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.name !== 'ShadowError'
}
