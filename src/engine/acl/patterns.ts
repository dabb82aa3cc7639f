/**
 * Patterns: which keys a selector may read or write, and which channels it may use.
 *
 * The one idea: two lists of globs with a word for "all of them" beside each, since an unrestricted list is looked at on
 * every command and must cost nothing. A key pattern carries what it allows; a client's own pattern (PSUBSCRIBE) must
 * stand in the list letter by letter.
 */
import { type Bytes, upToNul } from '../../base/bytes.ts'
import { matchGlob } from '../../base/glob.ts'

/** What may be done to a key, as bits. */
export const KEY_RIGHT = { read: 1, write: 2, both: 3 } as const

const PREFIX = ['', '%R~', '%W~', '~'] as const

export class KeyPatterns {
  all = false
  /** Pattern -> rights, in the order in which they came. */
  readonly #rights = new Map<Bytes, number>()

  copy(): KeyPatterns {
    const copied = new KeyPatterns()
    copied.all = this.all
    for (const [pattern, rights] of this.#rights) copied.#rights.set(pattern, rights)
    return copied
  }

  allow(pattern: Bytes, rights: number): void {
    this.#rights.set(pattern, rights | (this.#rights.get(pattern) ?? 0))
  }

  allowAll(): void {
    this.all = true
    this.#rights.clear()
  }

  reset(): void {
    this.all = false
    this.#rights.clear()
  }

  /** Whether a key may be touched so; with no rights at all, any pattern that it matches will do. */
  allows(key: Bytes, rights: number): boolean {
    if (this.all) return true
    for (const [pattern, given] of this.#rights) {
      if ((given & rights) === rights && matchGlob(pattern, key)) return true
    }
    return false
  }

  /** Whether every key may be touched so. */
  allowsEvery(rights: number): boolean {
    if (this.all) return true
    for (const [pattern, given] of this.#rights) if ((given & rights) === rights && pattern === '*') return true
    return false
  }

  /** As rules: `~a* %R~b`. */
  words(): string[] {
    return this.all ? ['~*'] : [...this.#rights].map(([pattern, rights]) => `${PREFIX[rights]}${pattern}`)
  }
}

export class ChannelPatterns {
  all: boolean
  readonly #patterns = new Set<Bytes>()

  constructor(all = false) {
    this.all = all
  }

  copy(): ChannelPatterns {
    const copied = new ChannelPatterns(this.all)
    for (const pattern of this.#patterns) copied.#patterns.add(pattern)
    return copied
  }

  /** The patterns there are; meaningless while `all`. */
  get patterns(): ReadonlySet<Bytes> {
    return this.#patterns
  }

  allow(pattern: Bytes): void {
    this.#patterns.add(pattern)
  }

  allowAll(): void {
    this.all = true
    this.#patterns.clear()
  }

  reset(): void {
    this.all = false
    this.#patterns.clear()
  }

  /** Whether a channel may be used. */
  allows(channel: Bytes, isPattern: boolean): boolean {
    return this.all || matchesAny(this.#patterns, channel, isPattern)
  }

  /** As rules: `&a* &b`. */
  words(): string[] {
    return this.all ? ['&*'] : [...this.#patterns].map((pattern) => `&${pattern}`)
  }
}

/** Whether one of the patterns matches a channel, or is the very pattern that a client listens to. */
export function matchesAny(patterns: Iterable<Bytes>, channel: Bytes, isPattern: boolean): boolean {
  for (const pattern of patterns) {
    if (isPattern ? upToNul(pattern) === upToNul(channel) : matchGlob(pattern, channel)) return true
  }
  return false
}
