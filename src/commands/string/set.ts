/**
 * SET and its older spellings: storing a whole string.
 *
 * Invariant: in effects a deadline is absolute and a condition is gone, since it held.
 */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import { OK, type Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { bytes, flag, key, oneOf } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import { bulk, int, nullable, ok, status, when } from '../shape.ts'
import { deadlineAmong, deadlineOf, deadlineOptions, instant, invalidExpire, wholeMs } from './deadline.ts'
import { bytesOf, stored } from './string-value.ts'

const SET_INVALID = invalidExpire('set')
const SETEX_INVALID = invalidExpire('setex')
const PSETEX_INVALID = invalidExpire('psetex')

/** Stores a string and reports it; the deadline goes, stays (`keep`) or is set. */
function store(db: Database, key: Bytes, value: Bytes, deadline: number | undefined, keep: boolean): void {
  if (deadline !== undefined || keep) db.replace(key, stored(value))
  else db.put(key, stored(value))
  db.touched(key)
  db.event(EVENT.string, 'set', key)
  if (deadline === undefined) return
  db.expireAt(key, deadline)
  db.event(EVENT.generic, 'expire', key)
}

/** Milliseconds in the unit of EX or PX, 0 for another word. */
function unitOf(word: Bytes): 0 | 1 | 1000 {
  if (word.length !== 2 || (word.charCodeAt(1) | 32) !== 120) return 0
  const first = word.charCodeAt(0) | 32
  return first === 101 ? 1000 : first === 112 ? 1 : 0
}

const setAt = (key: Bytes, value: Bytes, deadline: number): readonly Argv[] => [
  argvOf('SET', key, value, 'PXAT', formatInteger(wholeMs(deadline))),
]

/** SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] */
export const set = command({
  name: 'SET',
  group: 'string',
  since: '1.0.0',
  summary: 'Stores a string under a key, whatever was there; on conditions, with a deadline, or giving the old one.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: [
    key('key', 'RW access update variable_flags'),
    bytes('value'),
    ...oneOf('condition', flag('NX'), flag('XX')),
    flag('GET'),
    ...oneOf('expiration', ...deadlineOptions, flag('KEEPTTL')),
  ],
  keyAccess: (argv) => (argv.slice(3).some((word) => upper(word) === 'GET') ? 'RW access update' : 'OW update'),
  reply: when(nullable(status('OK')), { get: nullable(bulk) }),
  run: ({ db, now }, args) => {
    const { key, nx, xx, get } = args
    const deadline = deadlineOf(args, now, SET_INVALID)
    let old: Reply = null
    if (get) {
      const value = db.find(key, STRING)
      if (value !== undefined) old = bytesOf(value)
      db.answered()
    }
    if ((nx || xx) && db.has(key) !== (xx === true)) return old
    store(db, key, args.value, deadline, args.keepttl === true)
    return get ? old : OK
  },
  fast: (ctx, argv) => {
    const { db } = ctx
    if (argv.length === 3) {
      const key = argv[1]!
      db.put(key, stored(argv[2]!))
      db.touched(key)
      db.event(EVENT.string, 'set', key)
      return OK
    }
    // SET key value EX seconds, the cache's own spelling: parsed it takes 650 ns, so half of that.
    if (argv.length !== 5) return undefined
    const unit = unitOf(argv[3]!)
    if (unit === 0) return undefined
    store(db, argv[1]!, argv[2]!, instant(argv[4]!, unit, ctx.now, SET_INVALID), false)
    return OK
  },
  effects: ({ now }, argv) => {
    if (argv.length === 3) return undefined
    const deadline = deadlineAmong(argv, 3, now, SET_INVALID)
    if (deadline !== undefined) return setAt(argv[1]!, argv[2]!, deadline)
    const keeps = argv.some((word, i) => i > 2 && upper(word) === 'KEEPTTL')
    return [keeps ? argvOf('SET', argv[1]!, argv[2]!, 'KEEPTTL') : argvOf('SET', argv[1]!, argv[2]!)]
  },
})

/** SETNX key value */
export const setnx = command({
  name: 'SETNX',
  group: 'string',
  since: '1.0.0',
  summary: 'Stores a string only when the key is not there.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'OW insert'), bytes('value')],
  reply: int,
  deprecated: { since: '2.6.12', use: 'SET with NX' },
  run: ({ db }, { key, value }) => {
    if (db.has(key)) return 0
    store(db, key, value, undefined, false)
    return 1
  },
})

/** SETEX key seconds value */
export const setex = command({
  name: 'SETEX',
  group: 'string',
  since: '2.0.0',
  summary: 'Stores a string that expires after some seconds.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: [key('key', 'OW update'), bytes('seconds', 'integer'), bytes('value')],
  reply: ok,
  deprecated: { since: '2.6.12', use: 'SET with EX' },
  run: ({ db, now }, { key, seconds, value }) => {
    store(db, key, value, instant(seconds, 1000, now, SETEX_INVALID), false)
    return OK
  },
  effects: ({ now }, argv) => setAt(argv[1]!, argv[3]!, instant(argv[2]!, 1000, now, SETEX_INVALID)),
})

/** PSETEX key milliseconds value */
export const psetex = command({
  name: 'PSETEX',
  group: 'string',
  since: '2.6.0',
  summary: 'Stores a string that expires after some milliseconds.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: [key('key', 'OW update'), bytes('milliseconds', 'integer'), bytes('value')],
  reply: ok,
  deprecated: { since: '2.6.12', use: 'SET with PX' },
  run: ({ db, now }, { key, milliseconds, value }) => {
    store(db, key, value, instant(milliseconds, 1, now, PSETEX_INVALID), false)
    return OK
  },
  effects: ({ now }, argv) => setAt(argv[1]!, argv[3]!, instant(argv[2]!, 1, now, PSETEX_INVALID)),
})

/** GETSET key value */
export const getset = command({
  name: 'GETSET',
  group: 'string',
  since: '1.0.0',
  summary: 'Stores a string and gives the one that was there.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: [key('key', 'RW access update'), bytes('value')],
  reply: nullable(bulk),
  deprecated: { since: '6.2.0', use: 'SET with GET' },
  run: ({ db }, { key, value }) => {
    const found = db.find(key, STRING)
    const old = found === undefined ? null : bytesOf(found)
    db.answered()
    store(db, key, value, undefined, false)
    return old
  },
  effects: (_ctx, argv) => [argvOf('SET', argv[1]!, argv[2]!)],
})
