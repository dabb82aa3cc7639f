/**
 * Stores in a folder: `file:./data` keeps what is written in the files that redis-server has, and loads them when it is opened.
 *
 * The one idea: as a named store of `memory:`, it lives while anyone in this process has it open, so that opening a folder
 * twice gives two databases on one store; another process is refused (`LOCKED`). The log is on (`appendonly yes`), brought to
 * the disk every second unless `fsync` says otherwise.
 */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { BackendError } from '../backend/backend.ts'
import { EmbeddedScripts, type ScriptLog } from '../backend/embedded/scripts.ts'
import type { Database } from '../client/database.ts'
import { type CreateOptions, createEngine } from '../create.ts'
import { DurableStore } from '../durability/durable-store.ts'
import { lockFolder } from '../durability/folder-lock.ts'
import type { Engine } from '../engine/engine.ts'
import { databaseOn } from './database-on.ts'
import { EngineHost } from './engine-host.ts'

/** When what was written is brought to the disk: before it is acknowledged, once a second, or when the system likes. */
export type Fsync = 'always' | 'everysec' | 'no'

/** Opens one database more on a store that is open. */
type OpenMore = () => Database

const REGISTER = Symbol.for('geartrain.file')

/** Stores by folder: open, being opened, or being closed (then nobody gets more of them, but waits). */
function register(): Map<string, Promise<OpenMore | undefined>> {
  const found: unknown = Reflect.get(globalThis, REGISTER)
  if (found instanceof Map) return found
  const made = new Map<string, Promise<OpenMore | undefined>>()
  Reflect.set(globalThis, REGISTER, made)
  return made
}

/** What may be said of a store in a folder; taken by who opens it first. */
export interface FileOptions {
  readonly engine: CreateOptions
  readonly fsync: Fsync | undefined
  readonly onScriptLog: ScriptLog | undefined
}

/** Opens a folder. Rejects with `DurabilityError` when it is in use, or its files cannot be loaded. */
export async function openFile(url: string, options: FileOptions): Promise<Database> {
  const folder = folderIn(url)
  const key = realPath(folder)
  for (;;) {
    const known = register().get(key)
    if (known === undefined) break
    const openMore = await known
    if (openMore !== undefined) return openMore()
  }
  const opening = openStore(url, folder, key, options)
  register().set(key, opening)
  try {
    return (await opening)()
  } catch (error) {
    if (register().get(key) === opening) register().delete(key)
    throw error
  }
}

/** An engine whose data is in a folder, which is ours. */
export interface KeptEngine {
  readonly engine: Engine
  readonly store: DurableStore
  /** Flushes, and lets others have the folder. Who serves the engine ends that before. */
  close(): Promise<void>
}

/** Locks a folder, and loads what it holds into an engine of its own. Rejects with `DurabilityError`. */
export async function keepIn(folder: string, chosen: CreateOptions, fsync?: Fsync): Promise<KeptEngine> {
  const lock = lockFolder(folder)
  const policy = fsync === undefined ? {} : { appendfsync: fsync }
  const config = { appendonly: 'yes', save: '', ...chosen.config, ...policy, dir: folder }
  let engine: Engine | undefined
  try {
    engine = createEngine({ ...chosen, config })
    const store = await DurableStore.open(engine)
    return { engine, store, close: () => store.close().finally(lock.release) }
  } catch (error) {
    await engine?.stop()
    lock.release()
    throw error
  }
}

async function openStore(
  url: string,
  folder: string,
  key: string,
  { engine: chosen, fsync, onScriptLog }: FileOptions,
): Promise<OpenMore> {
  const { engine, store, close } = await keepIn(folder, chosen, fsync)
  if (onScriptLog !== undefined) EmbeddedScripts.of(engine).onLog = onScriptLog
  const host = new EngineHost(engine)
  let users = 0
  const end = (): Promise<void> => host.close().finally(close)
  return () => {
    users++
    const leave = async (): Promise<void> => {
      if (--users > 0) return
      const ending = end()
      // Whoever opens the folder meanwhile waits until it is let go of, and begins anew.
      const gone = ending.then(noMore, noMore)
      register().set(key, gone)
      void gone.then(() => {
        if (register().get(key) === gone) register().delete(key)
      })
      return ending
    }
    return databaseOn(host.backend(url), { ...host.for(url, leave), flush: () => store.flush() })
  }
}

const noMore = (): undefined => undefined

/** The folder that a URL names. Throws `BackendError` (`UNSUPPORTED`). */
export function folderIn(url: string): string {
  const wrong = (why: string): BackendError => new BackendError('UNSUPPORTED', `${JSON.stringify(url)}: ${why}`)
  const rest = url.slice('file:'.length)
  const [, host = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [rest, '', rest]
  if (host !== '' && host !== 'localhost') {
    throw wrong(`${host} would be another machine: write file:./folder, or file:///folder from the root`)
  }
  if (path === '') throw wrong('no folder is named: write file:./folder')
  try {
    const folder = decodeURIComponent(path)
    if (folder.includes('\0')) throw wrong('a path has no NUL')
    return resolve(folder)
  } catch (error) {
    if (error instanceof BackendError) throw error
    throw wrong('a % begins two hexadecimal digits; the sign itself is written %25')
  }
}

/** By whatever links it is named, it is one folder. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    // What is not there yet will stand in what is.
    const above = dirname(folder)
    return above === folder ? folder : join(realPath(above), basename(folder))
  }
}
