/**
 * Server: an engine on the network.
 *
 * The one idea: it owns listeners and connections and nothing of the data; several servers may serve one engine, and
 * closing one leaves the engine as it was.
 */
import type { Socket } from 'node:net'
import type { Engine } from '../engine/engine.ts'
import { Connection, type Ends, type Transport } from './connection.ts'
import type { Endpoint } from './endpoints.ts'
import { Hub } from './hub.ts'
import { Listener } from './listener.ts'
import { type Log, SILENT } from './log.ts'
import { DENIED, isDenied } from './protected-mode.ts'
import { Settings } from './settings.ts'
import { readChunks, readShared } from './shared-read.ts'
import { StreamEnd } from './stream-pair.ts'

const TOO_MANY = '-ERR max number of clients reached\r\n'
/** How long clients may take to read their last replies when the server closes. */
const GRACE_MS = 2000

export class Server {
  readonly settings: Settings
  readonly #engine: Engine
  readonly #hub: Hub
  readonly #listeners: Listener[] = []
  #closed: Promise<void> | undefined
  #lent = 0

  constructor(engine: Engine, log: Log = SILENT) {
    this.#engine = engine
    this.settings = new Settings(engine.config)
    this.#hub = new Hub(engine, this.settings, log)
  }

  /** Opens endpoints, all or none. Throws `ServerError`. */
  async listen(endpoints: readonly Endpoint[]): Promise<void> {
    try {
      for (const endpoint of endpoints) {
        const listener = await Listener.open(endpoint, this.settings, (socket, at) => this.#accept(socket, at))
        if (listener !== undefined) this.#listeners.push(listener)
      }
    } catch (error) {
      for (const listener of this.#listeners.splice(0)) listener.close()
      throw error
    }
  }

  /** Where it listens, with real port numbers. */
  get endpoints(): readonly Endpoint[] {
    return this.#listeners.map(({ endpoint }) => endpoint)
  }

  /** The first TCP port; 0 when there is none. */
  get port(): number {
    for (const { endpoint } of this.#listeners) if (endpoint.kind === 'tcp') return endpoint.port
    return 0
  }

  get connectionCount(): number {
    return this.#hub.connections.size
  }

  /** Takes no more connections, lets what is written go out, and closes. Resolves when the last connection is gone. */
  close(graceMs = GRACE_MS): Promise<void> {
    this.#closed ??= this.#close(graceMs)
    return this.#closed
  }

  /** Drops every connection at once. */
  destroy(): void {
    for (const connection of [...this.#hub.connections]) connection.close(false)
  }

  async #close(graceMs: number): Promise<void> {
    for (const listener of this.#listeners.splice(0)) listener.close()
    const { connections } = this.#hub
    for (const connection of [...connections]) connection.close(true)
    const { clock } = this.#engine
    // Woken by the last connection, not by a look every while: timers do not keep the process alive, sockets do.
    if (connections.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.at(clock.now() + graceMs, resolve)
        this.#hub.onEmpty = () => {
          cancel()
          resolve()
        }
      })
    }
    this.destroy()
  }

  /** Connects a client of this process without a socket; gives the client's end of the connection. */
  lend(): StreamEnd {
    const [client, own] = StreamEnd.pair()
    if (this.#isFull) {
      this.#refuse(own, TOO_MANY)
      return client
    }
    const connection = new Connection(this.#hub, { address: `embedded:${++this.#lent}`, localAddress: 'embedded:0' })
    own.on('data', (chunk: Buffer) => connection.receive(chunk, chunk.length))
    connection.attach(own, -1)
    return client
  }

  #accept(socket: Socket, endpoint: Endpoint): void {
    const refusal = this.#refusal(socket)
    if (refusal !== undefined) {
      this.#refuse(socket, refusal)
      return
    }
    const connection = new Connection(this.#hub, endsOf(socket, endpoint))
    const read = endpoint.kind === 'tls' ? readChunks : readShared
    const reading = read(socket, (buffer, length) => connection.receive(buffer, length))
    const keepAliveMs = this.settings.number('tcp-keepalive') * 1000
    if (endpoint.kind !== 'unix' && keepAliveMs > 0) reading.socket.setKeepAlive(true, keepAliveMs)
    connection.attach(reading.socket, reading.fd)
  }

  #refuse(socket: Transport, refusal: string): void {
    this.#engine.statistics.rejectedConnections++
    socket.on('error', () => socket.destroy())
    socket.end(refusal, 'latin1', () => socket.destroy())
  }

  get #isFull(): boolean {
    return this.#hub.connections.size >= this.settings.number('maxclients')
  }

  #refusal(socket: Socket): string | undefined {
    if (this.#isFull) return TOO_MANY
    const { settings } = this
    const { log } = this.#hub
    const { hasPassword } = this.#engine.acl
    if (!isDenied(settings.flag('protected-mode'), hasPassword, socket.remoteAddress)) return undefined
    log.verbose(`Denied ${socket.remoteAddress}: protected mode, and no password is set`)
    return DENIED
  }
}

function endsOf(socket: Socket, endpoint: Endpoint): Ends {
  if (endpoint.kind === 'unix') {
    const address = `${endpoint.path}:0`
    return { address, localAddress: address }
  }
  return {
    address: host(socket.remoteAddress, socket.remotePort),
    localAddress: host(socket.localAddress, socket.localPort),
  }
}

const host = (address = '?', port = 0): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
