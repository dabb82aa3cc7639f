/**
 * Clients: everyone connected to the engine, and what may be done to one from outside it.
 */
import type { Bytes } from '../base/bytes.ts'
import { ReplyError } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { ClientsPort } from '../commands/context.ts'
import type { Engine } from './engine.ts'
import type { Session } from './session.ts'

const WRONGPASS = new ReplyError('WRONGPASS invalid username-password pair or user is disabled.')
const NO_PASSWORD = new ReplyError(
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
)
const DEFAULT_USER = 'default' as Bytes

export class Clients implements ClientsPort {
  readonly #engine: Engine
  readonly #sessions = new Map<number, Session>()
  /** Who came while a password was asked for and has not given it; kept while none is asked for, as one may be again. */
  readonly #strangers = new WeakSet<Client>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get count(): number {
    return this.#sessions.size
  }

  get all(): Iterable<Client> {
    return [...this.#sessions.values()].map((session) => session.client)
  }

  add(session: Session): void {
    this.#sessions.set(session.client.id, session)
    this.#admit(session.client)
  }

  remove(session: Session): void {
    this.#sessions.delete(session.client.id)
  }

  byId(id: number): Client | undefined {
    return this.#sessions.get(id)?.client
  }

  /** The session of a connected client. */
  sessionOf(client: Client): Session {
    return this.#sessions.get(client.id)!
  }

  kill(client: Client, caller: Client): void {
    client.closing = true
    // Gone for all others at once, whenever its transport ends.
    const session = this.#sessions.get(client.id)
    if (client !== caller && session !== undefined) this.#engine.disconnect(session)
    client.outlet.close(client === caller)
  }

  unblock(client: Client, withError: boolean): boolean {
    return this.#engine.blocking.unblock(this.sessionOf(client), withError)
  }

  reset(client: Client): void {
    const { transactions, pubsub } = this.#engine
    transactions.discard(client)
    pubsub.forget(client)
    client.db = 0
    client.protocol = 2
    client.name = '' as Bytes
    client.user = DEFAULT_USER
    client.replyMode = 'on'
    client.noEvict = false
    client.gate = 0
    this.#admit(client)
  }

  /** A client that has just come needs a password, if there is one. */
  #admit(client: Client): void {
    this.#strangers.delete(client)
    if (this.#engine.config.requirepass === '') return
    client.gate |= GATE.auth
    this.#strangers.add(client)
  }

  /** `requirepass` was set or taken away; who has signed in stays so. */
  passwordChanged(): void {
    const asked = this.#engine.config.requirepass !== ''
    for (const client of this.all) {
      if (!this.#strangers.has(client)) continue
      client.gate = asked ? client.gate | GATE.auth : client.gate & ~GATE.auth
    }
  }

  authenticate(client: Client, user: Bytes | undefined, password: Bytes): void {
    const { requirepass } = this.#engine.config
    if (user === undefined && requirepass === '') throw NO_PASSWORD
    const known = (user ?? DEFAULT_USER) === DEFAULT_USER
    if (!known || (requirepass !== '' && !sameBytes(password, requirepass))) throw WRONGPASS
    client.user = DEFAULT_USER
    client.gate &= ~GATE.auth
    this.#strangers.delete(client)
  }

  setProtocol(client: Client, protocol: 2 | 3): void {
    client.protocol = protocol
  }

  setReplyMode(client: Client, mode: Client['replyMode']): void {
    client.replyMode = mode
    if (mode === 'on') client.gate &= ~GATE.reply
    else client.gate |= GATE.reply
  }
}

/** Compares in a time that does not depend on where the first difference is. */
function sameBytes(given: Bytes, wanted: Bytes): boolean {
  let difference = given.length ^ wanted.length
  for (let i = 0; i < given.length; i++) difference |= given.charCodeAt(i) ^ (wanted.charCodeAt(i % wanted.length) | 0)
  return difference === 0
}
