/**
 * A raw connection for tests, and a server of our own on a free port.
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { bytes } from '../../src/base/bytes.ts'
import { createEngine } from '../../src/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { Server } from '../../src/server/server.ts'

export interface Served {
  readonly engine: Engine
  readonly server: Server
  readonly port: number
  stop(): Promise<void>
}

/** Serves a fresh engine on loopback. */
export async function serveFresh(config: Readonly<Record<string, string>> = {}): Promise<Served> {
  const engine = createEngine({ config })
  const server = new Server(engine)
  await server.listen([{ kind: 'tcp', host: '127.0.0.1', port: 0 }])
  const stop = async (): Promise<void> => {
    await server.close(0)
    engine.stop()
  }
  return { engine, server, port: server.port, stop }
}

/** A connection that keeps what it receives, as latin1 text. */
export class Wire {
  readonly socket: Socket
  #parts: string[] = []
  /** How many chunks arrived. */
  chunks = 0
  closed = false
  #waiting: (() => void)[] = []

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      this.#parts.push(String(chunk))
      this.chunks++
      this.#wake()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
  }

  static open(where: number | NetConnectOpts): Promise<Wire> {
    const socket = connect(typeof where === 'number' ? { port: where, host: '127.0.0.1' } : where)
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Wire(socket)))
    })
  }

  write(text: string): void {
    this.socket.write(text, 'latin1')
  }

  /** Sends one command. */
  send(...words: readonly string[]): void {
    this.sendAll(words)
  }

  /** Sends one command of any number of words. */
  sendAll(words: readonly string[]): void {
    this.write(encodeCommand(words.map(bytes)))
  }

  /** What was received, once it ends with `end`; fails when the connection closes before. */
  async until(end: string): Promise<string> {
    while (!this.#tail(end.length).endsWith(end)) {
      if (this.closed) throw new Error(`closed after ${JSON.stringify(this.take().slice(0, 1000))}`)
      await this.#more()
    }
    return this.take()
  }

  /** Sends one command and gives what comes back, up to `end`. */
  ask(end: string, ...words: readonly string[]): Promise<string> {
    this.send(...words)
    return this.until(end)
  }

  /** What was received, once the connection is closed. */
  async untilClosed(): Promise<string> {
    while (!this.closed) await this.#more()
    return this.take()
  }

  take(): string {
    const received = this.#parts.join('')
    this.#parts = []
    return received
  }

  get receivedLength(): number {
    return this.#parts.reduce((sum, { length }) => sum + length, 0)
  }

  /** At least the last `length` chars, without joining megabytes at every chunk. */
  #tail(length: number): string {
    let tail = ''
    for (let i = this.#parts.length - 1; i >= 0 && tail.length < length; i--) tail = this.#parts[i] + tail
    return tail
  }

  close(): void {
    this.socket.destroy()
  }

  #more(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
