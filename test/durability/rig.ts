/**
 * Stores for tests of durability: an engine over files, on a clock of its own, filled from a seed.
 */
import type { Argv } from '../../src/base/bytes.ts'
import { raw } from '../../src/base/bytes.ts'
import type { Clock } from '../../src/base/clock.ts'
import { seededRandom, systemRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { ReplyError } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import type { DurabilityError, DurableLog } from '../../src/durability/durable.ts'
import { DurableStore } from '../../src/durability/durable-store.ts'
import type { Files } from '../../src/durability/files.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { Extra } from '../../src/engine/extras.ts'
import { encodeReply } from '../../src/resp/reply-encoder.ts'
import { ArgvGenerator } from '../../src/testing/argv-generator.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { contentsOf } from '../differential/replay.ts'
import { OurClient } from '../oracle/peers.ts'

/** A command as redis-cli takes it: words without blanks inside. */
export const words = (line: string): Argv => line.split(' ').map(raw)

export interface TrialOptions {
  readonly files: Files
  readonly config?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly extras?: readonly Extra[]
}

/** A store that is open, and a client of it. */
export class Trial {
  readonly engine: Engine
  readonly clock: Clock
  /** What a person was told. */
  readonly told: string[] = []
  /** Why nothing is acknowledged any more. */
  fatal: DurabilityError | undefined = undefined
  store!: DurableStore
  readonly client = new OurClient()

  private constructor({ config = {}, clock = new ManualClock(), extras = [] }: TrialOptions) {
    this.clock = clock
    this.engine = new Engine({
      commands: allCommands,
      clock,
      random: systemRandom,
      config: { dir: '/data', appendonly: 'yes', 'enable-debug-command': 'yes', ...config },
    })
    for (const extra of extras) this.engine.extras.add(extra)
    this.client.session = this.engine.connect(this.client)
  }

  static async open(options: TrialOptions): Promise<Trial> {
    const trial = new Trial(options)
    const log: DurableLog = { notice: (text) => trial.told.push(text), warning: (text) => trial.told.push(`! ${text}`) }
    const onFatal = (error: DurabilityError): void => {
      trial.fatal = error
    }
    trial.store = await DurableStore.open(trial.engine, { files: options.files, log, onFatal })
    return trial
  }

  /** Runs a line; its reply. */
  ask(line: string | Argv): Reply {
    return this.engine.execute(this.client.session, typeof line === 'string' ? words(line) : line) ?? null
  }

  /** The same, as bytes on a wire. */
  said(line: string): string {
    return encodeReply(this.ask(line), 2)
  }

  /** The same, for lines that must not fail. */
  run(...lines: readonly string[]): void {
    for (const line of lines) {
      const reply = this.ask(line)
      if (reply instanceof ReplyError) throw new Error(`${line}: ${reply.message}`)
    }
  }

  async close(): Promise<void> {
    await this.store.close()
    this.engine.stop()
  }
}

/** Everything in an engine as text. What a hash was when its fields had deadlines is a form, not data. */
export function dataOf(engine: Engine, fromMs: number): Map<string, string> {
  const contents = contentsOf(engine, fromMs)
  for (const [key, text] of contents) contents.set(key, text.replace('string:listpackex', 'string:listpack'))
  return contents
}

/** What is left out: commands that need a server around them, or that redis-server 7.0 does not have. */
const LEFT_OUT = /^(?:DEBUG|MIGRATE|TFUNCTION|TFCALL|TFCALLASYNC|TCONFIG_SET|RESTORE|RESTORE-ASKING|COPY)/
/** What later versions have. */
const NEWER = /^(?:H(?:P?EXPIRE(?:AT)?|PERSIST|P?TTL|P?EXPIRETIME)|HGETDEL|HGETEX|HSETEX)$/

/** Commands of every kind, from a seed: what a program may do to data. */
export class Deeds {
  readonly #random
  readonly #generator: ArgvGenerator
  readonly #commands

  constructor(seed: number, options: { readonly newer?: boolean } = {}) {
    this.#random = seededRandom(seed)
    this.#generator = new ArgvGenerator(this.#random)
    this.#commands = allCommands.filter(
      ({ isWrite, name }) => isWrite && !LEFT_OUT.test(name) && (options.newer === true || !NEWER.test(name)),
    )
  }

  /** One of so many. */
  below(count: number): number {
    return this.#random.below(count)
  }

  /** The next unit: a line, or several that are one transaction. */
  next(): readonly Argv[] {
    if (this.#random.below(40) === 0) return [words(`SELECT ${this.#random.below(3)}`)]
    if (this.#random.below(8) !== 0) return [this.#line()]
    const lines = Array.from({ length: 2 + this.#random.below(4) }, () => this.#line())
    return [words('MULTI'), ...lines, words('EXEC')]
  }

  #line(): Argv {
    const command = this.#commands[this.#random.below(this.#commands.length)]!
    // Once in a while is enough: nothing would be left of the others.
    if (/^(?:FLUSHALL|FLUSHDB|SWAPDB)$/.test(command.name) && this.#random.below(10) > 0) return words('INCR many')
    return this.#generator.next(command)
  }
}
