/**
 * A script explained: its source and the Lua that came of it, line by line, and the tree.
 */
import type { ScriptDefinition } from './definition.ts'

/** The page for people. Throws a ScriptDefinitionError. */
export function explained(definition: ScriptDefinition): string {
  const { name, source, wire, written } = definition
  const lines = source.split('\n')
  const lua = wire.lua.split('\n').map((line, i) => {
    const from = wire.lines[i]
    return `${String(i + 1).padStart(4)} ${from === undefined || from === 0 ? '    ' : String(from).padStart(4)} | ${line}`
  })
  const parts = [`script ${name}, sha1 ${wire.sha1}`]
  if (written.kind === 'function')
    parts.push(lines.map((line, i) => `${String(i + 1).padStart(4)} | ${line}`).join('\n'))
  parts.push(`Lua: its line, the source's line\n${lua.join('\n')}`)
  if (written.kind !== 'lua') parts.push(`tree\n${JSON.stringify(definition.ir.body, undefined, 1)}`)
  return `${parts.join('\n\n')}\n`
}
