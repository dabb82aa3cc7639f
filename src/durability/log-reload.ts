/**
 * DEBUG LOADAOF: all data is forgotten, and read again from the log.
 *
 * The one idea: the log is run on an engine that nobody sees first. Only when all of it can be run is anything forgotten: what
 * is served is whole before and after, and a damaged log is an error and nothing else (redis-server ends). What stands beside
 * the data (libraries, progress) stays: running it again is what could fail.
 */
import { err } from '../base/errors.ts'
import { OK, type Reply } from '../base/reply.ts'
import { Engine } from '../engine/engine.ts'
import type { AppendLog } from './append-log.ts'
import { DurabilityError, type DurableLog } from './durable.ts'
import type { Files } from './files.ts'
import type { LogFolder } from './log-folder.ts'
import { SILENT } from './rdb-file.ts'
import { forgetAll } from './rdb-file-load.ts'
import { Replay } from './replay.ts'

const NO_LOG = err('There is no log to load: appendonly is off')
const UNLOGGED = err('DEBUG LOADAOF cannot follow a change in the same transaction: it is not in the log yet')
const FAILED = err('Error trying to load the AOF files, check server logs')

export interface LogReloadParts {
  readonly engine: Engine
  readonly files: Files
  readonly folder: LogFolder
  /** The log that is being written; undefined under `appendonly no`. */
  readonly current: AppendLog | undefined
  readonly log: DurableLog
}

/** DEBUG LOADAOF's reply. Throws `ReplyError`; then nothing has changed. */
export function reloadLog(parts: LogReloadParts): Reply {
  const { engine, current, log } = parts
  const { keyspace, persistence, expiry, events } = engine
  if (current === undefined) throw NO_LOG
  if (keyspace.reports.effects.length > 0) throw UNLOGGED
  try {
    current.flushNow()
    run(parts, emptyCopyOf(engine), SILENT)
  } catch (error) {
    if (!(error instanceof DurabilityError)) throw error
    log.warning(`DEBUG LOADAOF: ${error.message}`)
    throw FAILED
  }
  const { active } = expiry
  persistence.isLoading = true
  expiry.active = false
  try {
    forgetAll(engine)
    run(parts, engine, log)
  } finally {
    expiry.active = active
    persistence.isLoading = false
  }
  expiry.rearm()
  events.follower?.resumed()
  return OK
}

function run({ files, folder }: LogReloadParts, engine: Engine, log: DurableLog): void {
  const replay = new Replay(engine, files, log)
  const checksum = engine.config.text('rdbchecksum') === 'yes'
  for (const { name } of folder.loaded()) {
    for (const _ of replay.file(folder.path(name), { mayBeTorn: false, checksum, dataOnly: true }));
  }
}

/** Runs the same commands on as many databases. State beside the data has no owner there. */
function emptyCopyOf({ table, clock, random, keyspace, config }: Engine): Engine {
  const directives = { rdbchecksum: config.text('rdbchecksum'), maxmemory: '0' }
  return new Engine({
    commands: table.all,
    clock,
    random,
    databases: keyspace.databases.length,
    config: directives,
  })
}
