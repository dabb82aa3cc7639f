/**
 * Persistence: what an engine knows of its own files, whoever writes them.
 *
 * The one idea: a seam. The engine refuses writes that could not be kept, shows what INFO asks for, and lets nothing out
 * that is not safe; the folder durability/ says when.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import { ReplyError } from '../base/reply.ts'
import type { Client } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import { ENGINE_GATE } from './gates.ts'
import type { Fields } from './info-commands.ts'
import { Release } from './release.ts'

/** Who may find that writes cannot be kept: the log, or the snapshots of `save`. */
export type Writer = 'log' | 'snapshot'

const SNAPSHOT_FAILED = new ReplyError(
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.",
)

/** What INFO shows of a store that writes nothing. */
const NO_SNAPSHOTS: Fields = [['rdb_bgsave_in_progress', 0]]
const NO_LOG: Fields = [
  ['aof_enabled', 0],
  ['aof_rewrite_in_progress', 0],
]

export class Persistence {
  readonly release: Release
  /** Files are being read: nothing is to act upon what they bring until `engine.events.follower.resumed()`. */
  isLoading = false
  /** INFO's fields; set by who writes. */
  logFields: (() => Fields) | undefined = undefined
  snapshotFields: (() => Fields) | undefined = undefined
  readonly #host: { gate: number }
  readonly #refusals = new Map<Writer, ReplyError>()

  constructor(engine: { gate: number; readonly inUnit: boolean }) {
    this.#host = engine
    this.release = new Release(() => engine.inUnit)
  }

  /** Writes are refused from now on, or (undefined) no longer. `why` is the disk's own word, for the log. */
  refuseWrites(writer: Writer, why: string | undefined): void {
    if (why === undefined) this.#refusals.delete(writer)
    else this.#refusals.set(writer, writer === 'log' ? logFailed(raw(why)) : SNAPSHOT_FAILED)
    const { gate } = this.#host
    this.#host.gate = this.#refusals.size > 0 ? gate | ENGINE_GATE.disk : gate & ~ENGINE_GATE.disk
  }

  /** Why a command is refused; Redis answers PING so too, that monitoring may see it. */
  refusal(client: Client, command: Command): ReplyError | undefined {
    if (this.#refusals.size === 0) return undefined
    if (!writes(client, command) && command.name !== 'PING') return undefined
    return this.#refusals.get('snapshot') ?? this.#refusals.get('log')
  }

  /** INFO's section. */
  fields(): Fields {
    const log = this.logFields?.() ?? NO_LOG
    return [
      ['loading', this.isLoading ? 1 : 0],
      ['async_loading', 0],
      ...(this.snapshotFields?.() ?? NO_SNAPSHOTS),
      ...log,
    ]
  }
}

/** An EXEC writes when something in its queue does. */
const writes = ({ transaction }: Client, command: Command): boolean =>
  command.isWrite ||
  (command.name === 'EXEC' && transaction !== undefined && transaction.queue.some(({ command }) => command.isWrite))

const logFailed = (why: Bytes): ReplyError => new ReplyError(`MISCONF Errors writing to the AOF file: ${why}`)
