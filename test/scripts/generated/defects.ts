/**
 * Defects planted in the Lua printer's output: the controls of the comparison.
 *
 * The one idea: each is a mistake that a printer could make, and that only a run can tell. It is planted in the Lua of a
 * trial by way of a manifest, whose digest and hash are right: nothing but the outcome can give it away.
 */
import { withManifest } from '../../../src/index.ts'
import { definitionOf } from '../../../src/client/scripts/script.ts'
import { luaSha1 } from '../../../src/script/manifest.ts'
import type { Trial } from './trial.ts'

export interface Defect {
  readonly name: string
  spoil(lua: string): string
}

export const DEFECTS: readonly Defect[] = [
  { name: '<= for <', spoil: (lua) => body(lua, (text) => text.replace(/ < /g, ' <= ')) },
  { name: 'a command gets its options in the wrong order', spoil: (lua) => lua.replace(/"NX"/g, '"XX"') },
  { name: 'the first element is forgotten', spoil: (lua) => lua.replace(/for i = 1, list\[0\] do/g, 'for i = 2, list[0] do') },
  { name: 'texts are searched as patterns', spoil: (lua) => lua.replace(/(string\.find\([^()]*), true\)/g, '$1)') },
  { name: 'a missing value is the text of one', spoil: (lua) => body(lua, (text) => text.replace(/redis\.call\("GET", (\w+)\) or nil/g, 'redis.call("GET", $1) or "nil"')) },
]

/** Everything after the prelude. */
function body(lua: string, change: (text: string) => string): string {
  const start = lua.indexOf('KEYS[1]')
  return lua.slice(0, start) + change(lua.slice(start))
}

/** The trial with spoilt Lua; undefined where the defect has nothing to spoil. */
export function spoilt(trial: Trial, spoil: Defect['spoil']): Trial | undefined {
  const { entry } = definitionOf(trial.made)
  const lua = spoil(entry.lua)
  if (lua === entry.lua) return undefined
  const manifest = { version: 1, scripts: [{ ...entry, lua, sha1: luaSha1(lua) }] } as const
  return { ...trial, made: withManifest(trial.made, manifest) }
}
