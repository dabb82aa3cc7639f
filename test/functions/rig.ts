/**
 * The rig of the functions' tests: an engine with libraries, clients whose replies are encoded, and the hosts to go over.
 */
import { type Bytes, bytes, text } from '../../src/base/bytes.ts'
import type { Clock } from '../../src/base/clock.ts'
import { type Reply, ReplyError } from '../../src/base/reply.ts'
import { createEngine } from '../../src/create.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { type FunctionsOptions, library } from '../../src/functions/index.ts'
import type { RedisGlobal } from '../../src/guest/api.ts'
import type { Capabilities } from '../../src/guest/host.ts'
import { encodeReply } from '../../src/resp/reply-encoder.ts'
import { ManualClock, Recorder } from '../../src/testing/index.ts'

/** A clock on which every look takes a millisecond, and no alarm rings: code that never ends meets its limit soon. */
export class WornClock extends ManualClock {
  #looks = 0
  override now(): number {
    return super.now() + this.#looks++
  }
}

/** A client that reads what it gets as it stands on the wire. */
export class Wire {
  readonly recorder: Recorder
  readonly engine: Engine

  constructor(engine: Engine, protocol: 2 | 3 = 2) {
    this.engine = engine
    this.recorder = new Recorder(engine)
    this.recorder.session.client.protocol = protocol
  }

  /** Runs a command and gives its reply, waited for when it is owed; lines are joined by blanks. */
  async send(...words: readonly (string | Bytes)[]): Promise<string> {
    const replies = this.recorder.run(words.map((word) => bytes(word)))
    const reply = replies.length > 0 ? replies[0]! : await this.#late()
    return this.#onWire(reply)
  }

  /** Runs a command whose words are bytes already. */
  sendRaw(...words: readonly string[]): string {
    return this.#onWire(this.recorder.run(words as readonly Bytes[])[0]!)
  }

  /** Sends a command that is expected to wait; the reply comes when it does. */
  start(...words: readonly string[]): Promise<string> {
    const replies = this.recorder.run(words.map(bytes))
    if (replies.length > 0) throw new Error(`answered at once: ${this.#onWire(replies[0]!)}`)
    return this.#late().then((reply) => this.#onWire(reply))
  }

  #late(): Promise<Reply> {
    return new Promise((resolve) => {
      this.recorder.onLate = resolve
    })
  }

  #onWire(reply: Reply): string {
    return encodeReply(reply, this.recorder.session.client.protocol).trimEnd().replaceAll('\r\n', ' ')
  }
}

/** An engine that takes libraries from its clients. */
export function trustingEngine(options: FunctionsOptions = {}, clock: Clock = new ManualClock()): Engine {
  return createEngine({ clock, functions: { trustLibraries: true, ...options } })
}

export const PROLOGUE = '#!js api_version=1.0 name=L\n'

/** How a host gets a library whose text is `body`. */
export interface HostUnderTest {
  readonly name: string
  readonly capabilities: Pick<Capabilities, 'background' | 'kill' | 'memoryLimit' | 'boundary'>
  engineWith(body: string): Engine
}

/** An engine whose clients send libraries into isolates. */
export function isolatingEngine(options: FunctionsOptions = {}, clock: Clock = new ManualClock()): Engine {
  return createEngine({ clock, functions: options })
}

function sent(engine: Engine, body: string): Engine {
  const [reply] = new Recorder(engine).run([bytes('TFUNCTION'), bytes('LOAD'), bytes(PROLOGUE + body)])
  if (reply instanceof ReplyError) throw new Error(text(reply.message))
  return engine
}

/** The same text as part of this program. */
function registering(body: string): (redis: RedisGlobal) => void {
  const register = new Function('redis', body)
  return (redis) => void Reflect.apply(register, undefined, [redis])
}

export const hosts: readonly HostUnderTest[] = [
  {
    name: 'isolate',
    capabilities: { background: true, kill: true, memoryLimit: true, boundary: true },
    engineWith: (body) => sent(isolatingEngine(), body),
  },
  {
    name: 'realm',
    capabilities: { background: false, kill: true, memoryLimit: false, boundary: false },
    engineWith: (body) => trustingEngine({ libraries: [PROLOGUE + body] }),
  },
  {
    name: 'linked',
    capabilities: { background: false, kill: false, memoryLimit: false, boundary: false },
    engineWith: (body) => trustingEngine({ libraries: [library('L', registering(body))] }),
  },
]
