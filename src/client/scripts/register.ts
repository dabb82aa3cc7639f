/**
 * The register of scripts that are being collected: `geartrain scripts build` loads modules and wants to know which scripts
 * they define.
 *
 * The one idea: nobody collects most of the time, and then nothing is kept. The list is the process' own, so that modules
 * that bundle a copy of this package are heard too.
 */
import type { ScriptDefinition } from './definition.ts'

const COLLECTING = Symbol.for('geartrain.scripts.collecting')

/** Notes that a script was defined, if somebody collects. */
export function note(definition: ScriptDefinition): void {
  const list: unknown = Reflect.get(globalThis, COLLECTING)
  if (Array.isArray(list)) list.push(definition)
}

/** Collects the scripts that are defined while something is done. */
export async function collectScripts(during: () => Promise<void>): Promise<readonly ScriptDefinition[]> {
  const list: ScriptDefinition[] = []
  Reflect.set(globalThis, COLLECTING, list)
  try {
    await during()
  } finally {
    Reflect.deleteProperty(globalThis, COLLECTING)
  }
  return list
}
