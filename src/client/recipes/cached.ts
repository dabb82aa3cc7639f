/**
 * cached: a function whose results are kept in a store, computed once however many ask at the same time.
 *
 * The one idea: who finds nothing sets a mark with its name and a deadline, and only who holds the mark computes and writes;
 * the others look again until there is a value. The holder prolongs its mark while it computes, so a process that dies
 * frees it within `markMs`, and one that was thought dead writes nothing.
 */
import { type Clock, systemClock } from '../../base/clock.ts'
import { type Random, systemRandom } from '../../base/random.ts'
import { t } from '../../script/spec.ts'
import { type ScriptTarget, script } from '../scripts/script.ts'

const KEYS = { value: 'string', mark: 'string' } as const

const claim = script(
  {
    name: 'cached.claim',
    keys: KEYS,
    args: { owner: t.string, markMs: t.number },
    returns: t.object({ value: t.string.nullable(), isMine: t.boolean }),
  },
  ({ value, mark }, { owner, markMs }) => {
    const held = value.get()
    if (held !== null) return { value: held, isMine: false }
    return { value: null, isMine: mark.set(owner, { ifMissing: true, ttl: markMs }) }
  },
)

const store = script(
  {
    name: 'cached.store',
    keys: KEYS,
    args: { owner: t.string, text: t.string, ttlMs: t.number.nullable() },
    returns: t.boolean,
  },
  ({ value, mark }, { owner, text, ttlMs }) => {
    if (mark.get() !== owner) return false
    value.set(text)
    if (ttlMs !== null) value.expire(ttlMs)
    return mark.delete()
  },
)

const prolong = script(
  { name: 'cached.prolong', keys: KEYS, args: { owner: t.string, markMs: t.number }, returns: t.boolean },
  ({ mark }, { owner, markMs }) => mark.get() === owner && mark.expire(markMs),
)

const release = script(
  { name: 'cached.release', keys: KEYS, args: { owner: t.string }, returns: t.boolean },
  ({ mark }, { owner }) => mark.get() === owner && mark.delete(),
)

export interface CacheOptions<T> {
  /** What keys in the store begin with. */
  readonly prefix: string
  /** How long a value is kept, in milliseconds; for ever unless given. */
  readonly ttlMs?: number
  /** After so many milliseconds without a sign of life somebody else computes; 5,000 unless given. */
  readonly markMs?: number
  /** How often those who wait look again; every 20 milliseconds unless given. */
  readonly pollMs?: number
  /** Values as text; JSON unless given. */
  readonly write?: (value: T) => string
  readonly read?: (text: string) => T
  /** The machine's, unless given. */
  readonly clock?: Clock
  readonly random?: Random
}

/**
 * `compute`, cached: what it gave for a name is kept in `db`. An error of `compute` goes to who asked; whoever waited
 * computes then. On a cluster the two keys of a name share its slot: the name is their hash tag.
 */
export function cached<T>(
  db: ScriptTarget,
  compute: (name: string) => Promise<T>,
  options: CacheOptions<T>,
): (name: string) => Promise<T> {
  const { prefix, ttlMs, markMs = 5000, pollMs = 20, write = JSON.stringify, read = JSON.parse } = options
  const { clock = systemClock, random = systemRandom } = options
  const owner = Buffer.from(random.bytes(16)).toString('hex')
  const pending = new Map<string, Promise<T>>()

  async function computed(keys: { readonly value: string; readonly mark: string }, name: string): Promise<T> {
    let cancel = () => {}
    const beat = (): void => {
      cancel = clock.at(clock.now() + markMs / 3, () => {
        void prolong(db, keys, { owner, markMs }).catch(() => undefined)
        beat()
      })
    }
    beat()
    try {
      const value = await compute(name)
      await store(db, keys, { owner, text: write(value), ttlMs: ttlMs ?? null })
      return value
    } catch (error) {
      await release(db, keys, { owner }).catch(() => undefined)
      throw error
    } finally {
      cancel()
    }
  }

  async function look(name: string): Promise<T> {
    const keys = { value: `${prefix}{${name}}`, mark: `${prefix}{${name}}:mark` }
    for (;;) {
      const { value, isMine } = await claim(db, keys, { owner, markMs })
      if (value !== null) return read(value)
      if (isMine) return computed(keys, name)
      await new Promise<void>((resolve) => clock.at(clock.now() + pollMs, resolve))
    }
  }

  return (name) => {
    const known = pending.get(name)
    if (known !== undefined) return known
    const asked = look(name).finally(() => pending.delete(name))
    pending.set(name, asked)
    return asked
  }
}
