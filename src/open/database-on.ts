/**
 * Databases as users get them: the typed commands, with containers on them.
 */
import type { Backend } from '../backend/backend.ts'
import { Database } from '../client/database.ts'
import type { Host } from '../client/host.ts'
import { installContainers } from '../containers/install.ts'

let isInstalled = false

/** A database over a store. */
export function databaseOn(backend: Backend, host?: Host): Database {
  if (!isInstalled) installContainers(Database.prototype)
  isInstalled = true
  return new Database(backend, host)
}
