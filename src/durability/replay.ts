/**
 * Replay: a log's files, run on an engine that nobody is served by yet.
 *
 * The one idea: commands run without everything around them: nobody is notified, no trigger fires, no effect is reported,
 * nothing waits, and no deadline counts as passed, for the log says itself what went and when. A transaction runs when its
 * EXEC has been read: one that a crash cut off never happened.
 */
import { raw, upper } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import { Client, type Outlet, type TransportFacts } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import type { Context } from '../commands/context.ts'
import type { Engine } from '../engine/engine.ts'
import type { Database } from '../keyspace/database.ts'
import { RdbError } from '../rdb/error.ts'
import { settleAll } from '../structures/settle.ts'
import { DurabilityError, type DurableLog } from './durable.ts'
import type { Files, OpenFile } from './files.ts'
import { LogDamage, LogReader, type LogRecord } from './log-reader.ts'
import { readNote } from './log-text.ts'
import { tooMuch, unreadable, unusable } from './rdb-file.ts'
import { loadingRdb, RoomError, RoomWatch, StateError } from './rdb-file-load.ts'

const NOWHERE: TransportFacts = { address: '', localAddress: '', fd: -1, queryBytes: 0, queryFree: 0, outputBytes: 0 }
const NOBODY: Outlet = { reply() {}, push() {}, resume() {}, close() {}, describe: () => NOWHERE }
/** Records between two pauses. */
const RECORDS_PER_PAUSE = 4096
const RDB_MAGIC = 'REDIS'
/** Errors of commands that are told of one by one. */
const MOST_WARNINGS = 5

type CommandRecord = Extract<LogRecord, { kind: 'command' }>
/** Something a unit consists of. */
type Step = () => void

/** How a file is read. */
export interface ReplayOptions {
  /** The last file of a log may end in the middle of a record: it is cut back to its last whole unit. */
  readonly mayBeTorn: boolean
  readonly checksum: boolean
  /** Changes of what stands beside the data are passed over. */
  readonly dataOnly?: boolean
}

/** What commands see while a log is replayed. */
class ReplayContext implements Context {
  readonly client: Client
  readonly keyspace
  readonly random
  readonly server: Engine
  readonly wakeKey = undefined
  readonly denyBlocking = true
  /** The real instant: what is counted from now on is counted from it. */
  readonly now: number

  constructor(engine: Engine) {
    this.server = engine
    this.keyspace = engine.keyspace
    this.random = engine.random
    this.now = engine.keyspace.look()
    this.client = new Client(0, NOBODY, this.now, true)
  }

  get db(): Database {
    return this.keyspace.databases[this.client.db]!
  }
}

/** Loads files into one engine, in order. */
export class Replay {
  /** Units run. */
  units = 0
  /** Commands that answered an error. */
  errors = 0
  /** Bytes read of all files. */
  bytes = 0
  readonly #engine: Engine
  readonly #files: Files
  readonly #log: DurableLog
  readonly #room = new RoomWatch()
  #ctx: ReplayContext
  /** What stands between MULTI and EXEC, and where it began. */
  #unit: Step[] | undefined = undefined
  #parts: string[] = []

  constructor(engine: Engine, files: Files, log: DurableLog) {
    this.#engine = engine
    this.#files = files
    this.#log = log
    this.#ctx = new ReplayContext(engine)
  }

  /**
   * Loads a file, with pauses; yields bytes read so far. Throws `DurabilityError` where it is not what it should be; then
   * the engine holds a part of the data and must not be used.
   */
  *file(path: string, options: ReplayOptions): Generator<number, void, undefined> {
    const file = this.#files.open(path, options.mayBeTorn ? 'update' : 'read')
    this.#engine.keyspace.loading = true
    try {
      this.#ctx = new ReplayContext(this.#engine)
      const from = startsWithSnapshot(file) ? yield* this.#snapshot(path, options) : 0
      yield* this.#records(file, new LogReader(file, from), options)
      this.bytes += file.size
    } finally {
      this.#engine.keyspace.loading = false
      this.#engine.keyspace.turn()
      file.close()
    }
  }

  /** A snapshot in front: a base file, or the first part of an old log. Gives where it ends. */
  *#snapshot(path: string, { checksum, dataOnly = false }: ReplayOptions): Generator<number, number, undefined> {
    try {
      const options = { checksum, dataOnly, keepsExpired: true }
      const loaded = yield* loadingRdb(this.#engine, this.#files.read(path), options)
      settleAll()
      return loaded.length
    } catch (error) {
      if (!(error instanceof RdbError)) throw unreadable(error, path)
      throw new DurabilityError('CORRUPT', path, `${path}: ${error.message}`, error.offset, error)
    }
  }

  *#records(file: OpenFile, reader: LogReader, options: ReplayOptions): Generator<number, void, undefined> {
    this.#unit = undefined
    this.#parts = []
    let good = reader.offset
    let seen = good
    try {
      for (let count = 1; ; count++) {
        const record = reader.next()
        if (record === undefined) break
        if (record.kind !== 'note' || options.dataOnly !== true) this.#take(record, file.path)
        this.#room.loaded(record.end - seen)
        seen = record.end
        if (this.#unit === undefined && this.#parts.length === 0) good = record.end
        if (count % RECORDS_PER_PAUSE === 0) yield this.bytes + record.end
      }
    } catch (error) {
      if (error instanceof RoomError) throw tooMuch(error, file.path)
      if (!(error instanceof LogDamage)) throw error
      if (error.kind === 'corrupt') throw corrupt(file.path, error.offset, error.message)
    }
    if (good < file.size) this.#cut(file, good, options)
  }

  /** What follows the last whole unit was being written when the process ended. */
  #cut(file: OpenFile, good: number, { mayBeTorn }: ReplayOptions): void {
    const lost = file.size - good
    if (!mayBeTorn) {
      throw new DurabilityError(
        'TRUNCATED',
        file.path,
        `${file.path} ends unexpectedly: its last ${lost} bytes, from offset ${good} on, are no whole unit. Make a copy of the folder; then \`geartrain check --fix\` cuts them off, or, if it is the log's last file, 'aof-load-truncated yes' does so at start.`,
        good,
      )
    }
    this.#log.warning(`${file.path}: ${lost} bytes from offset ${good} on are no whole unit, and are cut off`)
    file.truncate(good)
    file.syncNow()
  }

  #take(record: LogRecord, path: string): void {
    if (record.kind === 'note') {
      this.#note(record.line, record.at, path)
      return
    }
    const command = this.#command(record, path)
    switch (command.name) {
      case 'MULTI':
        if (this.#unit !== undefined) throw corrupt(path, record.at, 'a transaction begins inside another one')
        this.#unit = []
        return
      case 'EXEC':
        this.#exec(record, path)
        return
      default:
        this.#do(() => this.#run(command, record, path))
    }
  }

  #exec({ at }: CommandRecord, path: string): void {
    const unit = this.#unit
    if (unit === undefined) throw corrupt(path, at, 'a transaction ends that has not begun')
    this.#unit = undefined
    for (const step of unit) step()
    this.#ended()
  }

  /** Does something now, or when the transaction that is open ends. */
  #do(step: Step): void {
    if (this.#unit !== undefined) {
      this.#unit.push(step)
      return
    }
    step()
    this.#ended()
  }

  #ended(): void {
    this.units++
    settleAll()
    const { reports } = this.#engine.keyspace
    if (reports.events.length > 0) reports.events = []
    if (reports.effects.length > 0) reports.effects = []
  }

  #command({ argv, at }: CommandRecord, path: string): Command {
    const command = this.#engine.table.find(argv)
    if (command === undefined) {
      const name = JSON.stringify(argv[0]!.slice(0, 64))
      throw new DurabilityError('UNSUPPORTED', path, `${path}: unknown command ${name} at offset ${at}`, at)
    }
    if (!command.accepts(argv.length)) {
      throw corrupt(path, at, `${upper(raw(command.name))} has ${argv.length - 1} arguments, which cannot be`)
    }
    return command
  }

  #run(command: Command, { argv, at }: CommandRecord, path: string): void {
    // What went before may have looked at the clock.
    this.#engine.keyspace.standStill()
    const answer = this.#reply(command, argv)
    if (!(answer instanceof ReplyError)) return
    // All that follows would go to another database.
    if (command.name === 'SELECT') throw corrupt(path, at, answer.message)
    this.errors++
    if (this.errors > MOST_WARNINGS) return
    this.#log.warning(`${path}: ${command.name} at offset ${at} answered ${answer.message}`)
  }

  #reply(command: Command, argv: CommandRecord['argv']): unknown {
    try {
      return command.execute(this.#ctx, argv)
    } catch (error) {
      if (error instanceof ReplyError) return error satisfies Reply
      throw error
    }
  }

  /** A change of state beside the data, whose parts stand one after the other. */
  #note(line: string, at: number, path: string): void {
    const note = readNote(line)
    if (note === undefined) return
    if (note.part !== this.#parts.length + 1)
      throw corrupt(path, at, `part ${note.part} of an annotation is out of order`)
    this.#parts.push(note.base64)
    if (note.part < note.parts) return
    const change = raw(Buffer.from(this.#parts.join(''), 'base64').latin1Slice())
    this.#parts = []
    const extra = this.#engine.extras.get(note.name)
    if (extra === undefined) {
      this.#log.warning(`${path}: offset ${at} changes ${note.name}, which is not known here: it is left out`)
      return
    }
    this.#do(() => {
      try {
        extra.apply(change)
      } catch (error) {
        throw unusable(new StateError(note.name, error), path, at)
      }
    })
  }
}

function corrupt(path: string, offset: number, why: string): DurabilityError {
  return new DurabilityError(
    'CORRUPT',
    path,
    `${path} is damaged at offset ${offset}: ${why}. Nothing was loaded. Make a copy of the folder, then see \`geartrain check\`.`,
    offset,
  )
}

function startsWithSnapshot(file: OpenFile): boolean {
  const head = Buffer.alloc(RDB_MAGIC.length)
  return file.read(head, 0) === head.length && head.latin1Slice() === RDB_MAGIC
}
