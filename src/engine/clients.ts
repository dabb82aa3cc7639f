/**
 * Clients: everyone connected to the engine, and what may be done to one from outside it.
 */
import type { Bytes } from '../base/bytes.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { ClientsPort } from '../commands/context.ts'
import type { Engine } from './engine.ts'
import type { Session } from './session.ts'

export class Clients implements ClientsPort {
  readonly #engine: Engine
  readonly #sessions = new Map<number, Session>()

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
    this.#engine.acl.admit(session.client)
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

  kill(client: Client, caller: Client | undefined): void {
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
    const { transactions, pubsub, tracking, monitors } = this.#engine
    transactions.discard(client)
    pubsub.forget(client)
    tracking.disable(client)
    monitors.remove(client)
    client.db = 0
    client.protocol = 2
    client.name = '' as Bytes
    client.replyMode = 'on'
    client.gate = 0
    this.#engine.acl.admit(client)
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
