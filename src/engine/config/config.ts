/**
 * Configuration: redis.conf directives, read and set while the engine runs.
 *
 * The one idea: a value is the text that CONFIG GET prints, kept in one map; who needs a number keeps it and listens.
 * CONFIG SET changes all or nothing: a value that can't be read, or that someone can't apply, puts everything back.
 */
import { type Bytes, bytes, lower, raw } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { matchGlob } from '../../base/glob.ts'
import type { ReplyError } from '../../base/reply.ts'
import type { ConfigPort } from '../../commands/context.ts'
import type { Directive } from './directive.ts'
import { DIRECTIVES } from './directives.ts'
import { Problem } from './kinds.ts'
import { refusalOf } from './refused.ts'

/** Directives given at start: name -> value. */
export type ConfigOptions = Readonly<Record<string, string>>

/** Applies a new value. Returning a `Problem` refuses it: then the old one comes back and the listener is called again. */
export type ConfigListener = (value: string) => unknown

/** The configuration file. */
export interface ConfigFile {
  readonly path: string
  /** Makes the file say what the directives say now; throws `Error`. */
  rewrite(directives: readonly Written[]): void
}

/** A directive as a file is to say it. */
export interface Written {
  readonly name: string
  readonly alias: string | undefined
  readonly value: string
  readonly isDefault: boolean
  /** Reads a value as the file gives it, so that equal values can be told; undefined when it can't be read. */
  read(value: string): string | undefined
}

/** A directive given at start that is unknown, or has a value that can't be read. */
export class ConfigError extends Error {
  readonly code = 'ERR_CONFIG'
  readonly directive: string
  constructor(directive: string, why: string) {
    super(`Bad directive '${directive}': ${why}`)
    this.name = 'ConfigError'
    this.directive = directive
  }
}

const NO_FILE = err('The server is running without a config file')

/** Directives by name, old names included. */
const BY_NAME: ReadonlyMap<string, Directive> = new Map(
  DIRECTIVES.flatMap((directive): [string, Directive][] => [
    [directive.name, directive],
    ...(directive.alias === undefined ? [] : [[directive.alias, directive] as [string, Directive]]),
  ]),
)

export class Config implements ConfigPort {
  readonly #values = new Map(DIRECTIVES.map(({ name, initial }) => [name, initial]))
  readonly #listeners = new Map<string, ConfigListener[]>()
  readonly #printers = new Map<string, () => string>()
  readonly #onResetStat: () => void
  /** What needs not be said: values as they are when nothing is given. */
  readonly #defaults: ReadonlyMap<string, string>
  /** The file that CONFIG REWRITE writes: where it is, and how. Set by whoever has read one. */
  file: ConfigFile | undefined = undefined

  /** Takes what was given at start, and defaults that are the machine's; throws `ConfigError`. */
  constructor(options: ConfigOptions, onResetStat: () => void, defaults: ConfigOptions = {}) {
    this.#onResetStat = onResetStat
    this.load(Object.entries(defaults))
    this.#defaults = new Map(this.#values)
    this.load(Object.entries(options))
  }

  /** The value of one directive as CONFIG GET prints it; undefined when there is none of that name. */
  get(name: string): string | undefined {
    const directive = BY_NAME.get(name)
    return directive === undefined ? undefined : this.#show(directive)
  }

  /** The value of a directive that there is, as it is kept. */
  text(name: string): string {
    return this.#values.get(BY_NAME.get(name)!.name)!
  }

  number(name: string): number {
    return Number(this.text(name))
  }

  match(pattern: Bytes): [name: string, value: string][] {
    if (!/[[*?]/.test(pattern)) {
      // A plain name comes back as it was given.
      const directive = BY_NAME.get(lower(pattern))
      return directive === undefined ? [] : [[pattern, this.#show(directive)]]
    }
    return [...BY_NAME]
      .filter(([name]) => matchGlob(pattern, raw(name), true))
      .map(([name, directive]) => [name, this.#show(directive)])
  }

  /** What CONFIG GET prints of a directive, where that is not the text kept. */
  printAs(name: string, print: () => string): void {
    this.#printers.set(name, print)
  }

  /** Calls `listener` after each change, and now when the value is not the default; throws `ConfigError`. */
  follow(name: string, listener: ConfigListener): void {
    this.onChange(name, listener)
    const value = this.text(name)
    const outcome = value === BY_NAME.get(name)!.initial ? undefined : listener(value)
    if (outcome instanceof Problem) throw new ConfigError(name, outcome.text)
  }

  /** Calls `listener` after each change. */
  onChange(name: string, listener: ConfigListener): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined) this.#listeners.set(name, [listener])
    else listeners.push(listener)
  }

  /** Takes directives at start, those included that never change later; throws `ConfigError`. */
  load(pairs: Iterable<readonly [name: string, value: string]>): void {
    for (const [name, value] of pairs) {
      const directive = BY_NAME.get(name.toLowerCase())
      if (directive === undefined)
        throw new ConfigError(name, refused(name.toLowerCase()) ?? 'there is no such directive')
      const read = this.#read(directive, bytes(value))
      if (read instanceof Problem) throw new ConfigError(name, read.text)
      this.#values.set(directive.name, read)
      const problem = this.#apply(directive, read)
      if (problem !== undefined) throw new ConfigError(name, problem)
    }
  }

  set(pairs: readonly [name: Bytes, value: Bytes][]): void {
    const directives = this.#settable(pairs)
    const before = directives.map(({ name }) => this.#values.get(name)!)
    try {
      pairs.forEach(([, value], i) => {
        const read = this.#read(directives[i]!, value)
        if (read instanceof Problem) throw failed(pairs[i]![0], read.text)
        this.#values.set(directives[i]!.name, read)
      })
      for (const directive of directives) {
        const problem = this.#unapplied(directive) ?? this.#apply(directive, this.text(directive.name))
        if (problem !== undefined) throw failed(directive.name, problem)
      }
    } catch (error) {
      // Backwards, so that a directive named twice (by its old name) ends with its first value.
      for (let i = directives.length - 1; i >= 0; i--) this.#values.set(directives[i]!.name, before[i]!)
      for (const directive of directives) this.#apply(directive, this.text(directive.name))
      throw error
    }
  }

  resetStat(): void {
    this.#onResetStat()
  }

  rewrite(): void {
    if (this.file === undefined) throw NO_FILE
    try {
      this.file.rewrite(DIRECTIVES.map((directive) => this.#written(directive)))
    } catch (error) {
      throw err(`Rewriting config file: ${error instanceof Error ? error.message : error}`)
    }
  }

  #written(directive: Directive): Written {
    const value = this.#show(directive)
    return {
      name: directive.name,
      alias: directive.alias,
      value,
      isDefault: this.#values.get(directive.name) === this.#defaults.get(directive.name),
      read: (given) => {
        const read = directive.kind(given, directive.initial)
        return read instanceof Problem ? undefined : read
      },
    }
  }

  /** The directives of these names; throws for the first that is unknown, can't be set, or comes twice. */
  #settable(pairs: readonly [name: Bytes, value: Bytes][]): Directive[] {
    const seen = new Set<string>()
    let refusal: ReplyError | undefined
    const directives: Directive[] = []
    for (const [given] of pairs) {
      const name = lower(given)
      const directive = BY_NAME.get(name)
      if (directive === undefined) {
        const why = refused(name)
        refusal ??= why === undefined ? unknown(given) : failed(given, why)
      } else if (directive.immutable) refusal ??= failed(given, "can't set immutable config")
      else if (directive.guarded) refusal ??= failed(given, "can't set protected config")
      else if (seen.has(name)) refusal ??= failed(given, 'duplicate parameter')
      else directives.push(directive)
      seen.add(name)
    }
    if (refusal !== undefined) throw refusal
    return directives
  }

  #read(directive: Directive, value: string): string | Problem {
    return directive.kind(value, this.text(directive.name))
  }

  #show({ name }: Directive): string {
    return this.#printers.get(name)?.() ?? this.#values.get(name)!
  }

  #unapplied({ name, initial, unapplied }: Directive): string | undefined {
    return this.#listeners.has(name) || this.text(name) === initial ? undefined : unapplied
  }

  #apply({ name }: Directive, value: string): string | undefined {
    for (const listener of this.#listeners.get(name) ?? []) {
      const outcome = listener(value)
      if (outcome instanceof Problem) return outcome.text
    }
    return undefined
  }
}

const unknown = (given: Bytes): ReplyError => err(`Unknown option or number of arguments for CONFIG SET - '${given}'`)

function refused(name: string): string | undefined {
  const reason = refusalOf(name)
  return reason === undefined ? undefined : `not supported: ${reason}`
}

const failed = (name: string, why: string): ReplyError =>
  err(`CONFIG SET failed (possibly related to argument '${name}') - ${why}`)
