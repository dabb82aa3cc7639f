/**
 * A transcript's stage on the network: each client a connection, to our server or to a real one.
 *
 * The one idea: two round trips on a connection of its own prove that the server has answered and pushed all it will, so
 * nothing waits on a timer; what it asks is nothing that MONITOR shows. How time passes is the caller's: ours is moved by
 * hand, a real server's is slept through.
 */
import { connect, type Socket } from 'node:net'
import { type Argv, bytes } from '../../src/base/bytes.ts'
import type { Reply } from '../../src/base/reply.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { type Heard, saysPushed } from '../../src/testing/transcript-match.ts'
import type { Stage } from '../../src/testing/transcript-play.ts'

/** How long a step may take beyond two round trips. */
const PATIENCE_MS = 1500

/** A connection that keeps the replies it reads. */
export class Speaker {
  readonly heard: Heard[] = []
  protocol: 2 | 3 = 2
  closed = false
  readonly #socket: Socket
  readonly #decoder = new ReplyDecoder()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
    })
    socket.on('data', (chunk) => {
      this.#decoder.push(chunk)
      const { protocol } = this
      for (let reply = this.#decoder.next(); reply !== undefined; reply = this.#decoder.next()) {
        this.heard.push({ reply, pushed: saysPushed(reply, protocol === 3) })
      }
    })
  }

  static open(port: number): Promise<Speaker> {
    const socket = connect(port, '127.0.0.1')
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Speaker(socket)))
    })
  }

  say(argv: Argv): void {
    if (!this.closed) this.#socket.write(encodeCommand(argv), 'latin1')
  }

  /** Says a command and gives its one reply. */
  async ask(...words: readonly string[]): Promise<Reply> {
    this.heard.length = 0
    this.say(words.map(bytes))
    while (this.heard.length === 0 && !this.closed) await turn()
    return this.heard.pop()?.reply ?? null
  }

  close(): void {
    this.#socket.destroy()
  }
}

export class WireStage implements Stage {
  readonly #port: number
  readonly #protocol: 2 | 3
  readonly #passing: (ms: number) => void | Promise<void>
  readonly #speakers = new Map<string, Speaker>()
  #control: Speaker | undefined
  #deadline = 0

  constructor(port: number, protocol: 2 | 3, passing: (ms: number) => void | Promise<void>) {
    this.#port = port
    this.#protocol = protocol
    this.#passing = passing
  }

  async say(client: string, argv: Argv): Promise<void> {
    const speaker = this.#speakers.get(client) ?? (await this.#join(client))
    speaker.say(argv)
    await this.#quiet()
  }

  async pass(ms: number): Promise<void> {
    await this.#passing(ms)
    await this.#quiet()
  }

  heard(): ReadonlyMap<string, readonly Heard[]> {
    return new Map([...this.#speakers].map(([name, { heard }]) => [name, heard]))
  }

  forget(): void {
    for (const { heard } of this.#speakers.values()) heard.length = 0
    this.#deadline = 0
  }

  async linger(): Promise<boolean> {
    if (this.#deadline === 0) this.#deadline = Date.now() + PATIENCE_MS
    await new Promise((resolve) => setTimeout(resolve, 5))
    return Date.now() < this.#deadline
  }

  close(): void {
    for (const speaker of this.#speakers.values()) speaker.close()
    this.#control?.close()
  }

  async #join(name: string): Promise<Speaker> {
    this.#control ??= await Speaker.open(this.#port)
    const speaker = await Speaker.open(this.#port)
    this.#speakers.set(name, speaker)
    if (this.#protocol === 3) await speaker.ask('HELLO', '3')
    speaker.heard.length = 0
    speaker.protocol = this.#protocol
    return speaker
  }

  async #quiet(): Promise<void> {
    this.#control ??= await Speaker.open(this.#port)
    for (let trip = 0; trip < 2; trip++) await this.#control.ask('CLIENT', 'NO-EVICT', 'OFF')
    await turn()
    await turn()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
