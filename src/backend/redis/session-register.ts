/** The sessions of a store, those that are being opened included: all end with it. */
import { ReplyError } from '../../base/reply.ts'
import type { Link } from './link.ts'
import { closed, NotSent } from './lost.ts'
import { RedisSession } from './redis-session.ts'

export class SessionRegister {
  readonly #sessions = new Set<RedisSession>()
  readonly #opening = new Set<Link>()
  #closed = false

  /** Opens a session on a link that nobody else uses. */
  async open(link: Link): Promise<RedisSession> {
    this.#opening.add(link)
    try {
      const connection = await link.ready()
      if (this.#closed) throw closed()
      if (connection instanceof ReplyError) throw new NotSent(link.settings.name, connection.message)
      const session = new RedisSession(connection, (ended) => this.#sessions.delete(ended))
      this.#sessions.add(session)
      return session
    } finally {
      this.#opening.delete(link)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const link of this.#opening) link.close()
    await Promise.all([...this.#sessions].map((session) => session.close()))
  }
}
