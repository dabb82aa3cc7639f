/**
 * The scripts of the acceptance rows: what users write, as they write it.
 */
import { script } from '../../client/scripts/script.ts'
import { t } from '../../script/spec.ts'

export const arithmetic = script(
  { name: 'arithmetic', keys: {}, args: { a: t.number, b: t.number }, returns: t.number },
  (_keys, { a, b }) => {
    let c = 5
    let d = 0
    if (a + b >= 10) {
      c = a - b
      d = 2.5
    } else d = 7.5
    return c + d
  },
)

export const keepMax = script(
  { name: 'keepMax', keys: { k: 'string' }, args: { a: t.number }, returns: t.number.nullable() },
  ({ k }, { a }, env) => {
    const held = env.toNumber(k.get() ?? '0')
    if (held !== null && held <= a) k.set(a)
    const now = k.get()
    return now === null ? null : env.toNumber(now)
  },
)

export const split = script(
  { name: 'split', keys: { inp: 'list', left: 'list', right: 'list' }, args: { cmp: t.number }, returns: t.nil },
  ({ inp, left, right }, { cmp }, env) => {
    for (let v = inp.popLeft(); v !== null; v = inp.popLeft()) {
      if ((env.toNumber(v) ?? 0) < cmp) left.pushRight(v)
      else right.pushRight(v)
    }
    return null
  },
)

export const partition = script(
  { name: 'partition', keys: { inp: 'list', left: 'list', right: 'list' }, args: { cmp: t.number }, returns: t.nil },
  ({ inp, left, right }, { cmp }, env) => {
    let v = inp.popLeft()
    while (v !== null) {
      if ((env.toNumber(v) ?? 0) < cmp) left.pushLeft(v)
      else right.pushRight(v)
      v = inp.popLeft()
    }
    if (left.length() > right.length()) {
      const last = left.popRight()
      if (last !== null) right.pushLeft(last)
    }
    return null
  },
)

export const lowest = script(
  { name: 'lowest', keys: { z: 'zset' }, args: { prefix: t.string }, returns: t.array(t.string) },
  ({ z }, { prefix }) => {
    const kept: string[] = []
    for (const [member] of z.popMin(5)) if (member.startsWith(prefix)) kept.push(member)
    return kept
  },
)

export const swap = script(
  {
    name: 'swap',
    keys: { left: 'set', right: 'set' },
    args: { members: t.array(t.string) },
    returns: t.record(t.boolean),
  },
  ({ left, right }, { members }) => {
    const moved: Record<string, boolean> = {}
    for (const member of members) {
      if (left.has(member) && !right.has(member)) {
        left.remove(member)
        right.add(member)
        moved[member] = true
      }
    }
    for (const member of members) {
      if (right.has(member) && !left.has(member)) {
        right.remove(member)
        left.add(member)
        moved[member] = true
      }
    }
    return moved
  },
)

export const pick = script(
  {
    name: 'pick',
    keys: { queue: 'zset', info: 'hash', busy: 'hash' },
    args: { worker: t.string },
    returns: t.array(t.json),
  },
  ({ queue, info, busy }, { worker }, env) => {
    const [first] = queue.popMax(1)
    if (first === undefined) return []
    const task = first[0]
    busy.set(task, worker)
    return [task, env.toNumber(info.get(task) ?? '')]
  },
)

export const check = script(
  {
    name: 'check',
    keys: { queue: 'zset', busy: 'hash', heartbeat: 'string' },
    args: { task: t.string, worker: t.string },
    returns: t.number.nullable(),
  },
  ({ queue, busy, heartbeat }, { task, worker }) => {
    if (heartbeat.exists() || busy.get(task) !== worker) return null
    busy.remove(task)
    queue.add(task, 2)
    return queue.size()
  },
)
