/**
 * Consumer: reads a group and hands its messages to a handler, until it is stopped.
 *
 * The one idea: at least once. A message is acknowledged after it was handled; whatever happens before that (a throw, a hang, a crash, a
 * lost connection) leads to another attempt, here or by another consumer, or to the dead letters.
 */
import { MessageChannel } from 'node:worker_threads'
import { Crew } from './crew.ts'
import { checkDeadLetters } from './dead-letter.ts'
import { releaseDue } from './delayed.ts'
import type { Delivery } from './delivery.ts'
import { Dispatcher, type Work } from './dispatcher.ts'
import { type ConsumerEvents, Events } from './events.ts'
import { Intake } from './intake.ts'
import { lagOf, type StreamLag } from './lag.ts'
import { Lane } from './lane.ts'
import type { ConsumerStats } from './metrics.ts'
import type { Settings } from './options.ts'
import { patience, pause } from './pause.ts'
import { keep } from './scripts.ts'
import { Settling } from './settling.ts'
import { StreamGroups } from './stream-groups.ts'
import { Sweep } from './sweep.ts'
import { slotOf, type Target } from './target.ts'
import { ConsumerError, isLasting } from './trouble.ts'

/** How to stop. */
export interface StopOptions {
  /** What becomes of messages that wait for a handler: they are handled too (`finish`, unless given), or given back. */
  readonly queued?: 'finish' | 'handBack'
  /** How long handlers may take; without end unless given. After that their signals are aborted. */
  readonly drainMs?: number
  /** How long what was aborted, and the last acknowledgements, may take; 1,000 unless given. */
  readonly graceMs?: number
}

/** A running consumer: `group.consume(handler)`. */
export class Consumer<T> implements AsyncDisposable {
  /** Resolves when it has stopped; rejects with what ended it. */
  readonly done: Promise<void>
  readonly #crew: Crew<T>
  readonly #events = new Events<T>()
  readonly #settling: Settling<T>
  readonly #dispatcher: Dispatcher<T>
  readonly #groups: StreamGroups<T>
  readonly #sweep: Sweep<T>
  readonly #lanes: readonly Lane<T>[]
  /** Ends all waiting of a stop. */
  readonly #hurry = new AbortController()
  /** Ends what happens again and again. */
  readonly #beating = new AbortController()
  #running: Promise<void>
  #stopped: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined
  #finish: () => void = () => {}
  /** An open port keeps the process alive: timers by the clock do not, and a retry may be all that is to come. */
  readonly #alive = new MessageChannel()

  constructor(target: Target<T>, settings: Settings<Delivery<T>>, work: Work<T>) {
    const crew = new Crew(target, settings, this.#events)
    this.#crew = crew
    this.#settling = new Settling(crew, {
      again: (held) => {
        this.#dispatcher.add(held)
        this.#dispatcher.begin()
      },
      left: (held) => this.#dispatcher.left(held),
    })
    this.#dispatcher = new Dispatcher(crew, this.#settling, work)
    this.#groups = new StreamGroups(crew)
    const intake = new Intake(crew, this.#settling, this.#dispatcher, settings.orderBy)
    this.#sweep = new Sweep(crew, intake, this.#settling, this.#groups)
    this.#lanes = lanesOf(crew).map((streams) => new Lane(crew, streams, intake, this.#sweep, this.#groups))
    this.#alive.port1.ref()
    crew.onLasting = (error) => this.#fail(error)
    this.done = new Promise((resolve, reject) => {
      this.#finish = () => (this.#failure === undefined ? resolve() : reject(this.#failure.error))
    })
    this.#running = this.#run()
    const { signal } = settings
    if (signal?.aborted === true) void this.abort()
    else signal?.addEventListener('abort', () => void this.abort(), { once: true, signal: this.#beating.signal })
  }

  /** Hears of what happens; the result ends that. */
  on<N extends keyof ConsumerEvents<T>>(name: N, listener: (event: ConsumerEvents<T>[N]) => void): () => void {
    return this.#events.on(name, listener)
  }

  /** What it is doing, and has done. */
  get stats(): ConsumerStats {
    const { counters, holdings, handling, age } = this.#crew
    return {
      ...counters,
      running: holdings.count('running'),
      queued: holdings.count('queued'),
      waiting: holdings.count('waiting'),
      handling: handling.summary(),
      age: age.summary(),
    }
  }

  /** How far the group is behind, by stream; asks the store. */
  async lag(): Promise<Record<string, StreamLag>> {
    const { target, settings } = this.#crew
    const entries = [...target.starts.keys()].map(
      async (stream) => [stream, await lagOf(target.database, stream, target.group, settings.clock)] as const,
    )
    return Object.fromEntries(await Promise.all(entries))
  }

  /** Reads no more and begins no handler, until `resume`. What is held stays held. */
  pause(): void {
    this.#crew.isPaused = true
  }

  resume(): void {
    this.#crew.isPaused = false
    this.#dispatcher.begin()
    this.#crew.holdings.tell()
  }

  /**
   * Stops: no more is read, what is held is finished and acknowledged, what has failed and waits is given back. Resolves when that is
   * done; a second call changes nothing and resolves with the first.
   */
  stop(options: StopOptions = {}): Promise<void> {
    this.#stopped ??= this.#end(options)
    return this.#stopped
  }

  /** Stops at once: signals are aborted, and everything held can be claimed by others at once. Hurries a stop that is under way. */
  abort(): Promise<void> {
    this.#hurry.abort()
    return this.stop({ queued: 'handBack', drainMs: 0, graceMs: 0 })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #run(): Promise<void> {
    const { reading, target, settings } = this.#crew
    await Promise.resolve()
    await this.#surely('group', async () => {
      await checkScripts(this.#crew)
      await this.#groups.ensure()
      await checkDeadLetters(this.#crew)
    })
    if (reading.signal.aborted) return
    const jitter = 0.9 + settings.random.below(200) / 1000
    for (const lane of this.#lanes) void this.#again('sweep', settings.sweepMs * jitter, () => this.#claim(lane))
    if (settings.heartbeat || settings.exclusive)
      void this.#again('heartbeat', Math.ceil(settings.claimAfterMs / 3), () => this.#beat(), settings.claimAfterMs / 3)
    if (settings.delayedPollMs > 0) for (const stream of target.starts.keys()) void this.#release(stream)
    await Promise.all(this.#lanes.map((lane) => lane.run()))
  }

  async #claim(lane: Lane<T>): Promise<void> {
    if (this.#crew.reading.signal.aborted || this.#crew.isPaused || !lane.isActive) return
    for (const stream of lane.streams) await this.#sweep.claim(stream)
  }

  async #beat(): Promise<void> {
    for (const lane of this.#lanes) if (lane.lease?.isHeld === true) await this.#prolong(lane)
    if (this.#crew.settings.heartbeat) await this.#sweep.beat()
  }

  /** Who has lost the right to a stream lets go of what it has of it: somebody else has taken it over. */
  async #prolong(lane: Lane<T>): Promise<void> {
    if ((await lane.lease?.take()) !== false) return
    for (const stream of lane.streams) for (const held of this.#crew.holdings.of(stream)) this.#settling.overtaken(held)
  }

  /** Adds delayed messages to a stream as they become due. */
  async #release(stream: string): Promise<void> {
    const { reading, settings, counters, db } = this.#crew
    const { signal } = reading
    for (let failures = 0; !signal.aborted; ) {
      let waitMs = settings.delayedPollMs
      try {
        const { released, nextMs } = await releaseDue(db, stream)
        counters.released += released
        if (nextMs !== null) waitMs = Math.min(waitMs, nextMs)
        failures = 0
      } catch (error) {
        if (isLasting(error)) return this.#fail(error)
        this.#crew.trouble(error, 'delayed')
        waitMs = Math.max(waitMs, patience(failures++))
      }
      await pause(settings.clock, waitMs, signal)
    }
  }

  /** Does something again and again, until the end; a failure is told and not more. */
  async #again(during: string, everyMs: number, run: () => Promise<void>, firstMs = 0): Promise<void> {
    const { clock } = this.#crew.settings
    const { signal } = this.#beating
    await pause(clock, firstMs, signal)
    while (!signal.aborted) {
      try {
        await run()
      } catch (error) {
        if (isLasting(error)) return this.#fail(error)
        this.#crew.trouble(error, during)
      }
      await pause(clock, everyMs, signal)
    }
  }

  async #surely(during: string, run: () => Promise<void>): Promise<void> {
    const { reading, settings } = this.#crew
    for (let failures = 0; !reading.signal.aborted; failures++) {
      try {
        return await run()
      } catch (error) {
        if (isLasting(error)) return this.#fail(error)
        this.#crew.trouble(error, during)
        await pause(settings.clock, patience(failures), reading.signal)
      }
    }
  }

  /** What can't pass ends the consumer. */
  #fail(error: unknown): void {
    if (this.#stopped === undefined || this.#failure === undefined) this.#failure ??= { error }
    void this.abort()
  }

  async #end({ queued = 'finish', drainMs, graceMs = 1000 }: StopOptions): Promise<void> {
    const { holdings, reading } = this.#crew
    reading.abort()
    // What is paused would never finish.
    if (queued === 'finish') this.resume()
    await this.#running
    await this.#settling.handBack(holdings.all().filter(({ stand }) => stand === 'waiting'))
    if (queued === 'handBack') await this.#handBackQueued()
    await this.#until(() => holdings.count('running') + holdings.count('queued') === 0, drainMs)
    if (holdings.count('running') + holdings.count('queued') > 0) {
      await this.#handBackQueued()
      const reason = new ConsumerError('STOPPED', 'The consumer is being stopped.')
      for (const held of holdings.all()) held.attempt?.abort(reason)
      await this.#until(() => holdings.count('running') === 0, graceMs)
    }
    await Promise.race([this.#settling.settled(), this.#pause(graceMs)])
    this.#settling.givingUp.abort()
    await this.#settling.settled()
    await this.#settling.handBack(holdings.all())
    this.#beating.abort()
    for (const lane of this.#lanes) await lane.leave()
    this.#alive.port1.close()
    this.#finish()
  }

  #handBackQueued(): Promise<void> {
    return this.#settling.handBack(this.#crew.holdings.all().filter(({ stand }) => stand === 'queued'))
  }

  async #until(isSo: () => boolean, atMostMs: number | undefined): Promise<void> {
    const { holdings } = this.#crew
    if (isSo()) return
    if (atMostMs === undefined) return holdings.until(isSo, this.#hurry.signal)
    const done = new AbortController()
    const limit = this.#pause(atMostMs).then(() => done.abort())
    await holdings.until(isSo, done.signal)
    void limit
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve()
    return pause(this.#crew.settings.clock, ms, this.#hurry.signal)
  }
}

/** Throws where the store can't run what a consumer needs to be sure of what it has. */
async function checkScripts<T>({ target, db }: Crew<T>): Promise<void> {
  const { group, consumer } = target
  try {
    for (const stream of target.starts.keys()) await keep(db, { stream }, { group, consumer, ids: [] })
  } catch (error) {
    if (!(error instanceof Error && /unknown command/i.test(error.message))) throw error
    const problem = `${db.features.name} runs no scripts, and a consumer needs them to hold on to its messages.`
    throw new ConsumerError('UNSUPPORTED', problem, error)
  }
}

/** What is read together: the streams of a slot; each by itself where one consumer at a time reads it. */
function lanesOf<T>({ target, settings, db }: Crew<T>): string[][] {
  const streams = [...target.starts.keys()]
  if (settings.exclusive) return streams.map((stream) => [stream])
  if (db.features.kind !== 'cluster') return [streams]
  const bySlot = new Map<number, string[]>()
  for (const stream of streams) {
    const slot = slotOf(db, stream)
    const known = bySlot.get(slot)
    if (known === undefined) bySlot.set(slot, [stream])
    else known.push(stream)
  }
  return [...bySlot.values()]
}
