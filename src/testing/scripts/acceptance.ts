/**
 * The acceptance rows of portable scripts: what each gives and what it leaves behind, the same on every store.
 *
 * The one idea: a row is data: commands that prepare, a run, what it gives, what stands in the store afterwards. All keys
 * carry one hash tag, so that the rows hold on a cluster too.
 */
import type { Database } from '../../client/database.ts'
import * as own from './acceptance-scripts.ts'
import * as value from './value-scripts.ts'

/** What a key holds: text, a list, or an object of fields, members or scores. */
export type Held = string | readonly string[] | Readonly<Record<string, string | number>>

export interface AcceptanceRow {
  /** Its number among the rows, and what it is about. */
  readonly row: string
  /** Commands run before, keys as in `data`. */
  readonly given: readonly (readonly (string | number)[])[]
  run(db: Database): Promise<unknown>
  readonly gives: unknown
  /** Everything that is there afterwards: sets as sorted lists. Left out where the time of a run stands in it. */
  readonly data?: Readonly<Record<string, Held>>
}

/** A key of the rows. */
export const k = (name: string): string => `{acc}${name}`

/** Runs commands; their first argument is a key. */
export async function prepare(db: Database, given: AcceptanceRow['given']): Promise<void> {
  for (const [name, key, ...rest] of given) await db.call(`${name}`, k(`${key}`), ...rest)
}

const row = (
  name: string,
  given: AcceptanceRow['given'],
  run: (db: Database) => Promise<unknown>,
  gives: unknown,
  data?: AcceptanceRow['data'],
): AcceptanceRow => ({ row: name, given, run, gives, ...(data && { data }) })

const arithmetic = (name: string, a: number, b: number, gives: number) =>
  row(name, [], (db) => own.arithmetic(db, {}, { a, b }), gives, {})

const keepMax = (name: string, key: string, given: AcceptanceRow['given'], a: number, gives: unknown, after?: string) =>
  row(name, given, (db) => own.keepMax(db, { k: k(key) }, { a }), gives, after === undefined ? {} : { [key]: after })

const LISTS = { inp: k('inp'), left: k('left'), right: k('right') }
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

const WITH_LISTS: readonly AcceptanceRow[] = [
  row('8 split', [['RPUSH', 'inp', 1, 3, 2, 4]], (db) => own.split(db, LISTS, { cmp: 3 }), null, {
    left: ['1', '2'],
    right: ['3', '4'],
  }),
  row('9 split of nothing leaves nothing', [], (db) => own.split(db, LISTS, { cmp: 3 }), null, {}),
  row(
    '10 partition',
    [['RPUSH', 'inp', 5, 2, 3, 7, 9, 8, 8, 1, 4]],
    (db) => own.partition(db, LISTS, { cmp: 5 }),
    null,
    {
      left: ['4', '1', '3', '2'],
      right: ['5', '7', '9', '8', '8'],
    },
  ),
  row(
    '11 partition moves the last one over',
    [
      ['RPUSH', 'inp', ...DIGITS],
      ['RPUSH', 'left', 4, 1, 3, 2],
    ],
    (db) => own.partition(db, LISTS, { cmp: 7 }),
    null,
    { left: ['6', '5', '4', '3', '2', '1', '4', '1', '3'], right: ['2', '7', '8', '9'] },
  ),
  row(
    '12 partition of what is left',
    [['RPUSH', 'inp', 6, 5, 4, 3, 2, 1, 4, 1, 3]],
    (db) => own.partition(db, LISTS, { cmp: 3 }),
    null,
    { left: ['1', '1', '2'], right: ['6', '5', '4', '3', '4', '3'] },
  ),
  row('36 popMany', [['LPUSH', 'l', 'a', 'b', 'c']], (db) => value.popTwo(db, { l: k('l') }), ['c', 'b'], { l: ['a'] }),
  row('37 popMany of nothing', [], (db) => value.popTwo(db, { l: k('l') }), [], {}),
  row(
    '38 range beyond both ends',
    [['RPUSH', 'l', 'a', 'b', 'c', 'd', 'e']],
    (db) => value.rangeOf(db, { l: k('l') }, { from: -100, to: 100 }),
    ['a', 'b', 'c', 'd', 'e'],
  ),
  row(
    '39 range backwards',
    [['RPUSH', 'l', 'a', 'b', 'c', 'd', 'e']],
    (db) => value.rangeOf(db, { l: k('l') }, { from: 3, to: 1 }),
    [],
  ),
  row('42 a condition on a length', [], (db) => value.yesOrNo(db, { l: k('l') }), 'n', {}),
]

const SIDES = { left: k('left'), right: k('right') }
const swap = (
  name: string,
  left: string[],
  right: string[],
  members: string[],
  gives: object,
  data: Record<string, string[]>,
) =>
  row(
    name,
    [
      ['SADD', 'left', ...left],
      ['SADD', 'right', ...right],
    ],
    (db) => own.swap(db, SIDES, { members }),
    gives,
    data,
  )

const WITH_SETS: readonly AcceptanceRow[] = [
  row(
    '13 lowest with a prefix',
    [['ZADD', 'z', 0, 'a_x_0', 0.5, 'b_v_0', 1, 'a_p_1', 1, 'b_t_1', 1.5, 'b_q_2', 2, 'b_u_3', 2, 'c_e_0']],
    (db) => own.lowest(db, { z: k('z') }, { prefix: 'a_' }),
    ['a_x_0', 'a_p_1'],
    { z: { b_u_3: 2, c_e_0: 2 } },
  ),
  row(
    '14 lowest empties',
    [['ZADD', 'z', 15, 'c_k_6']],
    (db) => own.lowest(db, { z: k('z') }, { prefix: 'a_' }),
    [],
    {},
  ),
  swap(
    '15 swap, there and back',
    ['a', 'b', 'c', 'd'],
    ['b', 'd', 'e', 'f'],
    ['a', 'b', 'c'],
    { a: true, c: true },
    {
      left: ['a', 'b', 'c', 'd'],
      right: ['b', 'd', 'e', 'f'],
    },
  ),
  swap(
    '16 swap more',
    ['a', 'b', 'c', 'd'],
    ['b', 'd', 'e', 'f'],
    ['a', 'd', 'e', 'f'],
    { a: true, e: true, f: true },
    {
      left: ['a', 'b', 'c', 'd', 'e', 'f'],
      right: ['b', 'd'],
    },
  ),
  swap(
    '17 swap of what is on both sides',
    ['a', 'b', 'd'],
    ['b', 'd'],
    ['d'],
    {},
    { left: ['a', 'b', 'd'], right: ['b', 'd'] },
  ),
  row(
    '40 popMax',
    [['ZADD', 'z', 0.25, 'a', 0.5, 'b', 0.75, 'c']],
    (db) => value.popHighest(db, { z: k('z') }, { n: 2 }),
    [
      ['c', 0.75],
      ['b', 0.5],
    ],
    { z: { a: 0.25 } },
  ),
  row(
    '68 equal scores from below',
    [['ZADD', 'z', 1, 'b', 1, 'a', 1, 'c']],
    (db) => value.popLowest(db, { z: k('z') }, { n: 2 }),
    [
      ['a', 1],
      ['b', 1],
    ],
    { z: { c: 1 } },
  ),
  row(
    '68 equal scores from above',
    [['ZADD', 'z', 1, 'b', 1, 'a', 1, 'c']],
    (db) => value.popHighest(db, { z: k('z') }, { n: 1 }),
    [['c', 1]],
    {
      z: { a: 1, b: 1 },
    },
  ),
]

const PICK = { queue: k('queue'), info: k('info'), busy: k('busy') }
const CHECK = { queue: k('queue'), busy: k('busy'), heartbeat: k('beat') }

const WORKERS: readonly AcceptanceRow[] = [
  row(
    '18 pick',
    [
      ['ZADD', 'queue', 0.25, 't0', 1, 't1'],
      ['HSET', 'info', 't0', '0.5', 't1', '0.75'],
    ],
    (db) => own.pick(db, PICK, { worker: 'w1' }),
    ['t1', 0.75],
    { queue: { t0: 0.25 }, info: { t0: '0.5', t1: '0.75' }, busy: { t1: 'w1' } },
  ),
  row('19 pick of nothing creates nothing', [], (db) => own.pick(db, PICK, { worker: 'w1' }), [], {}),
  row('20 check', [['HSET', 'busy', 't1', 'w0']], (db) => own.check(db, CHECK, { task: 't1', worker: 'w0' }), 1, {
    queue: { t1: 2 },
  }),
  row(
    '21 check of a living worker',
    [
      ['HSET', 'busy', 't1', 'w0'],
      ['SET', 'beat', 'alive'],
    ],
    (db) => own.check(db, CHECK, { task: 't1', worker: 'w0' }),
    null,
    { busy: { t1: 'w0' }, beat: 'alive' },
  ),
]

const KEY = { k: k('bar') }
const HASH = { h: k('h') }

const WITH_TEXT: readonly AcceptanceRow[] = [
  row('26 set', [], (db) => value.setValue(db, KEY, { v: 'v' }), true, { bar: 'v' }),
  row('27 set if missing', [['SET', 'bar', 'a']], (db) => value.setIfMissing(db, KEY, { v: 'c' }), false, { bar: 'a' }),
  row(
    '28 getSet with a deadline',
    [['SET', 'bar', 'a']],
    async (db) => {
      const old = await value.replaceValue(db, KEY, { v: 'b' })
      const left = await db.pttl(k('bar'))
      return [old, left > 0 && left <= 100]
    },
    ['a', true],
  ),
  row('29 getSet of a missing key', [], (db) => value.swapValue(db, KEY, { v: 'x' }), null, { bar: 'x' }),
  row(
    '30 set keeps the deadline',
    [['SET', 'bar', 'b', 'EX', 100]],
    async (db) => [await value.keepTtl(db, KEY, { v: 'c' }), (await db.pttl(k('bar'))) > 90_000],
    [true, true],
    { bar: 'c' },
  ),
  row('35 incrBy', [['SET', 'bar', '0.25']], (db) => value.addHalf(db, KEY), 0.75, { bar: '0.75' }),
  row('41 type of nothing', [], (db) => value.typeOfKey(db, KEY), null, {}),
  row('41 type', [['ZADD', 'bar', 1, 'a']], (db) => value.typeOfKey(db, KEY), 'zset', { bar: { a: 1 } }),
  row('43 default for missing only', [['SET', 'bar', '']], (db) => value.orDefault(db, KEY), '', { bar: '' }),
  row('43 default', [], (db) => value.orDefault(db, KEY), 'd', {}),
  row(
    '60 milliseconds',
    [['SET', 'bar', 'x']],
    async (db) => {
      const left = await value.expiring(db, KEY)
      return left !== null && left > 1400 && left <= 1500
    },
    true,
  ),
]

const WITH_HASHES: readonly AcceptanceRow[] = [
  row(
    '31 getMany',
    [['HSET', 'h', 'd', 3, 'e', 4, 'f', 5]],
    (db) => value.someFields(db, HASH),
    { b: null, c: null, d: '3', e: '4' },
    {
      h: { d: '3', e: '4', f: '5' },
    },
  ),
  row('32 a missing field is null', [], (db) => value.isFieldMissing(db, HASH), true, {}),
  row('33 getAll of nothing', [], (db) => value.allFields(db, HASH), {}, {}),
  row('34 incrBy of a field', [['HSET', 'h', 'e', 4]], (db) => value.addToField(db, HASH), 6, { h: { e: '6' } }),
]

const valued = (name: string, run: (db: Database) => Promise<unknown>, gives: unknown) => row(name, [], run, gives, {})
const O = { a: [1, null, 2], b: 'ü' }

const VALUES: readonly AcceptanceRow[] = [
  valued('44 a null argument', (db) => value.isNullArgument(db, {}, { a: null }), true),
  valued('45 []', (db) => value.emptyArray(db, {}), []),
  valued('45 {}', (db) => value.emptyObject(db, {}), {}),
  valued('45 {a: []}', (db) => value.emptyInside(db, {}), { a: [] }),
  ...[9007199254740991, 0.1 + 0.2, -0.5, 1e21, 5e-324, 1.7976931348623157e308].map((a) =>
    valued(`46 ${a}`, (db) => value.sameNumber(db, {}, { a }), a),
  ),
  ...[1e15, 1, 1.5, -0.5, 1e21, 0.1 + 0.2, 1e-7, 123456789012345680000].map((a) =>
    valued(`47 the text of ${a}`, (db) => value.numberText(db, {}, { a }), `${a}`),
  ),
  valued('48 floor and trunc', (db) => value.rounded(db, {}, { a: -3.5 }), [-4, -3]),
  valued('49 remainders', (db) => value.remainders(db, {}, { a: 7 }), [1, -1]),
  valued('50 a literal dot', (db) => value.position(db, {}, { s: 'a.b', p: '.', from: 0 }), 1),
  valued('50 a position from one', (db) => value.position(db, {}, { s: 'abcabc', p: 'a', from: 1 }), 3),
  valued('51 outside', (db) => value.outside(db, {}, { xs: [1, 2] }), [null, null, 2]),
  valued('52 a thousand pushes', (db) => value.pushMany(db, {}, { n: 1000 }), 1000),
  valued('53 continue and break', (db) => value.skipAndStop(db, {}, { xs: [1, 2, 3, 4, 5] }), [1, 3]),
  valued('54 an early return', (db) => value.firstNegative(db, {}, { rows: [[1], [2, -3], [-4]] }), -3),
  valued('55 a false middle', (db) => value.falseIfTrue(db, {}, { cond: true }), false),
  valued('58 hostile text', (db) => value.hostileText(db, {}), '"\\\n\0]]--[[\u{1F600}\uFFFD\r\t\'\x7f\u2028é'),
  valued('59 JSON there and back', (db) => value.throughJson(db, {}, { o: O }), O),
  row('65 words of Lua as names', [], (db) => value.luaWords(db, { end: k('end') }, { local: 2, nil: 3 }), 10, {
    end: '5',
  }),
]

/** The rows that are a run, its result and the data after it. */
export const acceptanceRows: readonly AcceptanceRow[] = [
  arithmetic('1 arithmetic', 2, 4, 12.5),
  arithmetic('2 arithmetic', 3, 7, -1.5),
  arithmetic('3 arithmetic', 13, 2, 13.5),
  keepMax('4 keepMax of nothing', 'foo', [], 1, 1, '1'),
  keepMax('5 keepMax of less', 'foo', [['SET', 'foo', 3]], 2, 3, '3'),
  keepMax('6 keepMax writes nothing', 'neg', [], -1, null),
  keepMax('7 keepMax of more', 'pos', [['SET', 'pos', 5]], 6, 6, '6'),
  ...WITH_LISTS,
  ...WITH_SETS,
  ...WORKERS,
  ...WITH_TEXT,
  ...WITH_HASHES,
  ...VALUES,
]
