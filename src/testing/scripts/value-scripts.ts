/**
 * Scripts of one line each: what a method gives, how a value looks.
 */
import { script } from '../../client/scripts/script.ts'
import { t } from '../../script/spec.ts'

const TEXT = t.string.nullable()

export const setValue = script(
  { name: 'setValue', keys: { k: 'string' }, args: { v: t.string }, returns: t.boolean },
  ({ k }, { v }) => k.set(v),
)
export const setIfMissing = script(
  { name: 'setIfMissing', keys: { k: 'string' }, args: { v: t.string }, returns: t.boolean },
  ({ k }, { v }) => k.set(v, { ifMissing: true }),
)
export const replaceValue = script(
  { name: 'replaceValue', keys: { k: 'string' }, args: { v: t.string }, returns: TEXT },
  ({ k }, { v }) => k.getSet(v, { ttl: 100 }),
)
export const swapValue = script(
  { name: 'swapValue', keys: { k: 'string' }, args: { v: t.string }, returns: TEXT },
  ({ k }, { v }) => k.getSet(v),
)
export const keepTtl = script(
  { name: 'keepTtl', keys: { k: 'string' }, args: { v: t.string }, returns: t.boolean },
  ({ k }, { v }) => k.set(v, { ifExists: true, keepTtl: true }),
)
export const someFields = script({ name: 'someFields', keys: { h: 'hash' }, returns: t.record(TEXT) }, ({ h }) =>
  h.getMany('b', 'c', 'd', 'e'),
)
export const isFieldMissing = script(
  { name: 'isFieldMissing', keys: { h: 'hash' }, returns: t.boolean },
  ({ h }) => h.getMany('x').x === null,
)
export const allFields = script({ name: 'allFields', keys: { h: 'hash' }, returns: t.record(t.string) }, ({ h }) =>
  h.getAll(),
)
export const addToField = script({ name: 'addToField', keys: { h: 'hash' }, returns: t.number }, ({ h }) =>
  h.incrBy('e', 2),
)
export const addHalf = script({ name: 'addHalf', keys: { k: 'string' }, returns: t.number }, ({ k }) => k.incrBy(0.5))
export const popTwo = script({ name: 'popTwo', keys: { l: 'list' }, returns: t.array(t.string) }, ({ l }) =>
  l.popManyLeft(2),
)
export const rangeOf = script(
  { name: 'rangeOf', keys: { l: 'list' }, args: { from: t.number, to: t.number }, returns: t.array(t.string) },
  ({ l }, { from, to }) => l.range(from, to),
)
export const popHighest = script(
  { name: 'popHighest', keys: { z: 'zset' }, args: { n: t.number }, returns: t.array(t.tuple(t.string, t.number)) },
  ({ z }, { n }) => z.popMax(n),
)
export const popLowest = script(
  { name: 'popLowest', keys: { z: 'zset' }, args: { n: t.number }, returns: t.array(t.tuple(t.string, t.number)) },
  ({ z }, { n }) => z.popMin(n),
)
export const typeOfKey = script({ name: 'typeOfKey', keys: { k: 'any' }, returns: TEXT }, ({ k }) => k.type())
export const yesOrNo = script({ name: 'yesOrNo', keys: { l: 'list' }, returns: t.string }, ({ l }) =>
  l.length() > 0 ? 'y' : 'n',
)
export const orDefault = script(
  { name: 'orDefault', keys: { k: 'string' }, returns: t.string },
  ({ k }) => k.get() ?? 'd',
)
export const isNullArgument = script(
  { name: 'isNullArgument', keys: {}, args: { a: t.number.nullable() }, returns: t.boolean },
  (_keys, { a }) => a === null,
)
export const emptyArray = script({ name: 'emptyArray', keys: {}, returns: t.json }, () => [])
export const emptyObject = script({ name: 'emptyObject', keys: {}, returns: t.json }, () => ({}))
export const emptyInside = script({ name: 'emptyInside', keys: {}, returns: t.json }, () => ({ a: [] }))
export const sameNumber = script(
  { name: 'sameNumber', keys: {}, args: { a: t.number }, returns: t.number },
  (_keys, { a }) => a,
)
export const numberText = script(
  { name: 'numberText', keys: {}, args: { a: t.number }, returns: t.string },
  (_keys, { a }) => `${a}`,
)
export const rounded = script(
  { name: 'rounded', keys: {}, args: { a: t.number }, returns: t.array(t.number) },
  (_keys, { a }) => [Math.floor(a), Math.trunc(a)],
)
export const remainders = script(
  { name: 'remainders', keys: {}, args: { a: t.number }, returns: t.array(t.number) },
  (_keys, { a }) => [a % 3, -a % 3],
)
export const position = script(
  { name: 'position', keys: {}, args: { s: t.ascii, p: t.ascii, from: t.number }, returns: t.number },
  (_keys, { s, p, from }) => s.indexOf(p, from),
)
export const outside = script(
  { name: 'outside', keys: {}, args: { xs: t.array(t.number) }, returns: t.array(t.number.nullable()) },
  (_keys, { xs }) => [xs[5] ?? null, xs[-1] ?? null, xs.at(-1) ?? null],
)
export const pushMany = script(
  { name: 'pushMany', keys: {}, args: { n: t.number }, returns: t.number },
  (_keys, { n }) => {
    const xs: number[] = []
    for (let i = 0; i < n; i++) xs.push(i)
    return xs.length
  },
)
export const skipAndStop = script(
  { name: 'skipAndStop', keys: {}, args: { xs: t.array(t.number) }, returns: t.array(t.number) },
  (_keys, { xs }) => {
    const r: number[] = []
    for (const x of xs) {
      if (x === 2) continue
      if (x === 4) break
      r.push(x)
    }
    return r
  },
)
export const firstNegative = script(
  { name: 'firstNegative', keys: {}, args: { rows: t.array(t.array(t.number)) }, returns: t.number.nullable() },
  (_keys, { rows }) => {
    for (const row of rows) for (const x of row) if (x < 0) return x
    return null
  },
)
export const falseIfTrue = script(
  { name: 'falseIfTrue', keys: {}, args: { cond: t.boolean }, returns: t.boolean },
  // biome-ignore lint/complexity/noUselessTernary: a false middle value is what is tried
  (_keys, { cond }) => (cond ? false : true),
)
export const writeAndFail = script(
  { name: 'writeAndFail', keys: { k: 'string' }, returns: t.nil },
  ({ k }, _args, env) => {
    k.set('a')
    return env.fail('EBAD', 'no')
  },
)
export const pushToHash = script({ name: 'pushToHash', keys: { l: 'list' }, returns: t.number }, ({ l }) => {
  const before = 1
  return l.pushRight('a') + before
})
export const hostileText = script(
  { name: 'hostileText', keys: {}, returns: t.string },
  () => '"\\\n\0]]--[[\u{1F600}\uD800\r\t\'\x7f\u2028é',
)
export const throughJson = script(
  { name: 'throughJson', keys: {}, args: { o: t.json }, returns: t.json },
  (_keys, { o }, env) => env.parseJson(env.toJson(o)),
)
export const expiring = script({ name: 'expiring', keys: { k: 'string' }, returns: t.number.nullable() }, ({ k }) => {
  k.expire(1500)
  return k.ttl()
})
export const appendToRead = script(
  { name: 'appendToRead', keys: { k: 'string' }, args: { more: t.string }, returns: t.string },
  ({ k }, { more }) => {
    const whole = (k.get() ?? '') + more
    k.set(whole)
    return whole
  },
)
export const addOne = script({ name: 'addOne', keys: { k: 'string' }, returns: t.number }, ({ k }, _args, env) => {
  const next = (env.toNumber(k.get() ?? '0') ?? 0) + 1
  k.set(next)
  return next
})
export const frameField = script(
  { name: 'frameField', keys: { base: 'any' }, args: { v: t.string }, returns: t.string, derivedKeys: true },
  ({ base }, { v }) => {
    const frame = base.child('hash', 'frame', 0)
    frame.set('a', v)
    return frame.name
  },
)
export const luaWords = script(
  { name: 'luaWords', keys: { end: 'string' }, args: { local: t.number, nil: t.number }, returns: t.number },
  ({ end }, { local, nil }) => {
    const repeat = local + nil
    const then = (not: number) => not * 2
    end.set(repeat)
    return then(repeat)
  },
)
