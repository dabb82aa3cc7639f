/**
 * A transcript's stage in process: an engine without a server, on a clock that is moved by hand.
 *
 * The one idea: replies pass through the codec, so that a transcript sees what a client would.
 */
import type { Argv } from '../base/bytes.ts'
import { bytes } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import type { Reply } from '../base/reply.ts'
import type { Outlet, TransportFacts } from '../commands/client.ts'
import { createEngine } from '../create.ts'
import type { Engine } from '../engine/engine.ts'
import type { Session } from '../engine/session.ts'
import { installFunctions } from '../functions/index.ts'
import { ReplyDecoder } from '../resp/reply-decoder.ts'
import { encodeReply } from '../resp/reply-encoder.ts'
import { ManualClock } from './manual-clock.ts'
import { type Heard, saysPushed } from './transcript-match.ts'
import type { Stage } from './transcript-play.ts'

/** Makes the engine that transcripts expect: as configured from the start, DEBUG and libraries allowed. */
export function engineForTranscripts(clock: ManualClock): Engine {
  const engine = createEngine({ clock, random: seededRandom(1), config: { 'enable-debug-command': 'yes' } })
  installFunctions(engine, { trustLibraries: true })
  return engine
}

export class EngineStage implements Stage {
  readonly #clock = new ManualClock()
  readonly #engine = engineForTranscripts(this.#clock)
  readonly #protocol: 2 | 3
  readonly #actors = new Map<string, Actor>()
  #turns = 0

  constructor(protocol: 2 | 3) {
    this.#protocol = protocol
  }

  async say(client: string, argv: Argv): Promise<void> {
    this.#actor(client).run(this.#engine, argv)
    // Some answers come by promise.
    await new Promise((resolve) => setImmediate(resolve))
  }

  async pass(ms: number): Promise<void> {
    this.#clock.advance(ms)
  }

  heard(): ReadonlyMap<string, readonly Heard[]> {
    return new Map([...this.#actors].map(([name, { heard }]) => [name, heard]))
  }

  forget(): void {
    for (const { heard } of this.#actors.values()) heard.length = 0
    this.#turns = 0
  }

  async linger(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve))
    return this.#turns++ < 100
  }

  close(): void {
    this.#engine.stop()
  }

  #actor(name: string): Actor {
    let actor = this.#actors.get(name)
    if (actor !== undefined) return actor
    actor = new Actor()
    actor.session = this.#engine.connect(actor)
    actor.session.timed = true
    this.#actors.set(name, actor)
    if (this.#protocol === 3) actor.run(this.#engine, HELLO_3)
    actor.heard.length = 0
    return actor
  }
}

const HELLO_3 = [bytes('HELLO'), bytes('3')]

const TRANSPORT: TransportFacts = {
  address: '127.0.0.1:50000',
  localAddress: '127.0.0.1:6379',
  fd: 8,
  queryBytes: 0,
  queryFree: 0,
  outputBytes: 0,
}

/** A client that keeps what it hears. */
class Actor implements Outlet {
  readonly heard: Heard[] = []
  session!: Session

  run(engine: Engine, argv: Argv): void {
    engine.startTiming()
    const reply = engine.execute(this.session, argv)
    if (reply !== undefined) this.reply(reply)
    engine.idle()
  }

  reply(reply: Reply): void {
    this.#hear(reply)
  }

  push(message: Reply): void {
    this.#hear(message, true)
  }

  resume(): void {}

  close(): void {}

  describe(): TransportFacts {
    return TRANSPORT
  }

  #hear(reply: Reply, pushed?: true): void {
    const { protocol } = this.session.client
    const decoder = new ReplyDecoder()
    decoder.push(Buffer.from(encodeReply(reply, protocol), 'latin1'))
    for (let read = decoder.next(); read !== undefined; read = decoder.next()) {
      this.heard.push({ reply: read, pushed: pushed ?? saysPushed(read, protocol === 3) })
    }
  }
}
