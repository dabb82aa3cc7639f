/**
 * What a consumer does to a group in one step: portable scripts, one per decision that must not be cut in two.
 *
 * The one idea: each looks first whether the entry is still this consumer's and only then acts, so that one who was thought
 * dead takes nothing away from who has taken over. All keys of a script share a slot.
 */
import { script } from '../../client/scripts/script.ts'
import { t } from '../../script/spec.ts'

const GROUP = { group: t.string, consumer: t.string }

/** Says "still working" for entries: their idle time begins anew. Gives those that are still this consumer's. */
export const keep = script(
  {
    name: 'consume.keep',
    keys: { stream: 'stream' },
    args: { ...GROUP, ids: t.array(t.string) },
    returns: t.array(t.string),
  },
  ({ stream }, { group, consumer, ids }, env) => {
    const mine: string[] = []
    for (const id of ids) {
      const row = env.call('XPENDING', stream.name, group, id, id, 1, consumer)
      if (Array.isArray(row) && row.length > 0) {
        env.call('XCLAIM', stream.name, group, consumer, 0, id, 'JUSTID')
        mine.push(id)
      }
    }
    return mine
  },
)

/**
 * Begins another attempt at an entry: `taken` counts it as delivered once more, `deleted` when it is no longer in its stream,
 * `lost` when it is no longer this consumer's.
 */
export const take = script(
  { name: 'consume.take', keys: { stream: 'stream' }, args: { ...GROUP, id: t.string }, returns: t.string },
  ({ stream }, { group, consumer, id }, env) => {
    const row = env.call('XPENDING', stream.name, group, id, id, 1, consumer)
    if (!Array.isArray(row) || row.length === 0) return 'lost'
    const taken = env.call('XCLAIM', stream.name, group, consumer, 0, id)
    return Array.isArray(taken) && taken.length > 0 ? 'taken' : 'deleted'
  },
)

/**
 * Gives entries back: whoever looks next finds them idle for `idleMs`, delivered as often as each says. Returns how many were
 * this consumer's.
 */
export const giveBack = script(
  {
    name: 'consume.giveBack',
    keys: { stream: 'stream' },
    args: { ...GROUP, idleMs: t.number, entries: t.array(t.object({ id: t.string, deliveries: t.number })) },
    returns: t.number,
  },
  ({ stream }, { group, consumer, idleMs, entries }, env) => {
    let given = 0
    for (const { id, deliveries } of entries) {
      const row = env.call('XPENDING', stream.name, group, id, id, 1, consumer)
      if (Array.isArray(row) && row.length > 0) {
        env.call('XCLAIM', stream.name, group, consumer, 0, id, 'IDLE', idleMs, 'RETRYCOUNT', deliveries, 'JUSTID')
        given = given + 1
      }
    }
    return given
  },
)

/**
 * Borrows delayed messages that are due: for `leaseMs` nobody else gets them; who moves them takes them away. Gives how long until
 * the next is due, in milliseconds; null when none waits.
 */
export const borrowDue = script(
  {
    name: 'consume.borrowDue',
    keys: { delayed: 'zset' },
    args: { count: t.number, leaseMs: t.number },
    returns: t.object({ messages: t.array(t.string), nextMs: t.number.nullable() }),
  },
  ({ delayed }, { count, leaseMs }, env) => {
    const now = env.nowMs()
    const messages: string[] = []
    let nextMs: number | null = null
    for (const message of delayed.range(0, count - 1)) {
      const due = delayed.score(message) ?? 0
      if (due > now) {
        nextMs = due - now
        break
      }
      messages.push(message)
    }
    for (const message of messages) delayed.add(message, now + leaseMs)
    return { messages, nextMs }
  },
)

/** Keeps a message until it is due, `delayMs` from the store's now. Gives when that is. */
export const delay = script(
  {
    name: 'consume.delay',
    keys: { delayed: 'zset' },
    args: { message: t.string, delayMs: t.number.nullable(), atMs: t.number },
    returns: t.number,
  },
  ({ delayed }, { message, delayMs, atMs }, env) => {
    const due = delayMs === null ? atMs : env.nowMs() + delayMs
    delayed.add(message, due)
    return due
  },
)

/** Takes or prolongs the right to read a stream; false while somebody else has it. */
export const lease = script(
  {
    name: 'consume.lease',
    keys: { lease: 'string' },
    args: { owner: t.string, leaseMs: t.number },
    returns: t.boolean,
  },
  ({ lease }, { owner, leaseMs }) => {
    const held = lease.get()
    if (held !== null && held !== owner) return false
    return lease.set(owner, { ttl: leaseMs })
  },
)

/** Gives the right to read a stream back, if it is still this owner's. */
export const release = script(
  { name: 'consume.release', keys: { lease: 'string' }, args: { owner: t.string }, returns: t.boolean },
  ({ lease }, { owner }) => lease.get() === owner && lease.delete(),
)
