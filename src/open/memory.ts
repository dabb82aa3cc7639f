/**
 * Stores in this process: `memory:` is private, `memory:name` is shared by all who name it.
 *
 * The one idea: a named store lives while anyone has it open. The register is the process' own, not this module's: a second
 * copy of the package (a bundle, a test runner's isolation) opens databases of the first, so that both see one store. Worker
 * threads have a process of their own in this respect: they get a database by `db.port()`.
 */
import { BackendError } from '../backend/backend.ts'
import { EmbeddedScripts, type ScriptLog } from '../backend/embedded/scripts.ts'
import type { Database } from '../client/database.ts'
import { type CreateOptions, createEngine } from '../create.ts'
import { databaseOn } from './database-on.ts'
import { EngineHost } from './engine-host.ts'

/** Opens one database more on a shared store. */
type OpenMore = () => Database

const REGISTER = Symbol.for('geartrain.memory')

function register(): Map<string, OpenMore> {
  const found: unknown = Reflect.get(globalThis, REGISTER)
  if (found instanceof Map) return found
  const made = new Map<string, OpenMore>()
  Reflect.set(globalThis, REGISTER, made)
  return made
}

/** Opens a store of this process; an empty name is a new one. `options` are for who opens a store first. */
export function openMemory(name: string, options: CreateOptions, onScriptLog?: ScriptLog): Database {
  const known = name === '' ? undefined : register().get(name)
  if (known !== undefined) return known()
  const engine = createEngine(options)
  if (engine.config.text('appendonly') === 'yes') {
    throw new BackendError(
      'UNSUPPORTED',
      "A store in memory keeps nothing: 'appendonly yes' needs a folder, file:./data.",
    )
  }
  if (onScriptLog !== undefined) EmbeddedScripts.of(engine).onLog = onScriptLog
  const host = new EngineHost(engine)
  let users = 0
  const openMore: OpenMore = () => {
    users++
    const leave = async (): Promise<void> => {
      if (--users > 0) return
      if (name !== '') register().delete(name)
      await host.close()
    }
    return databaseOn(host.backend(`memory:${name}`), host.for(`memory:${name}`, leave))
  }
  if (name !== '') register().set(name, openMore)
  return openMore()
}
