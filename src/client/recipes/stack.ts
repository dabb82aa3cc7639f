/**
 * Stack: frames of names and values, where a look-up falls through to the frames below.
 *
 * The one idea: each step is one script, so many may use one stack. The depth stands in `<base>:size`, a frame in the hash
 * `<base>:frame:<n>`; what is empty has no key. There is always a current frame: the lowest cannot be taken away, only
 * emptied.
 */
import { t } from '../../script/spec.ts'
import { type ScriptTarget, script } from '../scripts/script.ts'

const KEYS = { base: 'any' } as const
const FIELDS = t.record(t.string)

const push = script({ name: 'stack.push', keys: KEYS, derivedKeys: true, returns: t.number }, ({ base }) => {
  return base.child('string', 'size').incrBy(1)
})

const pop = script({ name: 'stack.pop', keys: KEYS, derivedKeys: true, returns: FIELDS }, ({ base }, _args, env) => {
  const size = base.child('string', 'size')
  const depth = env.toNumber(size.get()) ?? 0
  const frame = base.child('hash', 'frame', depth)
  const fields = frame.getAll()
  frame.delete()
  if (depth > 0) size.set(depth - 1)
  else size.delete()
  return fields
})

const set = script(
  { name: 'stack.set', keys: KEYS, args: { field: t.string, value: t.string }, derivedKeys: true, returns: t.boolean },
  ({ base }, { field, value }, env) => {
    const depth = env.toNumber(base.child('string', 'size').get()) ?? 0
    return base.child('hash', 'frame', depth).set(field, value)
  },
)

const get = script(
  { name: 'stack.get', keys: KEYS, args: { field: t.string }, derivedKeys: true, returns: t.string.nullable() },
  ({ base }, { field }, env) => {
    const depth = env.toNumber(base.child('string', 'size').get()) ?? 0
    return base.child('hash', 'frame', depth).get(field)
  },
)

const find = script(
  { name: 'stack.find', keys: KEYS, args: { field: t.string }, derivedKeys: true, returns: t.string.nullable() },
  ({ base }, { field }, env) => {
    for (let depth = env.toNumber(base.child('string', 'size').get()) ?? 0; depth >= 0; depth--) {
      const value = base.child('hash', 'frame', depth).get(field)
      if (value !== null) return value
    }
    return null
  },
)

/** A stack of frames under a key. On a cluster the key needs a hash tag. */
export class Stack {
  readonly #db: ScriptTarget
  readonly #keys: { readonly base: string }

  constructor(db: ScriptTarget, base: string) {
    this.#db = db
    this.#keys = { base }
  }

  /** Puts an empty frame on top; its depth, the lowest frame being 0. */
  push(): Promise<number> {
    return push(this.#db, this.#keys)
  }

  /** Takes the current frame away and gives what it held. */
  pop(): Promise<Record<string, string>> {
    return pop(this.#db, this.#keys)
  }

  /** Sets a field of the current frame; true when it is new there. */
  set(field: string, value: string): Promise<boolean> {
    return set(this.#db, this.#keys, { field, value })
  }

  /** A field of the current frame. */
  get(field: string): Promise<string | null> {
    return get(this.#db, this.#keys, { field })
  }

  /** The value of a field in the highest frame that has it. */
  find(field: string): Promise<string | null> {
    return find(this.#db, this.#keys, { field })
  }
}
