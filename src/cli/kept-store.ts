/**
 * The folder of a served store: when there is one, and what becomes of it when the server ends.
 *
 * The one idea: who names a folder (`dir`), asks for a log (`appendonly yes`) or for snapshots (`save`) wants the data kept;
 * a server that was told nothing keeps nothing.
 */
import { resolve } from 'node:path'
import { ReplyError } from '../base/reply.ts'
import type { ShutdownOptions } from '../commands/context.ts'
import { DurabilityError } from '../durability/durable.ts'
import { DurableStore } from '../durability/durable-store.ts'
import { lockFolder } from '../durability/folder-lock.ts'
import type { Engine } from '../engine/engine.ts'
import { ServerError } from '../server/errors.ts'
import type { Log } from '../server/log.ts'
import type { Server } from '../server/server.ts'

/** Loads the store of an engine whose directives ask for one. Throws `ServerError` when its files cannot be used. */
export async function storeOf(engine: Engine, log: Log): Promise<DurableStore | undefined> {
  const { config } = engine
  const isKept = config.text('dir') !== '' || config.text('appendonly') === 'yes' || config.text('save') !== ''
  if (!isKept) return undefined
  try {
    // Let go of when the process ends.
    lockFolder(resolve(config.text('dir') || '.'))
    return await DurableStore.open(engine, {
      log: { notice: (text) => log.notice(text), warning: (text) => log.warning(text) },
      onFatal: (error) => {
        log.warning(`${error.message} Exiting.`)
        process.exit(1)
      },
    })
  } catch (error) {
    if (!(error instanceof DurabilityError)) throw error
    throw new ServerError('GEARTRAIN_DATA', error.message)
  }
}

/** Where the data is, and when it gets there, in a few words. */
export function dataOf({ config }: Engine, store: DurableStore | undefined): string {
  if (store === undefined) return 'in memory: it ends with this process (--dir ./data keeps it)'
  const folder = config.text('dir')
  if (config.text('appendonly') === 'yes') return `${folder}, a log, appendfsync ${config.text('appendfsync')}`
  const points = config.text('save')
  return `${folder}, ${points === '' ? 'saved when asked to' : `snapshots, save ${points}`} (--appendonly yes keeps every write)`
}

/**
 * Saves as a server does that ends: when it is asked to, or has points of `save`, unless it is told not to. False when that
 * failed: then it should not end.
 */
export function saves(store: DurableStore | undefined, asked: ShutdownOptions['save'], log: Log): boolean {
  if (store === undefined || asked === 'nosave' || (asked === undefined && !store.snapshots.hasPoints)) return true
  try {
    store.snapshots.saveNow()
    return true
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error
    log.warning(`Not saved: ${error.message}`)
    return false
  }
}

/** Brings the log to the disk, lets the last replies go, and closes the files. */
export async function closeAll(server: Server, store: DurableStore | undefined, log: Log): Promise<void> {
  try {
    await store?.flush()
  } catch (error) {
    log.warning(`The log is not on the disk: ${error instanceof Error ? error.message : error}`)
  }
  await server.close()
  try {
    await store?.close()
  } catch (error) {
    log.warning(`The log is not on the disk: ${error instanceof Error ? error.message : error}`)
  }
}
