/**
 * User: a name, whether and with which passwords it may sign in, and selectors.
 *
 * The one idea: clients hold on to the user itself, so rules are changed on a draft and then taken over as a whole; a
 * user that was removed and made again is another one.
 */
import type { Argv, Bytes } from '../../base/bytes.ts'
import type { Command } from '../../commands/command.ts'
import type { Catalogue } from './catalogue.ts'
import { hashOf, matchesPassword } from './passwords.ts'
import { KEY_RIGHT } from './patterns.ts'
import type { Denial, DenialReason, Selector } from './selector.ts'

/** Of several selectors' reasons the later one in this list is told. */
const WEIGHT: Readonly<Record<DenialReason, number>> = { command: 0, key: 1, channel: 2 }

export class User {
  readonly name: Bytes
  enabled = false
  nopass = false
  /** Whether payloads of RESTORE are looked through; undefined until something was said. */
  sanitize: boolean | undefined = undefined
  readonly #passwords = new Set<Bytes>()
  /** The user's own selector first, then those in parentheses. */
  readonly #selectors: [Selector, ...Selector[]]

  constructor(name: Bytes, own: Selector) {
    this.name = name
    this.#selectors = [own]
  }

  /** The user's own selector. */
  get own(): Selector {
    return this.#selectors[0]
  }

  get selectors(): readonly Selector[] {
    return this.#selectors
  }

  /** Hashes of the passwords, oldest first. */
  get passwords(): ReadonlySet<Bytes> {
    return this.#passwords
  }

  /** Whether no line of its clients needs a look. */
  get unrestricted(): boolean {
    return this.#selectors.some((selector) => selector.unrestricted)
  }

  /** A draft to change. */
  draft(): User {
    const draft = new User(this.name, this.own.copy())
    draft.takeOver(this)
    return draft
  }

  /** Becomes what another user is, the name apart. The other one is not to be used any more. */
  takeOver(other: User): void {
    this.enabled = other.enabled
    this.nopass = other.nopass
    this.sanitize = other.sanitize
    this.#passwords.clear()
    for (const hash of other.#passwords) this.#passwords.add(hash)
    this.#selectors.length = 1
    other.#selectors.forEach((selector, i) => {
      this.#selectors[i] = selector.copy()
    })
  }

  addSelector(selector: Selector): void {
    this.#selectors.push(selector)
  }

  clearSelectors(): void {
    this.#selectors.length = 1
  }

  /** Takes one more password, by its hash; from now on one is needed. */
  addPassword(hash: Bytes): void {
    this.#passwords.add(hash)
    this.nopass = false
  }

  /** False when there is no such password. */
  removePassword(hash: Bytes): boolean {
    return this.#passwords.delete(hash)
  }

  /** Forgets all passwords; then any will do, or none. */
  clearPasswords(nopass: boolean): void {
    this.#passwords.clear()
    this.nopass = nopass
  }

  /** Makes a password the only one; an empty one takes the need for any away (`requirepass`). */
  requirePassword(password: Bytes): void {
    this.clearPasswords(password === '')
    if (password !== '') this.addPassword(hashOf(password))
  }

  /** Whether someone who says this password may sign in. */
  admits(password: Bytes): boolean {
    return this.enabled && (this.nopass || matchesPassword(this.#passwords, password))
  }

  /** Why a line may not run; undefined when some selector lets it. */
  denial(command: Command, argv: Argv): Denial | undefined {
    let told: Denial = { reason: 'command', at: 0 }
    for (const selector of this.#selectors) {
      const denial = selector.denial(command, argv)
      if (denial === undefined) return undefined
      const more = WEIGHT[denial.reason] - WEIGHT[told.reason]
      if (more > 0 || (more === 0 && denial.at > told.at)) told = denial
    }
    return told
  }

  /** Whether a selector that lets this line run allows reading every key, whatever its name (SORT's patterns). */
  mayReadAllKeys(command: Command, argv: Argv): boolean {
    return this.#selectors.some(
      (selector) => selector.keys.allowsEvery(KEY_RIGHT.read) && selector.denial(command, argv) === undefined,
    )
  }

  /** `on`, `nopass` and their like, in Redis' order. */
  flags(): string[] {
    return [
      this.enabled ? 'on' : 'off',
      ...(this.nopass ? ['nopass'] : []),
      ...(this.sanitize === undefined ? [] : [this.sanitize ? 'sanitize-payload' : 'skip-sanitize-payload']),
    ]
  }

  /** The line of an ACL file: `user alice on #… ~a* resetchannels -@all +get (…)`. */
  line(catalogue: Catalogue): string {
    const hashes = [...this.#passwords].map((hash) => `#${hash}`)
    const others = this.#selectors.slice(1).map((selector) => `(${selector.words(catalogue)})`)
    return ['user', this.name, ...this.flags(), ...hashes, this.own.words(catalogue), ...others].join(' ')
  }
}
