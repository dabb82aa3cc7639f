/**
 * Link: a way to one server that outlives its connections.
 *
 * The one idea: a lost connection is replaced when somebody next needs it, with growing pauses between attempts and a limit to
 * the patience. What was on its way is sent again only if it changes nothing.
 */
import { systemClock } from '../../base/clock.ts'
import { ReplyError } from '../../base/reply.ts'
import { Connection, type ConnectionSettings } from './connection.ts'
import type { Dial, IoredisOptions } from './ioredis.ts'
import { closed, Lost, NotSent } from './lost.ts'
import { backoffMs, pause } from './pause.ts'

export interface LinkSettings extends ConnectionSettings {
  /** Where, if the dial doesn't say. */
  readonly where?: IoredisOptions
  /** How long it tries to connect again; 0 tries once. */
  readonly patienceMs: number
}

/** Connections on which somebody may wait have no limit to a silence. */
export const PATIENT: IoredisOptions = { commandTimeout: undefined, socketTimeout: undefined }

/** How often a command that changes nothing is sent again after its connection was lost. */
const MOST_REPEATS = 3

export class Link {
  readonly settings: LinkSettings
  readonly #dial: Dial
  readonly #end = new AbortController()
  #connection: Connection | undefined
  #connecting: Promise<Connection | ReplyError> | undefined
  #runs = 0

  constructor(dial: Dial, settings: LinkSettings) {
    this.#dial = dial
    this.settings = settings
  }

  /** The connection, when it is up. */
  get current(): Connection | undefined {
    return this.#connection?.isUp ? this.#connection : undefined
  }

  /** Whether somebody waits for it. */
  get isBusy(): boolean {
    return this.#runs > 0
  }

  /** The connection, made if need be; the server's error where it refuses us. */
  ready(patienceMs = this.settings.patienceMs): Promise<Connection | ReplyError> {
    this.#connecting ??= this.#connect(patienceMs).finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  /**
   * Does something with the connection, in this turn when it is up. After a loss it is done again when nothing had been sent,
   * or when it `canRepeat`.
   */
  async run<T>(canRepeat: boolean, job: (connection: Connection) => Promise<T>): Promise<T | ReplyError> {
    this.#runs++
    try {
      return await this.#attempts(canRepeat, job)
    } finally {
      this.#runs--
    }
  }

  /** Ends it; what waits is rejected. */
  close(): void {
    this.#end.abort()
    this.#connection?.close()
  }

  async #attempts<T>(canRepeat: boolean, job: (connection: Connection) => Promise<T>): Promise<T | ReplyError> {
    for (let repeats = 0; ; repeats++) {
      this.#refuseClosed()
      const connection = this.current ?? (await this.ready())
      if (connection instanceof ReplyError) return connection
      try {
        return await job(connection)
      } catch (error) {
        this.#refuseClosed()
        const mayRepeat = error instanceof NotSent || (canRepeat && error instanceof Lost)
        if (!mayRepeat || repeats === MOST_REPEATS) throw error
      }
    }
  }

  #refuseClosed(): void {
    if (this.#end.signal.aborted) throw closed()
  }

  async #connect(patienceMs: number): Promise<Connection | ReplyError> {
    const { signal } = this.#end
    const until = systemClock.now() + patienceMs
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt()
      } catch (error) {
        this.#refuseClosed()
        const waitMs = backoffMs(attempt)
        if (!(error instanceof NotSent) || systemClock.now() + waitMs > until) throw error
        await pause(waitMs, signal)
        this.#refuseClosed()
      }
    }
  }

  async #attempt(): Promise<Connection | ReplyError> {
    const { signal } = this.#end
    const made = await Connection.open(this.#dial(this.settings.where ?? {}), this.settings, signal)
    if (made instanceof Connection) {
      if (signal.aborted) made.close()
      this.#connection = made
    }
    this.#refuseClosed()
    return made
  }
}
