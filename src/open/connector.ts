/**
 * Connector: how an ioredis client reaches a store of its own process, without a socket.
 *
 * The one idea: ioredis asks a connector for a stream and cares for the rest (AUTH, SELECT, retries, subscriptions). It
 * gets one end of a pair; at the other end stands a connection of our server, as for any client.
 */
import { MessageChannel } from 'node:worker_threads'
import type { StreamEnd } from '../server/stream-pair.ts'

/** What ioredis' option `Connector` asks for, as far as it is used. */
export interface Connector {
  firstError: Error | undefined
  connect(): Promise<StreamEnd>
  disconnect(): void
  check(): boolean
}

/** Makes the class for a store; `lend` gives the client's end of a new connection, or throws when the store is closed. */
export function connectorTo(lend: () => StreamEnd): new () => Connector {
  return class implements Connector {
    firstError: Error | undefined
    #connecting = false
    #stream: StreamEnd | undefined

    async connect(): Promise<StreamEnd> {
      this.#connecting = true
      // As with a socket, `disconnect` may come first.
      await Promise.resolve()
      if (!this.#connecting) throw new Error('Connection is closed.')
      const stream = lend()
      keepAlive(stream)
      this.#stream = stream
      return stream
    }

    disconnect(): void {
      this.#connecting = false
      this.#stream?.end()
    }

    /** Whether the server is the one that was looked for. */
    check(): boolean {
      return true
    }
  }
}

/** An open socket keeps its process alive; programs count on it. */
function keepAlive(stream: StreamEnd): void {
  const { port1 } = new MessageChannel()
  port1.ref()
  stream.once('close', () => port1.close())
}
