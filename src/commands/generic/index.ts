/** Commands on keys of any type, and on whole databases. */
import { dbsize, flushall, flushdb, swapdb } from './databases.ts'
import { expireat, expireSeconds, persist, pexpire, pexpireat } from './expire.ts'
import { migrate } from './migrate.ts'
import { copy, move, renameKey, renamenx } from './move.ts'
import { object } from './object.ts'
import { del, exists, touch, type, unlink } from './presence.ts'
import { dump, restore } from './restore.ts'
import { sort, sortRo } from './sort.ts'
import { expiretime, pexpiretime, pttl, ttl } from './ttl.ts'
import { keys, randomkey, scan } from './walk.ts'

export const genericCommands = [
  del,
  unlink,
  exists,
  touch,
  type,
  expireSeconds,
  pexpire,
  expireat,
  pexpireat,
  persist,
  ttl,
  pttl,
  expiretime,
  pexpiretime,
  renameKey,
  renamenx,
  move,
  copy,
  keys,
  scan,
  randomkey,
  object,
  dbsize,
  flushdb,
  flushall,
  swapdb,
  dump,
  restore,
  migrate,
  sort,
  sortRo,
]
