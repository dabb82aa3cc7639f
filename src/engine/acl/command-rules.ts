/**
 * Command rules: which commands a selector may run.
 *
 * The one idea: a bit per command, at `Command.index`. Beside the bits stand two facts that they can't hold: whether
 * commands that do not exist yet are allowed, and first words that let an otherwise forbidden command pass
 * (`+select|0`).
 *
 * Invariant: `every` is set only while all bits are; a bit taken away ends it until all commands are allowed again.
 */
import { type Bytes, lower, upToNul } from '../../base/bytes.ts'
import type { Command } from '../../commands/command.ts'

export class CommandRules {
  /** Nothing was taken away since all commands were allowed. */
  every = false
  /** Commands that do not exist yet are allowed: the rules begin with `+@all`. */
  future = false
  readonly #bits: Uint32Array
  readonly #firstWords = new Map<number, readonly Bytes[]>()

  /** Allows nothing; `size` is one more than the highest index of a command. */
  constructor(size: number) {
    this.#bits = new Uint32Array((size + 31) >>> 5)
  }

  /** The same rules, on their own from now on. */
  copy(): CommandRules {
    const copied = new CommandRules(this.#bits.length << 5)
    copied.#bits.set(this.#bits)
    copied.every = this.every
    copied.future = this.future
    for (const [index, words] of this.#firstWords) copied.#firstWords.set(index, words)
    return copied
  }

  /** Allows or forbids every command, those of the future included. */
  setAll(allowed: boolean): void {
    this.#bits.fill(allowed ? 0xffffffff : 0)
    this.every = allowed
    this.future = allowed
    this.#firstWords.clear()
  }

  /** Allows or forbids a command with all its subcommands; what its first words allowed is forgotten. */
  set(command: Command, allowed: boolean): void {
    const { index } = command
    const word = this.#bits[index >>> 5]!
    const bit = 1 << (index & 31)
    this.#bits[index >>> 5] = allowed ? word | bit : word & ~bit
    if (!allowed) this.every = false
    this.#firstWords.delete(index)
    for (const subcommand of command.subcommands.values()) this.set(subcommand, allowed)
  }

  /** Allows a command whose first argument is this word, in any case. */
  allowFirstWord({ index }: Command, word: Bytes): void {
    const known = this.#firstWords.get(index) ?? []
    if (!known.some((other) => lower(other) === lower(word))) this.#firstWords.set(index, [...known, word])
  }

  /** Whether the command as a whole is allowed. */
  has({ index }: Command): boolean {
    return (this.#bits[index >>> 5]! & (1 << (index & 31))) !== 0
  }

  /** The first words with which the command is allowed. */
  firstWordsOf({ index }: Command): readonly Bytes[] {
    return this.#firstWords.get(index) ?? []
  }

  /** Whether a line of this command may run. */
  allows(command: Command, argv: readonly Bytes[]): boolean {
    if (this.every || this.has(command)) return true
    if (this.#firstWords.size === 0 || argv.length < 2) return false
    const first = lower(upToNul(argv[1]!))
    return this.firstWordsOf(command).some((word) => lower(word) === first)
  }
}
