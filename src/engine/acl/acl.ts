/**
 * ACL: the users there are, which client is which user, and what each may do.
 *
 * The one idea: nearly every client may do everything, so the answer stands in its gate (`GATE.restricted`, `GATE.auth`)
 * and is written there whenever a user or a client's user changes; only a client with one of these bits is ever looked at
 * here.
 *
 * Invariants: there is always a user `default`, and it is always the same object; a connected client has a seat; its
 * gate's two bits say what its seat says.
 */
import { type Argv, type Bytes, raw, text, upToNul } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { ReplyError } from '../../base/reply.ts'
import type { AclContext, AclLogEntry, AclPort, SelectorView, UserView } from '../../commands/acl/port.ts'
import { type Client, GATE } from '../../commands/client.ts'
import type { Command } from '../../commands/command.ts'
import { lineOf } from '../../commands/connection/client-line.ts'
import { Problem } from '../config/kinds.ts'
import type { Engine } from '../engine.ts'
import { Catalogue, ruleName } from './catalogue.ts'
import { describeCommands } from './command-text.ts'
import { type AclFiles, newUser, readUsers } from './file.ts'
import { AclLog } from './log.ts'
import { KEY_RIGHT } from './patterns.ts'
import { loses } from './revoked.ts'
import { RULE_ERROR } from './rule-error.ts'
import type { Denial, Selector } from './selector.ts'
import { hasBlanks } from './selector-rules.ts'
import {
  inExec,
  inLibrary,
  inScript,
  NO_FILE,
  NO_PASSWORD,
  NOT_SAVED,
  noPermission,
  USER_GONE,
  WRONGPASS,
} from './texts.ts'
import type { User } from './user.ts'
import { applyRule, joinSelectors, type RuleWorld } from './user-rules.ts'

const DEFAULT = raw('default')
/** Rules of the default user until others are given. */
const OPEN = ['+@all', '~*', '&*', 'on', 'nopass'].map(raw)

/** Who a client is. */
interface Seat {
  readonly user: User
  /** Has signed in, or came when that was not needed. */
  readonly authenticated: boolean
}

export class Acl implements AclPort {
  /** Where ACL files are kept; undefined where there are no files. */
  readonly files: AclFiles | undefined
  readonly log = new AclLog()
  readonly #engine: Engine
  readonly #catalogue: Catalogue
  readonly #default: User
  /** Whether the default user may do everything: most libraries run for it, command by command. */
  #isOpen = true
  #users: Map<Bytes, User>
  readonly #seats = new WeakMap<Client, Seat>()

  constructor(engine: Engine, files: AclFiles | undefined) {
    this.#engine = engine
    this.files = files
    this.#catalogue = new Catalogue(engine.table)
    this.#default = this.#newDefault()
    this.#users = new Map([[DEFAULT, this.#default]])
  }

  /** Whether the default user needs a password. */
  get hasPassword(): boolean {
    return !this.#default.nopass
  }

  get userNames(): Bytes[] {
    return [...this.#users.keys()].sort()
  }

  get lines(): Bytes[] {
    return this.userNames.map((name) => raw(this.#users.get(name)!.line(this.#catalogue)))
  }

  hasUser(name: Bytes): boolean {
    return this.#users.has(name)
  }

  view(name: Bytes): UserView | undefined {
    const user = this.#users.get(name)
    if (user === undefined) return undefined
    const [own, ...others] = user.selectors.map((selector) => this.#viewOf(selector))
    return { flags: user.flags().map(raw), passwords: [...user.passwords], own: own!, others }
  }

  commandsIn(category: Bytes): readonly Command[] | undefined {
    return this.#catalogue.category(category)?.commands
  }

  setUser(name: Bytes, rules: readonly Bytes[], caller: Client): void {
    if (hasBlanks(name)) throw err("Usernames can't contain spaces or null characters")
    const joined = joinSelectors(rules)
    if ('unmatched' in joined) {
      throw err(`Unmatched parenthesis in acl selector starting at '${upToNul(rules[joined.unmatched]!)}'.`)
    }
    const known = this.#users.get(name)
    const world = this.#world()
    const draft = known?.draft() ?? newUser(name, world)
    for (const rule of joined) {
      const problem = applyRule(draft, rule, world)
      if (problem !== undefined) throw err(`Error in ACL SETUSER modifier '${upToNul(rule)}': ${problem.text}`)
    }
    if (known === undefined) this.#users.set(name, draft)
    else this.#change(known, draft, caller)
  }

  deleteUsers(names: readonly Bytes[], caller: Client): number {
    if (names.some((name) => upToNul(name) === DEFAULT)) throw err("The 'default' user cannot be removed")
    let deleted = 0
    for (const name of names) {
      const user = this.#users.get(name)
      if (user === undefined) continue
      this.#users.delete(name)
      this.#closeClientsOf(new Set([user]), caller)
      deleted++
    }
    return deleted
  }

  rehearse(user: Bytes, command: Command, argv: Argv): Denial | undefined {
    return this.#users.get(user)!.denial(command, argv)
  }

  logged(count: number): AclLogEntry[] {
    return this.log.latest(count, this.#engine.clock.now())
  }

  resetLog(): void {
    this.log.reset()
  }

  load(caller: Client): void {
    const fault = this.#loadFile(caller)
    if (fault !== undefined) throw err(fault.text)
  }

  save(): void {
    const path = this.#path()
    try {
      this.files!.replace(text(path), raw(this.lines.map((line) => `${line}\n`).join('')))
    } catch {
      throw NOT_SAVED
    }
  }

  /** Takes the file that `aclfile` names. Gives what is wrong with it. */
  loadAtStart(): Problem | undefined {
    if (this.files === undefined) return new Problem('this engine was made without files')
    return this.#loadFile(undefined)
  }

  /** Takes a `user` line of a configuration: its name and rules. Gives what is wrong with it. */
  declare(words: readonly Bytes[]): string | undefined {
    const [name, ...rules] = words
    if (name === undefined) return 'wrong number of arguments'
    if (this.#engine.config.text('aclfile') !== '') {
      return 'users are defined either in the configuration or in the file that aclfile names, not in both'
    }
    if (hasBlanks(name)) return 'Spaces not allowed in ACL usernames'
    const joined = joinSelectors(rules)
    if ('unmatched' in joined) {
      return `Error in user declaration '${rules[joined.unmatched]!}': Unmatched parenthesis in selector definition`
    }
    const world = this.#world()
    const isDefault = name === DEFAULT && !this.#declaredDefault
    if (this.#users.has(name) && !isDefault) return `Error in user declaration '${name}': ${RULE_ERROR.duplicate.text}`
    const user = newUser(name, world)
    for (const rule of isDefault ? [raw('reset'), ...joined] : joined) {
      const problem = applyRule(user, rule, world)
      if (problem !== undefined) return `Error in user declaration '${rule}': ${problem.text}`
    }
    if (!isDefault) this.#users.set(name, user)
    else {
      this.#declaredDefault = true
      this.#change(this.#default, user, undefined)
    }
    return undefined
  }

  #declaredDefault = false

  /** `requirepass`: the default user's only password, or none. */
  requirePassword(password: Bytes): void {
    this.#default.requirePassword(password)
    this.#refreshAll()
  }

  /** Seats a client that has just come, or starts afresh (RESET). */
  admit(client: Client): void {
    this.#seat(client, this.#default, this.#default.nopass && this.#default.enabled)
  }

  isAuthenticated(client: Client): boolean {
    return this.#seats.get(client)?.authenticated ?? true
  }

  authenticate(client: Client, name: Bytes | undefined, password: Bytes, word: Bytes): void {
    if (name === undefined && this.#default.nopass) throw NO_PASSWORD
    const username = name ?? DEFAULT
    const user = this.#users.get(username)
    if (user === undefined || !user.admits(password)) {
      this.#note(client, 'auth', this.#contextOf(client), word, username)
      throw WRONGPASS
    }
    this.#seat(client, user, true)
  }

  /** The user that a client is: a connection's own, or for code that acts for someone the one of that name. */
  userOf(client: Client): User | undefined {
    return this.#seats.get(client)?.user ?? this.#users.get(client.user)
  }

  /** Why a client's line may not run, noted in the log. Ask only for clients with `GATE.restricted`. */
  refusal(client: Client, command: Command, argv: Argv): ReplyError | undefined {
    const denial = this.#denied(client, command, argv, this.#contextOf(client))
    return denial && noPermission(denial, command)
  }

  /** The same at EXEC, for a line that passed when it was queued. */
  refusalInExec(client: Client, command: Command, argv: Argv): ReplyError | undefined {
    const denial = this.#denied(client, command, argv, 'multi')
    return denial && inExec(denial)
  }

  /** The same for code that acts for a user: a library, whose users go by their names. */
  refusalInLibrary(client: Client, command: Command, argv: Argv): ReplyError | undefined {
    // Commands that ask for more while they run (SORT) look at the gate, as those of a connection do.
    client.gate &= ~GATE.restricted
    if (client.user === DEFAULT && this.#isOpen) return undefined
    const user = this.userOf(client)
    if (user === undefined || !user.enabled) return USER_GONE
    if (!user.unrestricted) client.gate |= GATE.restricted
    const denial = this.#denied(client, command, argv, 'module')
    return denial && inLibrary(denial, command, user.name)
  }

  /** Why a trigger of this user may not fire for a key: it must be allowed everything with it. */
  refusalOnKey(name: Bytes, key: Bytes): 'gone' | 'key' | undefined {
    if (name === DEFAULT && this.#isOpen) return undefined
    const user = this.#users.get(name)
    if (user === undefined || !user.enabled) return 'gone'
    return user.selectors.some(({ keys }) => keys.allows(key, KEY_RIGHT.both)) ? undefined : 'key'
  }

  /** The same for a script that this client runs. */
  refusalInScript(client: Client, command: Command, argv: Argv): ReplyError | undefined {
    const denial = this.#denied(client, command, argv, 'lua')
    return denial && inScript(denial)
  }

  mayReadAllKeys(client: Client, command: Command, argv: Argv): boolean {
    return this.userOf(client)?.mayReadAllKeys(command, argv) ?? false
  }

  #denied(client: Client, command: Command, argv: Argv, context: AclContext): Denial | undefined {
    const user = this.userOf(client)!
    if (user.unrestricted) return undefined
    const denial = user.denial(command, argv)
    if (denial === undefined) return undefined
    const object = denial.reason === 'command' ? ruleName(command) : argv[denial.at]!
    this.#note(client, denial.reason, context, object, user.name)
    return denial
  }

  #note(client: Client, reason: AclLogEntry['reason'], context: AclContext, object: Bytes, username: Bytes): void {
    const atMs = this.#engine.clock.now()
    this.log.add({ reason, context, object, username, atMs, clientInfo: raw(lineOf(client, atMs)) })
  }

  #contextOf(client: Client): AclContext {
    return client.transaction !== undefined || this.#engine.transactions.executing ? 'multi' : 'toplevel'
  }

  #world(): RuleWorld {
    return {
      catalogue: this.#catalogue,
      allChannels: this.#engine.config.text('acl-pubsub-default') === 'allchannels',
    }
  }

  #newDefault(): User {
    const user = newUser(DEFAULT, this.#world())
    for (const rule of OPEN) applyRule(user, rule, this.#world())
    return user
  }

  #viewOf({ keys, channels, commands }: Selector): SelectorView {
    return {
      keys: raw(keys.words().join(' ')),
      channels: raw(channels.words().join(' ')),
      commands: raw(describeCommands(commands, this.#catalogue)),
    }
  }

  /** Gives a user other rules; subscribers that lose a channel by it are closed. */
  #change(user: User, draft: User, caller: Client | undefined): void {
    const closed = this.#clientsOf(new Set([user])).filter((client) => loses(client, user, draft))
    user.takeOver(draft)
    this.#refreshAll()
    for (const client of closed) this.#engine.clients.kill(client, caller)
  }

  #path(): Bytes {
    const path = raw(this.#engine.config.text('aclfile'))
    if (path === '' || this.files === undefined) throw NO_FILE
    return path
  }

  #loadFile(caller: Client | undefined): Problem | undefined {
    const path = this.#path()
    const users = this.#readFile(path)
    if (users instanceof Problem) return users
    const others = new Set(this.#users.values())
    others.delete(this.#default)
    this.#default.takeOver(users.get(DEFAULT) ?? this.#newDefault())
    this.#users = users.set(DEFAULT, this.#default)
    this.#closeClientsOf(others, caller)
    this.#refreshAll()
    return undefined
  }

  #readFile(path: Bytes): Map<Bytes, User> | Problem {
    try {
      return readUsers(this.files!.read(text(path)), path, this.#world())
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return new Problem(`Error loading ACLs, opening file '${path}': ${error.message}`)
    }
  }

  #clientsOf(users: ReadonlySet<User>): Client[] {
    return [...this.#engine.clients.all].filter((client) => users.has(this.#seats.get(client)!.user))
  }

  #closeClientsOf(users: ReadonlySet<User>, caller: Client | undefined): void {
    for (const client of this.#clientsOf(users)) {
      this.#seat(client, this.#default, false)
      this.#engine.clients.kill(client, caller)
    }
  }

  #seat(client: Client, user: User, authenticated: boolean): void {
    this.#seats.set(client, { user, authenticated })
    client.user = user.name
    this.#refresh(client, { user, authenticated })
  }

  #refreshAll(): void {
    this.#isOpen = this.#default.enabled && this.#default.unrestricted
    for (const client of this.#engine.clients.all) this.#refresh(client, this.#seats.get(client)!)
  }

  #refresh(client: Client, { user, authenticated }: Seat): void {
    const { nopass, enabled } = this.#default
    const isStranger = !authenticated && !(nopass && enabled)
    const gate = client.gate & ~(GATE.auth | GATE.restricted)
    client.gate = gate | (isStranger ? GATE.auth : 0) | (user.unrestricted ? 0 : GATE.restricted)
  }
}
