/**
 * Hearing: what is sent to a client while its own command runs.
 *
 * The one idea: what a client hears of its own doing is no different from what others hear of it, but it arrives on the
 * same connection as the reply. So while a command of a client with `GATE.hears` runs, what it is sent is kept and handed
 * back with the reply, in the order in which Redis writes it.
 */
import { Replies, type Reply } from '../base/reply.ts'
import type { Client, Pushed } from '../commands/client.ts'

/** A client whose command runs, and what it has heard meanwhile. */
interface Listener {
  readonly client: Client
  /** Runs again because a key woke it, at the end of another client's command. */
  readonly isWoken: boolean
  readonly messages: Pushed[]
  /** Whoever's command this one runs in (EXEC), or follows before its reply is written (a woken client). */
  readonly outer: Listener | undefined
  /** How many of the messages stand before the reply, once that is known. */
  before: number | undefined
}

export class Hearing {
  #innermost: Listener | undefined = undefined

  /** Keeps what a client is sent until `heard`. */
  begin(client: Client, isWoken = false): void {
    this.#innermost = { client, isWoken, messages: [], outer: this.#innermost, before: undefined }
  }

  /** The reply stands here among the messages; only the first call counts. */
  replyHere(): void {
    if (this.#innermost !== undefined) this.#innermost.before ??= this.#innermost.messages.length
  }

  /** Ends `begin`: the reply with the messages around it. Without a reply (the client was parked) they go out now. */
  heard(reply: Reply | undefined): Reply | undefined {
    const { client, messages, outer, before } = this.#innermost!
    this.#innermost = outer
    if (messages.length === 0) return reply
    if (reply !== undefined) return new Replies([...messages.slice(0, before), reply, ...messages.slice(before)])
    for (const message of messages) client.outlet.push(message)
    return undefined
  }

  /** Sends a client something unasked, now or among the replies of its running command. */
  send(client: Client, message: Pushed): void {
    let listener = this.#innermost
    while (listener !== undefined && listener.client !== client) listener = listener.outer
    if (listener !== undefined) listener.messages.push(message)
    else client.outlet.push(message)
  }

  /** Whether the running command is part of another one that is heard. */
  get isNested(): boolean {
    return this.#innermost?.outer !== undefined
  }

  /** The client whose command the current one is, or is part of: a woken client's is the client's own. */
  get writer(): Client | undefined {
    return this.#innermost?.client
  }

  /** The client that sent the command which all that runs now comes from, if it is one that hears. */
  get caller(): Client | undefined {
    let listener = this.#innermost
    while (listener?.outer !== undefined) listener = listener.outer
    return listener === undefined || listener.isWoken ? undefined : listener.client
  }
}
