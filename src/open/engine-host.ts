/**
 * EngineHost: an engine of this process, served on demand and closed with its database.
 */
import { EmbeddedBackend } from '../backend/embedded/embedded-backend.ts'
import type { Host, ListenAt, Listening } from '../client/host.ts'
import type { Engine } from '../engine/engine.ts'
import { Server } from '../server/server.ts'

export class EngineHost implements Host {
  readonly engine: Engine
  readonly #servers = new Set<Server>()

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** One more way into the engine, for callers of this thread. */
  backend(name: string): EmbeddedBackend {
    return new EmbeddedBackend(this.engine, name)
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

  async close(): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.close()))
    this.engine.stop()
  }
}
