/**
 * Raw Lua: a script that is written as Lua, with the same declaration around it.
 *
 * The one idea: keys and arguments get the names of the declaration, so that nobody counts KEYS and ARGV; everything after that is
 * the author's. It runs where Lua runs.
 */
import { argumentForms, isPlainOnWire } from './boundary.ts'
import { LIBRARY } from './lua/library.ts'
import { PIECE_NAMES, preludeOf } from './lua/prelude.ts'
import type { ScriptSpec } from './spec.ts'

/** A script of raw Lua: there is no tree, and lines are the author's own. */
export interface RawLua {
  readonly lua: string
  readonly lines: readonly number[]
}

/**
 * The Lua of a script: locals for keys and arguments, `encode(value)` for the result, then the author's text, whose `return` says
 * `return encode(value)`. Arrays of arguments have their length at 0, and so must arrays of results.
 */
export function rawLua(spec: ScriptSpec, lua: string): RawLua {
  const taken = new Set([...PIECE_NAMES, ...Object.keys(LIBRARY), 'encode'])
  const named = [...Object.keys(spec.keys), ...Object.keys(spec.args ?? {})]
  const wrong = named.find((name) => !/^[A-Za-z_]\w*$/.test(name) || taken.has(name))
  if (wrong !== undefined) throw new TypeError(`${wrong} cannot be a name in raw Lua`)
  const args = argumentForms(spec.args).map(({ name, form }, i) => {
    const word = `ARGV[${i + 1}]`
    const plain = form.kind === 'number' ? `tonumber(${word})` : word
    return `local ${name} = ${isPlainOnWire(form) ? plain : `arg(cjson.decode(${word}))`}`
  })
  const keys = Object.keys(spec.keys).map((name, i) => `local ${name} = KEYS[${i + 1}]`)
  const head = [...preludeOf(new Set(['json', 'arg']), LIBRARY), 'local encode = json', ...keys, ...args]
  const body = lua.split('\n')
  return { lua: [...head, ...body].join('\n'), lines: [...head.map(() => 0), ...body.map((_, i) => i + 1)] }
}
