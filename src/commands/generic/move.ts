/** RENAME, MOVE and COPY: a value under another key or in another database, its deadline with it. */
import { type Bytes, upper } from '../../base/bytes.ts'
import { DB_OUT_OF_RANGE, err, NO_SUCH_KEY } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import type { Value } from '../../keyspace/value.ts'
import { flag, integer, key, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int, ok } from '../shape.ts'

const SAME_OBJECT = err('source and destination objects are the same')
const C_INT = { min: -2147483648, max: 2147483647 } as const

const common = { group: 'generic', since: '1.0.0', complexity: 'O(1)', acl: ['keyspace'] } as const

/** Gives a value that was just removed, or a copy, a new place that is free. */
function settleAt(db: Database, key: Bytes, value: Value, deadline: number | undefined): void {
  db.put(key, value)
  if (deadline !== undefined) db.expireAt(key, deadline)
}

/** Takes a value from its place to a free one, its deadline and the count of its uses with it. */
function carry(value: Value, db: Database, from: Bytes, target: Database, to: Bytes): void {
  const deadline = db.deadline(from)
  db.use(from)
  const stamp = db.stampOf(from)
  db.remove(from)
  settleAt(target, to, value, deadline)
  if (stamp !== undefined) target.setStamp(to, stamp)
}

/** Renames; false when `onlyNew` finds the new key taken. */
function rename({ db }: Context, from: Bytes, to: Bytes, onlyNew: boolean): boolean {
  const value = db.editAny(from)
  if (value === undefined) throw NO_SUCH_KEY
  if (from === to) return !onlyNew
  const taken = db.has(to)
  if (taken && onlyNew) return false
  if (taken) db.remove(to)
  carry(value, db, from, db, to)
  db.touched(from)
  db.touched(to)
  db.event(EVENT.generic, 'rename_from', from)
  db.event(EVENT.generic, 'rename_to', to)
  return true
}

/** RENAME key newkey */
export const renameKey = command({
  ...common,
  name: 'RENAME',
  summary: 'Gives a value another key, in place of whatever that key held.',
  flags: ['write'],
  args: [key('key', 'RW access delete'), key('newkey', 'OW update')],
  reply: ok,
  run: (ctx, { key, newkey }) => {
    rename(ctx, key, newkey, false)
    return OK
  },
})

/** RENAMENX key newkey */
export const renamenx = command({
  ...common,
  name: 'RENAMENX',
  summary: 'Gives a value another key, unless that key is there.',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access delete'), key('newkey', 'OW insert')],
  reply: int,
  run: (ctx, { key, newkey }) => (rename(ctx, key, newkey, true) ? 1 : 0),
})

function databaseAt({ keyspace }: Context, index: number): Database {
  const db = keyspace.databases[index]
  if (db === undefined) throw DB_OUT_OF_RANGE
  return db
}

/** MOVE key db */
export const move = command({
  ...common,
  name: 'MOVE',
  summary: 'Moves a key to another database, unless that one has it.',
  flags: ['write', 'fast'],
  args: [key('key', 'RW access update'), integer('db', C_INT)],
  reply: int,
  run: (ctx, args) => {
    const { db } = ctx
    const { key } = args
    const target = databaseAt(ctx, args.db)
    if (target === db) throw SAME_OBJECT
    const value = db.editAny(key)
    if (value === undefined || target.has(key)) return 0
    carry(value, db, key, target, key)
    db.touched(key)
    target.touched(key)
    db.event(EVENT.generic, 'move_from', key)
    target.event(EVENT.generic, 'move_to', key)
    return 1
  },
})

/** COPY source destination [DB destination-db] [REPLACE] */
export const copy = command({
  ...common,
  name: 'COPY',
  since: '6.2.0',
  summary: 'Copies a value to another key or database.',
  complexity: 'O(N), N elements',
  flags: ['write', 'denyoom'],
  args: [
    key('source', 'RO access'),
    key('destination', 'OW update'),
    option('DB', integer('destination-db', C_INT)),
    flag('REPLACE'),
  ],
  reply: int,
  run: (ctx, args) => {
    const { db } = ctx
    const { source, destination, replace } = args
    const index = args['destination-db']
    const target = index === undefined ? db : databaseAt(ctx, index)
    if (target === db && source === destination) throw SAME_OBJECT
    const value = db.findAny(source)
    if (value === undefined) return 0
    const deadline = db.deadline(source)
    const taken = target.has(destination)
    if (taken && !replace) return 0
    if (taken) target.remove(destination)
    settleAt(target, destination, typeof value === 'object' ? value.copy() : value, deadline)
    target.touched(destination)
    target.event(EVENT.generic, 'copy_to', destination)
    return 1
  },
  // Redis refuses a database as it meets it, before it looks at the words behind.
  fast: (ctx, argv) => {
    for (let i = 3; i < argv.length; i++) {
      const word = upper(argv[i]!)
      if (word === 'DB' && i + 1 < argv.length) databaseAt(ctx, readInteger(argv[++i]!, C_INT))
      else if (word !== 'REPLACE') break
    }
    return undefined
  },
})
