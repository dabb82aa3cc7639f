/**
 * DUMP and RESTORE: a value as the bytes it has in a snapshot, and a key made of such bytes.
 *
 * The one idea: the payload is Redis' own, so values travel between servers. Its footer (version and checksum) is looked
 * at before anything else of it; a value that contradicts itself in spite of it is bad data, never half a value.
 */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { formatInteger, INT64_MAX } from '../../base/integers.ts'
import { OK, type Reply, ReplyError } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import type { Value } from '../../keyspace/value.ts'
import { dumpPayload, readPayload } from '../../rdb/dump.ts'
import { RdbError } from '../../rdb/error.ts'
import { bytes, flag, integer, key, oneOf, option } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { argvOf, command } from '../command.ts'
import type { Context } from '../context.ts'
import { bulk, nullable, ok } from '../shape.ts'

const BUSY_KEY = new ReplyError('BUSYKEY Target key name already exists.')
const WRONG_FOOTER = err('DUMP payload version or checksum are wrong')
const BAD_DATA = err('Bad data format')
const TTL = { min: 0, outside: err('Invalid TTL value, must be >= 0') } as const
const IDLETIME = { min: 0, outside: err('Invalid IDLETIME value, must be >= 0') } as const
const FREQ = { min: 0, max: 255, outside: err('Invalid FREQ value, must be >= 0 and <= 255') } as const

/** DUMP key */
export const dump = command({
  name: 'DUMP',
  group: 'generic',
  since: '2.6.0',
  summary: 'Gives a value as bytes that RESTORE makes the same value of, here or on another server.',
  complexity: 'O(N), N bytes of the value',
  flags: ['readonly'],
  acl: ['keyspace'],
  args: [key('key', 'RO access')],
  reply: nullable(bulk),
  tips: ['nondeterministic_output'],
  run: ({ db }, { key }) => {
    const value = db.findAny(key)
    return value === undefined ? null : dumpPayload(value)
  },
})

/** The value of a payload; throws Redis' two errors. */
function restored(payload: Bytes): Value {
  try {
    const value = readPayload(payload)
    if (value !== undefined) return value
  } catch (error) {
    if (!(error instanceof RdbError)) throw error
    if (error.code === 'RDB_VERSION' || error.code === 'RDB_CHECKSUM') throw WRONG_FOOTER
  }
  throw BAD_DATA
}

/** The moment a key expires at, 0 for never; negative where the sum leaves int64, which is long past in Redis too. */
function deadlineOf(ttl: number | bigint, absttl: boolean, now: number): number {
  if (ttl === 0 || absttl) return Number(ttl)
  const sum = BigInt(ttl) + BigInt(now)
  return Number(sum > INT64_MAX ? BigInt.asIntN(64, sum) : sum)
}

interface Restoring {
  readonly key: Bytes
  readonly ttl: Bytes
  readonly 'serialized-value': Bytes
  readonly replace?: true | undefined
  readonly absttl?: true | undefined
  readonly seconds?: number | undefined
  readonly frequency?: number | undefined
}

function restoreKey(ctx: Context, args: Restoring): Reply {
  const { db, keyspace, now } = ctx
  const { key, replace = false, absttl = false } = args
  if (!replace && db.has(key)) throw BUSY_KEY
  const ttl = readInt64(args.ttl, TTL)
  const value = restored(args['serialized-value'])
  const replaced = replace && db.remove(key)
  const deadline = deadlineOf(ttl, absttl, now)
  // A replica makes the key, and a log that is replayed: it goes when they say so.
  if (deadline !== 0 && deadline <= now && keyspace.role === 'primary' && !keyspace.loading) {
    if (!replaced) return OK
    db.touched(key)
    db.event(EVENT.generic, 'del', key)
    return OK
  }
  db.put(key, value)
  if (deadline !== 0) db.expireAt(key, deadline)
  stamp(ctx, args)
  db.touched(key)
  db.event(EVENT.generic, 'restore', key)
  return OK
}

/** How the key was used, as far as the policy in force counts that. */
function stamp({ db, now, server }: Context, { key, seconds, frequency }: Restoring): void {
  if (server.memory.isLfu) {
    if (frequency !== undefined) db.setStamp(key, server.memory.stampOf(frequency))
  } else if (seconds !== undefined) {
    db.setStamp(key, Math.max(Math.floor(now / 1000) - seconds, 0))
  }
}

/** The same with an absolute moment; only a removal where the moment had passed. */
function asAbsolute({ db }: Context, argv: Argv): readonly Argv[] {
  const key = argv[1]!
  if (!db.has(key)) return [argvOf('DEL', key)]
  const deadline = db.deadline(key)
  if (deadline === undefined || argv.slice(4).some((word) => upper(word) === 'ABSTTL')) return [argv]
  return [[...argv.with(2, formatInteger(deadline)), ...argvOf('ABSTTL')]]
}

const restoring = {
  acl: ['keyspace', 'dangerous'],
  args: [
    key('key', 'OW update'),
    bytes('ttl', 'integer'),
    bytes('serialized-value'),
    flag('REPLACE'),
    flag('ABSTTL'),
    ...oneOf('usage', option('IDLETIME', integer('seconds', IDLETIME)), option('FREQ', integer('frequency', FREQ))),
  ],
  reply: ok,
  run: restoreKey,
  effects: asAbsolute,
} as const

/** RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ frequency] */
export const restore = command({
  ...restoring,
  name: 'RESTORE',
  group: 'generic',
  since: '2.6.0',
  summary: 'Makes a key of what DUMP gave.',
  complexity: 'O(N), N bytes of the value; for a sorted set O(N log N)',
  flags: ['write', 'denyoom'],
})

/** RESTORE-ASKING key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ frequency] */
export const restoreAsking = command({
  ...restoring,
  name: 'RESTORE-ASKING',
  group: 'server',
  since: '3.0.0',
  summary: 'RESTORE as nodes of a cluster send it to each other while slots move.',
  complexity: 'O(N), N bytes of the value; for a sorted set O(N log N)',
  flags: ['write', 'denyoom', 'asking'],
})
