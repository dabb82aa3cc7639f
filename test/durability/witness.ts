/**
 * A witness of a store's life: what was done to it, what anyone has seen of that, and what must therefore be there afterwards.
 *
 * The one idea: pairs of keys that are only ever set together, to numbers that only grow. Whoever sees a number, by a reply or
 * a message, knows that this unit has happened, and with it those before. After a crash both keys of a pair must say the same
 * number, at least the highest that was seen, and none that was never given. What was taken from the queue is gone.
 */
import type { Duplex } from 'node:stream'
import { isArray, PushReply, type Reply } from '../../src/base/reply.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { itemsOf } from '../differential/differences.ts'
import { words } from './rig.ts'

/** How many pairs there are, by default. */
export const PAIRS = 3
/** Only these are answered with a string or nil. */
const TELLING = /^(?:GET|LPOP)/

/** Sends lines to a store, as one client. */
export type Say = (lines: readonly string[]) => void
/** Sends a line, and waits for the reply. */
export type Ask = (line: string) => Reply | Promise<Reply>

export class Witness {
  /** Of a pair this number at least. */
  readonly seen: { readonly pair: number; readonly number: number; readonly atMs: number }[] = []
  readonly popped: { readonly number: number; readonly atMs: number }[] = []
  /** Whether nothing counts any more: it comes from a process that is gone. */
  deaf = false
  readonly #now: () => number
  /** Numbers given to each pair. */
  readonly #given: number[]
  /** What the pairs were when they were last looked at. */
  found: readonly number[] = []
  #pushed = 0

  constructor(now: () => number, pairs = PAIRS) {
    this.#now = now
    this.#given = new Array<number>(pairs).fill(0)
  }

  /** A client of the store at the other end of a stream; `onHeard` is called after each chunk of replies. */
  client(end: Duplex, onHeard: (say: Say) => void = () => {}): Say {
    const decoder = new ReplyDecoder()
    const asked: string[] = []
    const say: Say = (lines) => {
      if (end.destroyed) return
      for (const line of lines) if (TELLING.test(line)) asked.push(line)
      end.write(Buffer.from(lines.map((line) => encodeCommand(words(line))).join(''), 'latin1'))
    }
    end.on('error', () => {})
    end.on('data', (chunk: Buffer) => {
      decoder.push(chunk)
      for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) this.#received(reply, asked)
      onHeard(say)
    })
    return say
  }

  /** A unit: a pair is set to its next number, and that is published. */
  unit(pair: number): readonly string[] {
    const number = ++this.#given[pair]!
    return ['MULTI', `SET a:${pair} ${number}`, `SET b:${pair} ${number}`, `PUBLISH news ${pair}:${number}`, 'EXEC']
  }

  /** Something is put into the queue and something taken from it. */
  queue(): readonly string[] {
    return [`RPUSH queue ${++this.#pushed}`, 'LPOP queue']
  }

  /** Somebody has seen a number of a pair. */
  saw(pair: number, number: number): void {
    if (!this.deaf) this.seen.push({ pair, number, atMs: this.#now() })
  }

  /** The highest number of each pair that was seen before. */
  highest(sinceMs = Number.POSITIVE_INFINITY): readonly number[] {
    const highest = this.#given.map(() => 0)
    for (const { pair, number, atMs } of this.seen) {
      if (atMs < sinceMs) highest[pair] = Math.max(highest[pair]!, number)
    }
    return highest
  }

  /** What is wrong with a store's pairs, which say at least these numbers; and what they say. */
  async pairs(ask: Ask, atLeast: readonly number[]): Promise<{ wrongs: string[]; found: number[] }> {
    const wrongs: string[] = []
    const found: number[] = []
    for (const [pair, given] of this.#given.entries()) {
      const a = Number((await ask(`GET a:${pair}`)) ?? 0)
      const b = Number((await ask(`GET b:${pair}`)) ?? 0)
      if (a !== b) wrongs.push(`half a unit: a:${pair} is ${a}, b:${pair} is ${b}`)
      if (a > given) wrongs.push(`invented: a:${pair} is ${a}`)
      if (a < (atLeast[pair] ?? 0)) wrongs.push(`lost: ${atLeast[pair]} of ${pair}, which is ${a}`)
      found.push(a)
    }
    return { wrongs, found }
  }

  /** What is wrong with the store after a crash. `sinceMs`: what was seen from then on may be gone. */
  async wrongs(ask: Ask, sinceMs: number): Promise<string[]> {
    const { wrongs, found } = await this.pairs(ask, this.highest(sinceMs))
    this.found = found
    const left = new Set((itemsOf(await ask('LRANGE queue 0 -1')) ?? []).map(Number))
    for (const { number, atMs } of this.popped) {
      if (left.has(number) && atMs < sinceMs) wrongs.push(`came back: ${number}`)
    }
    return wrongs
  }

  /** The store goes on with what was found: that is what must be there from now on, and what was excused is no longer seen. */
  goesOn(): void {
    this.seen.length = 0
    this.popped.length = 0
    for (const [pair, number] of this.found.entries()) {
      this.seen.push({ pair, number, atMs: Number.NEGATIVE_INFINITY })
    }
  }

  #received(reply: Reply, asked: string[]): void {
    const message = reply instanceof PushReply || isArray(reply) ? (itemsOf(reply) ?? []) : []
    if (message[0] === 'message') {
      const [pair, number] = String(message[2]).split(':').map(Number)
      this.saw(pair!, number!)
      return
    }
    if (typeof reply !== 'string' && reply !== null) return
    const line = asked.shift() ?? ''
    if (typeof reply !== 'string') return
    if (line.startsWith('GET')) this.saw(Number(line.slice(line.indexOf(':') + 1)), Number(reply))
    else if (!this.deaf) this.popped.push({ number: Number(reply), atMs: this.#now() })
  }
}
