/**
 * HEXPIRE and its family: giving fields deadlines, or taking them away.
 *
 * The one idea: as with keys, four commands that differ in unit and base only. A field whose deadline has passed is
 * removed at once. Effects are absolute: the fields that got a deadline, or those that were removed.
 */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { formatInteger } from '../../base/integers.ts'
import { isArray, type Reply, type ReplyError } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { HASH } from '../../keyspace/value.ts'
import { bytes, type DocType, flag, key, late, oneOf } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, int } from '../shape.ts'
import { invalidExpire } from '../string/deadline.ts'
import { COUNT_NOT_POSITIVE, FIELDS, fieldsArgv, NO_DEADLINE, NO_FIELD, readFields } from './fields.ts'

const NEGATIVE = err('invalid expire time, must be >= 0')
const NUMFIELDS_NOT_POSITIVE = err('Parameter `numFields` should be greater than 0')

/** The latest deadline of a field, in milliseconds: the year 4199. */
const LATEST_MS = 2 ** 46 - 1

const NOT_MET = 0
const SET = 1
const REMOVED = 2

type Condition = 'NX' | 'XX' | 'GT' | 'LT'

interface Spelling {
  readonly unit: 1 | 1000
  readonly relative: boolean
  readonly invalid: ReplyError
}

/** The absolute instant in milliseconds. */
function instant(word: Bytes, { unit, relative, invalid }: Spelling, now: number): number {
  const value = readInt64(word)
  if (value < 0) throw NEGATIVE
  const base = relative ? now : 0
  const when = Number(value) * unit + base
  if (when > LATEST_MS) throw invalid
  return when
}

/** The condition, if one is named, and the fields. */
function readWords(words: readonly Bytes[]): { condition: Condition | undefined; fields: readonly Bytes[] } {
  const condition = conditionOf(upper(words[0]!))
  return { condition, fields: readFields(words, condition === undefined ? 0 : 1, NUMFIELDS_NOT_POSITIVE) }
}

function conditionOf(word: string): Condition | undefined {
  return word === 'NX' || word === 'XX' || word === 'GT' || word === 'LT' ? word : undefined
}

function allowed(current: number | undefined, when: number, condition: Condition | undefined): boolean {
  switch (condition) {
    case 'NX':
      return current === undefined
    case 'XX':
      return current !== undefined
    // No deadline counts as the latest.
    case 'GT':
      return current !== undefined && when > current
    case 'LT':
      return current === undefined || when < current
    default:
      return true
  }
}

function expire(ctx: Context, key: Bytes, word: Bytes, words: readonly Bytes[], spelling: Spelling): Reply {
  const { db, now, keyspace } = ctx
  const hash = db.edit(key, HASH)
  const when = instant(word, spelling, now)
  const { condition, fields } = readWords(words)
  if (hash === undefined) return fields.map(() => NO_FIELD)
  // A replica does not judge what has passed: its primary does.
  const past = when <= now && keyspace.removesExpired && !keyspace.loading
  let changed = 0
  const codes = fields.map((field) => {
    if (!hash.has(field)) return NO_FIELD
    if (!allowed(hash.deadline(field), when, condition)) return NOT_MET
    changed++
    if (past) hash.delete(field)
    else hash.expireAt(field, when)
    return past ? REMOVED : SET
  })
  if (changed === 0) return codes
  if (!past) db.fieldsExpire(key, hash)
  db.touched(key)
  db.event(EVENT.hash, past ? 'hdel' : 'hexpire', key)
  db.dropIfEmpty(key, hash)
  return codes
}

/** HPEXPIREAT, the effect of whatever gives fields deadlines. */
export const hpexpireatEffect = (key: Bytes, whenMs: number, fields: readonly Bytes[]): Argv => [
  ...argvOf('HPEXPIREAT', key, formatInteger(whenMs)),
  ...fieldsArgv(fields),
]

const effectsOf =
  (spelling: Spelling): EffectsOf =>
  ({ now }, argv, reply) => {
    const codes = isArray(reply) ? reply : []
    const { fields } = readWords(argv.slice(3))
    const removed = fields.filter((_, i) => codes[i] === REMOVED)
    if (removed.length > 0) return [[...argvOf('HDEL', argv[1]!), ...removed]]
    const set = fields.filter((_, i) => codes[i] === SET)
    return [hpexpireatEffect(argv[1]!, instant(argv[2]!, spelling, now), set)]
  }

const argsOf = <const N extends string>(name: N, doc: DocType) =>
  [
    key('key', 'RW update'),
    bytes(name, doc),
    late('words', [...oneOf('condition', flag('NX'), flag('XX'), flag('GT'), flag('LT')), FIELDS]),
  ] as const

const common = {
  group: 'hash',
  since: '7.4.0',
  complexity: 'O(N log M), N fields named, M fields with a deadline',
  flags: ['write', 'denyoom', 'fast'],
  reply: arrayOf(int),
} as const

const SECONDS: Spelling = { unit: 1000, relative: true, invalid: invalidExpire('hexpire') }
const MILLISECONDS: Spelling = { unit: 1, relative: true, invalid: invalidExpire('hpexpire') }
const AT_SECONDS: Spelling = { unit: 1000, relative: false, invalid: invalidExpire('hexpireat') }
const AT_MILLISECONDS: Spelling = { unit: 1, relative: false, invalid: invalidExpire('hpexpireat') }

/** HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export const hexpire = command({
  ...common,
  name: 'HEXPIRE',
  summary: 'Lets fields of a hash expire after some seconds.',
  args: argsOf('seconds', 'integer'),
  run: (ctx, { key, seconds, words }) => expire(ctx, key, seconds, words, SECONDS),
  effects: effectsOf(SECONDS),
})

/** HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export const hpexpire = command({
  ...common,
  name: 'HPEXPIRE',
  summary: 'Lets fields of a hash expire after some milliseconds.',
  args: argsOf('milliseconds', 'integer'),
  run: (ctx, { key, milliseconds, words }) => expire(ctx, key, milliseconds, words, MILLISECONDS),
  effects: effectsOf(MILLISECONDS),
})

/** HEXPIREAT key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export const hexpireat = command({
  ...common,
  name: 'HEXPIREAT',
  summary: 'Lets fields of a hash expire at an instant given in seconds since 1970.',
  args: argsOf('unix-time-seconds', 'unix-time'),
  run: (ctx, args) => expire(ctx, args.key, args['unix-time-seconds'], args.words, AT_SECONDS),
  effects: effectsOf(AT_SECONDS),
})

/** HPEXPIREAT key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...] */
export const hpexpireat = command({
  ...common,
  name: 'HPEXPIREAT',
  summary: 'Lets fields of a hash expire at an instant given in milliseconds since 1970.',
  args: argsOf('unix-time-milliseconds', 'unix-time'),
  run: (ctx, args) => expire(ctx, args.key, args['unix-time-milliseconds'], args.words, AT_MILLISECONDS),
  effects: effectsOf(AT_MILLISECONDS),
})

/** HPERSIST key FIELDS numfields field [field ...] */
export const hpersist = command({
  ...common,
  name: 'HPERSIST',
  summary: 'Takes the deadlines of fields away.',
  flags: ['write', 'fast'],
  args: [key('key', 'RW update'), late('words', [FIELDS])],
  run: ({ db }, { key, words }) => {
    const hash = db.edit(key, HASH)
    const fields = readFields(words, 0, COUNT_NOT_POSITIVE)
    const codes = fields.map((field) => {
      if (!hash?.has(field)) return NO_FIELD
      return hash.persist(field) ? SET : NO_DEADLINE
    })
    if (!codes.includes(SET)) return codes
    db.touched(key)
    db.event(EVENT.hash, 'hpersist', key)
    return codes
  },
})
