/**
 * The same clients on our engine, in process, and on a real redis-server: whatever each client receives is compared raw.
 *
 * The one idea: after a command two round trips on a control connection prove that the server has answered and pushed
 * all it will, so nothing waits on a timer. What it asks is nothing that MONITOR shows.
 */
import type { Socket } from 'node:net'
import type { Argv, Bytes } from '../../src/base/bytes.ts'
import { bytes } from '../../src/base/bytes.ts'
import { systemClock } from '../../src/base/clock.ts'
import { systemRandom } from '../../src/base/random.ts'
import { allCommands } from '../../src/commands/all.ts'
import type { Outlet } from '../../src/commands/client.ts'
import { Engine, type EngineOptions } from '../../src/engine/engine.ts'
import type { Session } from '../../src/engine/session.ts'
import { encodeReply } from '../../src/resp/reply-encoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import type { OracleServer } from './redis-server.ts'

/** A client of the real server that keeps what it received. */
class TheirClient {
  received = ''
  readonly socket: Socket
  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text) => {
      this.received += String(text)
    })
    socket.on('close', () => {
      this.received += '(closed)'
    })
    socket.on('error', () => undefined)
  }
  take(): string {
    const { received } = this
    this.received = ''
    return received
  }
}

/** A client of our engine that keeps what it received, as bytes on a wire. */
export class OurClient implements Outlet {
  received = ''
  session!: Session
  #closing = false
  reply(reply: Parameters<Outlet['reply']>[0]): void {
    this.received += encodeReply(reply, this.session.client.protocol)
  }
  push(message: Parameters<Outlet['push']>[0]): void {
    this.received += encodeReply(message, this.session.client.protocol)
  }
  resume(): void {}
  close(): void {
    this.#closing = true
  }
  describe() {
    return { address: '127.0.0.1:1', localAddress: '127.0.0.1:2', fd: 8, queryBytes: 0, queryFree: 0, outputBytes: 0 }
  }
  run(engine: Engine, argv: Argv): void {
    const reply = engine.execute(this.session, argv)
    if (reply !== undefined) this.reply(reply)
    engine.idle()
  }
  take(): string {
    if (this.#closing) {
      this.#closing = false
      this.received += '(closed)'
    }
    const { received } = this
    this.received = ''
    return received
  }
}

export interface Answers {
  readonly ours: string
  readonly theirs: string
}

/** What each client received, by its name; clients that received nothing are absent. */
export interface Received {
  readonly ours: ReadonlyMap<string, string>
  readonly theirs: ReadonlyMap<string, string>
}

export class Peers {
  readonly engine: Engine
  readonly #server: OracleServer
  readonly #ours = new Map<string, OurClient>()
  readonly #theirs = new Map<string, TheirClient>()
  #control: TheirClient | undefined
  #resp3 = false

  /** `options` are those of our engine. */
  constructor(server: OracleServer, { config, ...options }: Partial<EngineOptions> = {}) {
    this.#server = server
    this.engine = new Engine({
      commands: allCommands,
      clock: systemClock,
      random: systemRandom,
      config: { 'enable-debug-command': 'yes', ...config },
      ...options,
    })
  }

  /** Every client, present and future, speaks RESP3. */
  async useResp3(): Promise<void> {
    this.#resp3 = true
    for (const name of this.#ours.keys()) await this.send(name, HELLO3)
  }

  /** Sends one command as one client and gives what every client received until all was quiet, per side. */
  async send(name: string, argv: Argv): Promise<Answers> {
    await this.deliver(name, argv)
    return this.collect()
  }

  /** Sends one command to both sides and waits until all is quiet. */
  async deliver(name: string, argv: Argv): Promise<void> {
    await this.deliverApart(name, argv, argv)
  }

  /** The same where the two sides need different words (client ids, cursors); undefined sends nothing to that side. */
  async deliverApart(name: string, ours: Argv | undefined, theirs: Argv | undefined): Promise<void> {
    await this.#client(name)
    if (theirs !== undefined) this.#theirs.get(name)!.socket.write(encodeCommand(theirs), 'latin1')
    if (ours !== undefined) this.#ours.get(name)!.run(this.engine, ours)
    await this.#quiet()
  }

  /** Whether a client of ours is parked. */
  isParked(name: string): boolean {
    return this.#ours.get(name)?.session.client.parked ?? false
  }

  /** What every client received since the last time. */
  received(): Received {
    const taken = (clients: ReadonlyMap<string, { take(): string }>): ReadonlyMap<string, string> =>
      new Map([...clients].map(([name, client]) => [name, client.take()] as const).filter(([, text]) => text !== ''))
    return { ours: taken(this.#ours), theirs: taken(this.#theirs) }
  }

  /** The same as text. */
  collect(): Answers {
    const show = (texts: ReadonlyMap<string, string>): string =>
      texts.size === 1 && texts.has('1') ? texts.get('1')! : [...texts].map(([n, t]) => `${n}: ${t}`).join(' | ')
    const { ours, theirs } = this.received()
    return { ours: show(ours), theirs: show(theirs) }
  }

  close(): void {
    for (const client of this.#theirs.values()) client.socket.destroy()
    this.#control?.socket.destroy()
    this.engine.stop()
  }

  async #client(name: string): Promise<void> {
    if (this.#ours.has(name)) return
    this.#theirs.set(name, new TheirClient(await this.#server.connect()))
    const ours = new OurClient()
    ours.session = this.engine.connect(ours)
    this.#ours.set(name, ours)
    if (!this.#resp3) return
    await this.send(name, HELLO3)
  }

  async #quiet(): Promise<void> {
    this.#control ??= new TheirClient(await this.#server.connect())
    for (let trip = 0; trip < 2; trip++) {
      this.#control.socket.write('CLIENT NO-EVICT OFF\r\n')
      while (!this.#control.received.endsWith('\r\n')) await new Promise((resolve) => setImmediate(resolve))
      this.#control.take()
    }
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const HELLO3: readonly Bytes[] = [bytes('HELLO'), bytes('3')]

export const startPeers = (server: OracleServer): Peers => new Peers(server)
