/**
 * EngineHost: an engine of this process, served, lent and handed to other threads on demand, and closed with its database.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { EmbeddedBackend } from '../backend/embedded/embedded-backend.ts'
import { KeptBackend } from '../backend/embedded/kept-backend.ts'
import { closed } from '../backend/embedded/run-batch.ts'
import { PortHost } from '../backend/port/port-host.ts'
import type { Host, ListenAt, Listening, Snapshot } from '../client/host.ts'
import type { Engine } from '../engine/engine.ts'
import { KeyspaceSnapshot } from '../engine/snapshot.ts'
import { Server } from '../server/server.ts'
import type { StreamEnd } from '../server/stream-pair.ts'
import { connectorTo } from './connector.ts'

export class EngineHost {
  readonly engine: Engine
  readonly #servers = new Set<Server>()
  readonly #ports = new Set<PortHost>()
  /** Serves those who come without a socket. */
  #lending: Server | undefined
  #closed = false

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** One more way into the engine, for callers of this thread. */
  backend(name: string): EmbeddedBackend | KeptBackend {
    const isKept = this.engine.services.persistence !== undefined
    return isKept ? new KeptBackend(this.engine, name) : new EmbeddedBackend(this.engine, name)
  }

  async listen({ port = 0, host = '127.0.0.1', path }: ListenAt): Promise<Listening> {
    const server = new Server(this.engine)
    await server.listen([path === undefined ? { kind: 'tcp', host, port } : { kind: 'unix', path }])
    this.#servers.add(server)
    return {
      port: server.port,
      url: path === undefined ? `redis://${host.includes(':') ? `[${host}]` : host}:${server.port}` : `unix:${path}`,
      close: async () => {
        this.#servers.delete(server)
        await server.close()
      },
    }
  }

  /** The other thread's end of a port to the engine. */
  port(name: string): MessagePort {
    const { port1, port2 } = new MessageChannel()
    const host: PortHost = new PortHost(port1, this.backend(name), () => this.#ports.delete(host))
    this.#ports.add(host)
    return port2
  }

  /** The client's end of a connection without a socket. */
  lend(): StreamEnd {
    if (this.#closed) throw closed()
    if (this.#lending === undefined) this.#servers.add((this.#lending = new Server(this.engine)))
    return this.#lending.lend()
  }

  /** The data as it is now. */
  async snapshot(): Promise<Snapshot> {
    if (this.#closed) throw closed()
    const kept = new KeyspaceSnapshot(this.engine)
    return {
      restore: async () => {
        if (this.#closed) throw closed()
        kept.restore()
      },
    }
  }

  /** What a database on this engine can do besides; `leave` is how it closes. */
  for(name: string, leave: () => Promise<void>): Host {
    return {
      listen: (at) => this.listen(at),
      port: () => this.port(name),
      snapshot: () => this.snapshot(),
      connector: () => connectorTo(() => this.lend()),
      close: leave,
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#ports].map((port) => port.close()))
    await Promise.all([...this.#servers].map((server) => server.close()))
    await this.engine.stop()
  }
}
