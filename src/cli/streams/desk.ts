/**
 * Desk: what every subcommand of `geartrain streams` works with: the database, where to print and how, and when to end.
 */
import type { Command } from 'commander'
import { bytes } from '../../base/bytes.ts'
import { Database } from '../../client/database.ts'
import { RedisError } from '../../client/errors.ts'
import { installContainers } from '../../containers/install.ts'
import { ConnectionLost } from '../client/connection.ts'
import { declareWhere } from '../client/options.ts'
import { isAddress, nameOf, type TargetOptions, targetOf } from '../client/target.ts'
import type { Terminal } from '../client/terminal.ts'
import { RemoteError } from '../remote.ts'
import { onEndSignals } from '../signals.ts'
import { style } from '../style.ts'
import { type Cell, tableOf } from './table.ts'
import { WireBackend } from './wire-backend.ts'

/** Where the program runs. */
export interface Place {
  readonly terminal: () => Terminal
  readonly environment: NodeJS.ProcessEnv
}

/** Options of every subcommand. */
export interface DeskOptions extends TargetOptions {
  readonly json?: boolean
}

export class Desk {
  readonly db: Database
  /** Aborted when the program is asked to end. */
  readonly signal: AbortSignal
  readonly isJson: boolean
  readonly terminal: Terminal
  readonly #bold: (text: string) => string

  constructor(db: Database, terminal: Terminal, isJson: boolean, signal: AbortSignal) {
    this.db = db
    this.terminal = terminal
    this.isJson = isJson
    this.signal = signal
    this.#bold = style(terminal.stdout).bold
  }

  /** Prints text as it is. */
  async print(text: string): Promise<void> {
    await this.terminal.print(bytes(text))
  }

  /** Prints one value as a line of JSON. */
  line(value: unknown): Promise<void> {
    return this.print(`${JSON.stringify(value)}\n`)
  }

  /** Prints a table. */
  table(head: readonly string[], rows: readonly (readonly Cell[])[], none?: string): Promise<void> {
    return this.print(tableOf(head, rows, this.#bold, none))
  }

  /** The server's time. */
  async nowMs(): Promise<number> {
    const [seconds, micros] = await this.db.time()
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
  }

  /** The keys that were named, or all that hold streams. */
  async streamKeys(named: readonly string[]): Promise<string[]> {
    if (named.length > 0) return [...named]
    const found: string[] = []
    for await (const key of this.db.scan({ type: 'stream' })) found.push(key)
    return found.sort()
  }
}

/** Declares what every subcommand takes. */
export function declareDesk(command: Command): Command {
  return declareWhere(command.option('--json', 'for programs: a line of JSON for each row'))
}

/** Takes an address off the front, opens the desk, does the work, and closes it. Failures are `RemoteError`s. */
export async function atDesk(
  place: Place,
  words: readonly string[],
  options: DeskOptions,
  work: (desk: Desk, words: readonly string[]) => Promise<void>,
): Promise<void> {
  const [first] = words
  const isNamed = first !== undefined && isAddress(first)
  const target = targetOf(isNamed ? { ...options, url: first } : options, place.environment)
  const end = new AbortController()
  const settle = onEndSignals(() => end.abort(new Asked()))
  let backend: WireBackend | undefined
  try {
    backend = await WireBackend.open(target)
    installContainers(Database.prototype)
    const desk = new Desk(new Database(backend), place.terminal(), options.json === true, end.signal)
    await work(desk, isNamed ? words.slice(1) : words)
  } catch (error) {
    if (error instanceof Asked) return
    if (error instanceof RedisError || error instanceof RangeError) throw new RemoteError(error.message, error)
    if (error instanceof ConnectionLost) throw new RemoteError(`${nameOf(target)}: ${error.message}`, error)
    throw error
  } finally {
    settle()
    await backend?.close()
  }
}

/** The program was asked to end: no failure. */
export class Asked extends Error {
  readonly code = 'GEARTRAIN_ASKED'
}
