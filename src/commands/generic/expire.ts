/**
 * EXPIRE and its family: giving a key a deadline, or taking it away.
 *
 * The one idea: four commands that differ in unit and base only. A deadline that has passed removes the key at once.
 */
import { type Bytes, upToNul } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { INT64_MAX } from '../../base/integers.ts'
import type { Reply, ReplyError } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { bytes, type DocType, flag, key } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { argvOf, command, type EffectsOf } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'
import { invalidExpire, pexpireatEffect } from '../string/deadline.ts'

const NX_ALONE = err('NX and XX, GT or LT options at the same time are not compatible')
const GT_OR_LT = err('GT and LT options at the same time are not compatible')
const MOST_SECONDS = 9223372036854775n

interface Conditions {
  readonly nx?: true | undefined
  readonly xx?: true | undefined
  readonly gt?: true | undefined
  readonly lt?: true | undefined
}

interface Spelling {
  readonly unit: 1 | 1000
  readonly relative: boolean
  readonly invalid: ReplyError
}

function check({ nx, xx, gt, lt }: Conditions): void {
  if (nx && (xx || gt || lt)) throw NX_ALONE
  if (gt && lt) throw GT_OR_LT
}

/** The absolute instant in milliseconds; refuses what leaves int64. */
function instant(word: Bytes, { unit, relative, invalid }: Spelling, now: number): number {
  const value = readInt64(word)
  if (unit === 1000 && (value > MOST_SECONDS || value < -MOST_SECONDS)) throw invalid
  const base = relative ? now : 0
  const when = Number(value) * unit + base
  if (Number.isSafeInteger(when)) return when
  if (BigInt(value) * BigInt(unit) + BigInt(base) > INT64_MAX) throw invalid
  return when
}

function allowed(current: number | undefined, when: number, { nx, xx, gt, lt }: Conditions): boolean {
  if (nx && current !== undefined) return false
  if (xx && current === undefined) return false
  // No deadline counts as the latest.
  if (gt && (current === undefined || when <= current)) return false
  return !(lt && current !== undefined && when >= current)
}

function expire(ctx: Context, key: Bytes, word: Bytes, conditions: Conditions, spelling: Spelling): Reply {
  check(conditions)
  const { db, now, keyspace } = ctx
  const when = instant(word, spelling, now)
  if (!db.has(key) || !allowed(db.deadline(key), when, conditions)) return 0
  const past = when <= now && !keyspace.loading
  if (past) db.remove(key)
  else {
    db.expireAt(key, when)
    db.answered()
  }
  db.touched(key)
  db.event(EVENT.generic, past ? 'del' : 'expire', key)
  return 1
}

const effects: EffectsOf = ({ db }, argv) => {
  const key = argv[1]!
  const deadline = db.deadline(key)
  return [deadline === undefined ? argvOf('DEL', key) : pexpireatEffect(key, deadline)]
}

const argsOf = <const N extends string>(name: N, doc: DocType) =>
  [key('key', 'RW update'), bytes(name, doc), flag('NX'), flag('XX'), flag('GT'), flag('LT')] as const

const common = {
  group: 'generic',
  complexity: 'O(log N), N keys with a deadline',
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  reply: int,
  leftover: (word: Bytes): ReplyError => err(`Unsupported option ${upToNul(word)}`),
  effects,
} as const

const SECONDS: Spelling = { unit: 1000, relative: true, invalid: invalidExpire('expire') }
const MILLISECONDS: Spelling = { unit: 1, relative: true, invalid: invalidExpire('pexpire') }
const AT_SECONDS: Spelling = { unit: 1000, relative: false, invalid: invalidExpire('expireat') }
const AT_MILLISECONDS: Spelling = { unit: 1, relative: false, invalid: invalidExpire('pexpireat') }

/** EXPIRE key seconds [NX] [XX] [GT] [LT] */
export const expireSeconds = command({
  ...common,
  name: 'EXPIRE',
  since: '1.0.0',
  summary: 'Lets a key expire after some seconds.',
  args: argsOf('seconds', 'integer'),
  run: (ctx, args) => expire(ctx, args.key, args.seconds, args, SECONDS),
})

/** PEXPIRE key milliseconds [NX] [XX] [GT] [LT] */
export const pexpire = command({
  ...common,
  name: 'PEXPIRE',
  since: '2.6.0',
  summary: 'Lets a key expire after some milliseconds.',
  args: argsOf('milliseconds', 'integer'),
  run: (ctx, args) => expire(ctx, args.key, args.milliseconds, args, MILLISECONDS),
})

/** EXPIREAT key unix-time-seconds [NX] [XX] [GT] [LT] */
export const expireat = command({
  ...common,
  name: 'EXPIREAT',
  since: '1.2.0',
  summary: 'Lets a key expire at an instant given in seconds since 1970.',
  args: argsOf('unix-time-seconds', 'unix-time'),
  run: (ctx, args) => expire(ctx, args.key, args['unix-time-seconds'], args, AT_SECONDS),
})

/** PEXPIREAT key unix-time-milliseconds [NX] [XX] [GT] [LT] */
export const pexpireat = command({
  ...common,
  name: 'PEXPIREAT',
  since: '2.6.0',
  summary: 'Lets a key expire at an instant given in milliseconds since 1970.',
  args: argsOf('unix-time-milliseconds', 'unix-time'),
  run: (ctx, args) => expire(ctx, args.key, args['unix-time-milliseconds'], args, AT_MILLISECONDS),
})

/** PERSIST key */
export const persist = command({
  name: 'PERSIST',
  group: 'generic',
  since: '2.2.0',
  summary: "Takes a key's deadline away.",
  complexity: 'O(log N), N keys with a deadline',
  flags: ['write', 'fast'],
  acl: ['keyspace'],
  args: [key('key', 'RW update')],
  reply: int,
  run: ({ db }, { key }) => {
    if (!db.persist(key)) return 0
    db.touched(key)
    db.event(EVENT.generic, 'persist', key)
    return 1
  },
})
