/**
 * `open`: from a URL to a database.
 *
 * The one idea: the URL says where the data is, and nothing else in a program does.
 */
import { MessagePort } from 'node:worker_threads'
import { BackendError } from '../backend/backend.ts'
import { PortBackend } from '../backend/port/port-backend.ts'
import { Database } from '../client/database.ts'
import type { CreateOptions } from '../create.ts'
import { openMemory } from './memory.ts'

export interface OpenOptions {
  /** For stores of this process: the engine's own options, taken by who opens a store first. */
  readonly engine?: CreateOptions
}

/**
 * Opens a database: `memory:` (private), `memory:name` (shared within the process), or the port that another thread's
 * `db.port()` gave.
 * Rejects with a `BackendError` when the store can't be reached or the URL means nothing.
 */
export async function open(url: string | MessagePort = 'memory:', options: OpenOptions = {}): Promise<Database> {
  if (url instanceof MessagePort) return new Database(PortBackend.take(url))
  const colon = url.indexOf(':')
  const scheme = colon < 0 ? '' : url.slice(0, colon)
  switch (scheme) {
    case 'memory':
      return openMemory(url.slice(colon + 1), options.engine ?? {})
    default:
      throw new BackendError(
        'UNSUPPORTED',
        `Don't know how to open ${JSON.stringify(scheme === '' ? url : `${scheme}:`)}: a URL begins with memory:`,
      )
  }
}
