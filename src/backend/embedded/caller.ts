/**
 * Caller: a client of the engine that lives in this process.
 *
 * The one idea: an outlet without a transport. What the engine owes a parked caller settles a promise; what it sends
 * unasked goes to a listener.
 */
import type { PushReply, Reply } from '../../base/reply.ts'
import type { Outlet, TransportFacts } from '../../commands/client.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Session } from '../../engine/session.ts'
import { closed } from './run-batch.ts'

const FACTS: TransportFacts = {
  address: 'embedded:0',
  localAddress: 'embedded:0',
  fd: -1,
  queryBytes: 0,
  queryFree: 0,
  outputBytes: 0,
}

export class Caller implements Outlet {
  readonly session: Session
  onPush: ((message: PushReply) => void) | undefined = undefined
  /** The engine has let go of this client (CLIENT KILL). */
  onClosed: (() => void) | undefined = undefined

  #owed: ((reply: Reply) => void) | undefined = undefined

  constructor(engine: Engine) {
    this.session = engine.connect(this)
  }

  /** What the engine owes this client, which is parked; rejected when the engine lets go of it. */
  answer(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const { onClosed } = this
      this.#owed = (reply) => {
        this.#owed = undefined
        this.onClosed = onClosed
        resolve(reply)
      }
      this.onClosed = () => {
        this.#owed = undefined
        reject(closed())
        onClosed?.()
      }
    })
  }

  reply(reply: Reply): void {
    this.#owed?.(reply)
  }

  push(message: PushReply): void {
    this.onPush?.(message)
  }

  resume(): void {}

  close(): void {
    this.session.client.closing = true
    this.onClosed?.()
  }

  describe(): TransportFacts {
    return FACTS
  }
}
