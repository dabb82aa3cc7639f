/**
 * The globals of an isolate's context: those that a library may have (hosts/globals.ts), and no others.
 */
import { ALLOWED_GLOBALS } from '../globals.ts'

/** Takes all others out. */
export function removeGlobals(global: object): void {
  for (const name of Object.getOwnPropertyNames(global))
    if (!ALLOWED_GLOBALS.has(name)) Reflect.deleteProperty(global, name)
}
