/**
 * Pause: commands wait until a moment (CLIENT PAUSE).
 *
 * The one idea: a line that may not run now parks its client with the line in hand; when the pause ends the lines run in
 * the order in which they came, as if they had just been read. Data stands still meanwhile: nothing expires or is evicted.
 *
 * Invariant: a client stands in the queue only while it is parked.
 */
import type { Argv } from '../base/bytes.ts'
import type { Cancel, Clock } from '../base/clock.ts'
import { NO_REPLY } from '../base/reply.ts'
import type { Client } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import type { PausePort } from '../commands/context.ts'
import type { Engine } from './engine.ts'
import { ENGINE_GATE } from './gates.ts'
import type { Session } from './session.ts'

/** Commands that count as writes though they change no key, or not by their flags: they go to replicas. COMMAND INFO does not show it. */
const REPLICATED = new Set(['PUBLISH', 'SPUBLISH', 'PFCOUNT', 'EVAL', 'EVALSHA', 'FCALL'])

/** Whether a command is a write, or goes to replicas like one. */
export const replicates = (command: Command): boolean =>
  command.isWrite || command.flags.has('may_replicate') || REPLICATED.has(command.name)

interface Waiting {
  readonly session: Session
  readonly argv: Argv
}

export class Pause implements PausePort {
  readonly #engine: Engine
  readonly #clock: Clock
  /** Whether all commands wait, or those that write. */
  #everything = false
  #untilMs = 0
  #cancel: Cancel | undefined = undefined
  #waiting: Waiting[] = []
  /** Lines that may run when nothing else does. */
  #released: Waiting[] = []

  constructor(engine: Engine) {
    this.#engine = engine
    this.#clock = engine.clock
  }

  /** Clients that wait for the end. */
  get count(): number {
    return this.#waiting.length + this.#released.length
  }

  get isOn(): boolean {
    return (this.#engine.gate & ENGINE_GATE.pause) !== 0
  }

  begin(untilMs: number, everything: boolean): void {
    const engine = this.#engine
    if (!this.isOn && untilMs <= engine.keyspace.now) return
    // A pause within a pause makes it longer and stricter, never less.
    this.#untilMs = this.isOn ? Math.max(this.#untilMs, untilMs) : untilMs
    this.#everything = everything || (this.isOn && this.#everything)
    engine.gate |= ENGINE_GATE.pause
    engine.keyspace.frozen = true
    this.#cancel?.()
    this.#cancel = this.#clock.at(this.#untilMs, () => {
      this.end()
      engine.idle()
    })
  }

  end(): void {
    const engine = this.#engine
    if (!this.isOn) return
    engine.gate &= ~ENGINE_GATE.pause
    engine.keyspace.frozen = false
    this.stop()
    this.#released.push(...this.#waiting)
    engine.putOff.any = true
    this.#waiting = []
    engine.expiry.rearm()
    engine.events.follower?.resumed()
  }

  /** No alarm any more: the engine is closing. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /** Whether a line has to wait. EXEC is what was queued for it. */
  holds(client: Client, command: Command): boolean {
    if (!this.isOn || client.monitors) return false
    if (this.#everything || replicates(command)) return true
    return command.name === 'EXEC' && (client.transaction?.queue ?? []).some((queued) => replicates(queued.command))
  }

  /** Keeps a line until the pause is over. */
  park(session: Session, argv: Argv): undefined {
    session.client.parked = true
    this.#waiting.push({ session, argv })
  }

  /** Forgets a client that is gone. */
  forget(session: Session): void {
    const others = (waiting: Waiting): boolean => waiting.session !== session
    this.#waiting = this.#waiting.filter(others)
    this.#released = this.#released.filter(others)
  }

  /** Runs the lines that waited. One may pause again: those after it are looked at again too. */
  rerun(): void {
    const engine = this.#engine
    while (this.#released.length > 0) {
      const { session, argv } = this.#released.shift()!
      const { client } = session
      client.parked = false
      const reply = engine.execute(session, argv)
      if (reply === undefined) continue
      if (reply !== NO_REPLY) client.outlet.reply(reply)
      engine.blocking.unparked(session)
    }
  }
}
