/**
 * Recorder: a client of an engine that keeps all it receives, in order.
 */
import { type Argv, bytes } from '../base/bytes.ts'
import type { Reply } from '../base/reply.ts'
import type { Outlet, Pushed, TransportFacts } from '../commands/client.ts'
import type { Engine } from '../engine/engine.ts'
import type { Session } from '../engine/session.ts'

const NO_TRANSPORT: TransportFacts = {
  address: '',
  localAddress: '',
  fd: 0,
  queryBytes: 0,
  queryFree: 0,
  outputBytes: 0,
}

export class Recorder implements Outlet {
  readonly session: Session
  /** Replies and messages as they arrived. */
  readonly received: Reply[] = []
  /** How often the client was told to go on with its pipeline. */
  resumed = 0
  closed = false
  /** Called for each reply that comes after the client was parked. */
  onLate: ((reply: Reply) => void) | undefined = undefined
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
    this.session = engine.connect(this)
  }

  /** Runs one command line (words split at blanks) and gives what was received because of it. */
  send(line: string): Reply[] {
    return this.run(line.split(' ').map(bytes))
  }

  /** Runs one command and gives what this client received because of it. */
  run(argv: Argv): Reply[] {
    const from = this.received.length
    const reply = this.#engine.execute(this.session, argv)
    if (reply !== undefined) this.received.push(reply)
    this.#engine.idle()
    return this.received.slice(from)
  }

  /** Takes what was received since the last time. */
  take(): Reply[] {
    return this.received.splice(0)
  }

  reply(reply: Reply): void {
    this.received.push(reply)
    this.onLate?.(reply)
  }

  push(message: Pushed): void {
    this.received.push(message)
  }

  resume(): void {
    this.resumed++
  }

  close(): void {
    this.closed = true
  }

  describe(): TransportFacts {
    return NO_TRANSPORT
  }
}
