/**
 * Many commands of one client at once, on our engine and on a real redis-server: for histories whose every reply counts.
 *
 * The one idea: all commands go out in one write, so a thousand cost one round trip instead of a thousand.
 */
import type { Socket } from 'node:net'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import type { Reply } from '../../src/base/reply.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeReply } from '../../src/resp/reply-encoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { OurClient } from './peers.ts'
import type { OracleServer } from './redis-server.ts'

/** A command whose replies differ, both as RESP2 texts. */
export interface Mismatch {
  readonly at: number
  readonly ours: string
  readonly theirs: string
}

export class Batch {
  readonly #engine: Engine
  readonly #client = new OurClient()
  readonly #socket: Socket

  private constructor(engine: Engine, socket: Socket) {
    this.#engine = engine
    this.#client.session = engine.connect(this.#client)
    this.#socket = socket
    socket.setEncoding('latin1')
  }

  static async start(engine: Engine, server: OracleServer): Promise<Batch> {
    return new Batch(engine, await server.connect())
  }

  /** Runs the commands on both sides; the first of them that answers differently, if any. `alike` may let replies pass. */
  async firstMismatch(
    commands: readonly (readonly Bytes[])[],
    alike: (ours: string, theirs: string) => boolean = (ours, theirs) => ours === theirs,
  ): Promise<Mismatch | undefined> {
    const theirs = await this.#ask(commands)
    for (const [at, argv] of commands.entries()) {
      this.#client.run(this.#engine, argv)
      const mine = this.#client.take()
      const other = encodeReply(theirs[at]!, 2)
      if (!alike(mine, other)) return { at, ours: mine, theirs: other }
    }
    return undefined
  }

  /** Runs a command on our engine alone. */
  ask(argv: readonly Bytes[]): Reply {
    return this.#engine.execute(this.#client.session, argv) ?? null
  }

  /** Runs the commands on redis-server alone. */
  #ask(commands: readonly (readonly Bytes[])[]): Promise<Reply[]> {
    const decoder = new ReplyDecoder()
    const replies: Reply[] = []
    return new Promise((resolve, reject) => {
      const hear = (text: Buffer | string): void => {
        decoder.push(Buffer.from(String(text), 'latin1'))
        for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) replies.push(reply)
        if (replies.length < commands.length) return
        this.#socket.off('data', hear).off('close', gone)
        resolve(replies)
      }
      const gone = (): void => reject(new Error(`redis-server hung up after ${replies.length} replies`))
      this.#socket.on('data', hear).on('close', gone)
      this.#socket.write(commands.map((argv) => encodeCommand(argv)).join(''), 'latin1')
    })
  }

  close(): void {
    this.#socket.destroy()
    this.#engine.stop()
  }
}

/** A command in one readable line. */
const lineOf = (argv: readonly Bytes[]): string =>
  argv.map((word) => (/^[\w.-]+$/.test(word) ? word : JSON.stringify(word.slice(0, 80)))).join(' ')

/** Words as bytes. */
export const words = (...parts: readonly (string | number)[]): Bytes[] => parts.map((part) => raw(`${part}`))

/** A mismatch in words, with the commands that led to it. */
export function explained(
  { at, ours, theirs }: Mismatch,
  commands: readonly (readonly Bytes[])[],
  last: number,
): string {
  const lines = commands.slice(Math.max(0, at + 1 - last), at + 1).map(lineOf)
  const same = [...ours].findIndex((char, i) => char !== theirs[i])
  const [mine, other] = [ours, theirs].map((text) => JSON.stringify(text.slice(Math.max(0, same - 30), same + 60)))
  return `from byte ${same} ours ${mine}, redis ${other}\n${lines.join('\n')}`
}
