/** String commands. */
import { decr, decrby, incr, incrby } from './counter.ts'
import { incrbyfloat } from './float-counter.ts'
import { get, getdel, getex, getrange, strlen, substr } from './get.ts'
import { append, setrange } from './grow.ts'
import { lcs } from './lcs.ts'
import { mget, mset, msetnx } from './multi.ts'
import { getset, psetex, set, setex, setnx } from './set.ts'

export const stringCommands = [
  set,
  get,
  getdel,
  getex,
  getset,
  setnx,
  setex,
  psetex,
  mget,
  mset,
  msetnx,
  append,
  strlen,
  getrange,
  substr,
  setrange,
  incr,
  decr,
  incrby,
  decrby,
  incrbyfloat,
  lcs,
]
