/**
 * A server that says what a test tells it to: for what no real server does.
 *
 * The one idea: it reads commands as a server does, and answers by a function of their words; what is not about the test (the
 * handshake of ioredis) it answers itself.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { type Bytes, upper } from '../../src/base/bytes.ts'
import { RequestDecoder } from '../../src/resp/request-decoder.ts'

/** The bytes to send for a command; undefined sends nothing. */
export type Answer = (words: readonly string[], socket: Socket) => string | undefined

const INFO = 'redis_version:7.0.15\r\nloading:0\r\n'

export class FakeServer {
  readonly port: number
  /** What came, without the handshake. */
  readonly heard: string[] = []
  readonly #server: Server
  readonly #sockets: Set<Socket>

  private constructor(server: Server, port: number, sockets: Set<Socket>) {
    this.#server = server
    this.port = port
    this.#sockets = sockets
  }

  static async start(answer: Answer, port = 0): Promise<FakeServer> {
    const sockets = new Set<Socket>()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const address = server.address()
    const fake = new FakeServer(server, typeof address === 'object' && address !== null ? address.port : 0, sockets)
    server.on('connection', (socket) => fake.#serve(socket, answer))
    return fake
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket, answer: Answer): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
    const decoder = new RequestDecoder()
    socket.on('data', (chunk) => {
      decoder.push(chunk, 0, chunk.length)
      for (let words = decoder.next(); words !== undefined; words = decoder.next()) this.#take(words, socket, answer)
      decoder.release()
    })
  }

  #take(words: readonly Bytes[], socket: Socket, answer: Answer): void {
    const name = upper(words[0]!)
    if (name === 'INFO') socket.write(`$${INFO.length}\r\n${INFO}\r\n`)
    else if (name === 'CLIENT') socket.write('+OK\r\n')
    else {
      this.heard.push(words.join(' '))
      const said = answer(words, socket)
      if (said !== undefined) socket.write(said, 'latin1')
    }
  }
}
