/**
 * A crowd: many connections that share one stream of requests at a steady rate, and the latencies they see.
 *
 * The one idea: requests are due by the clock, not by the last reply, and a latency counts from when its request was due.
 * So a server that stalls is charged for everyone who waited meanwhile.
 */
import { connect, type Socket } from 'node:net'
import { ReplyError } from '../../src/base/reply.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import type { Request } from './mixed-workload.ts'

/** A connection with at most one request under way. */
class Member {
  readonly socket: Socket
  readonly #decoder = new ReplyDecoder()
  readonly #crowd: Crowd
  #owed = 0
  #dueMs = 0

  constructor(socket: Socket, crowd: Crowd) {
    this.socket = socket
    this.#crowd = crowd
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', (error) => crowd.fail(error.message))
    socket.on('close', () => crowd.lost())
  }

  ask({ wire, replies }: Request, dueMs: number): void {
    this.#owed = replies
    this.#dueMs = dueMs
    this.socket.write(wire, 'latin1')
  }

  #receive(chunk: Buffer): void {
    this.#decoder.push(chunk)
    for (let reply = this.#decoder.next(); reply !== undefined; reply = this.#decoder.next()) {
      if (reply instanceof ReplyError) this.#crowd.fail(reply.message)
      if (--this.#owed === 0) this.#crowd.answered(this, performance.now() - this.#dueMs)
    }
    if (this.#decoder.error !== undefined) this.#crowd.fail(this.#decoder.error)
  }
}

export interface Outcome {
  readonly requests: number
  readonly errors: readonly string[]
  /** Milliseconds, one per request. */
  readonly latencies: readonly number[]
}

export class Crowd {
  readonly #members: Member[] = []
  /** Those who wait for nothing, first in first asked. */
  #idle: Member[] = []
  #latencies: number[] = []
  #errors: string[] = []
  #asked = 0
  #closing = false

  /** Connects, a hundred at a time: a listener's queue has an end. */
  static async gather(port: number, count: number): Promise<Crowd> {
    const crowd = new Crowd()
    while (crowd.#members.length < count) {
      const batch = Array.from({ length: Math.min(100, count - crowd.#members.length) }, () => open(port))
      for (const socket of await Promise.all(batch)) crowd.#members.push(new Member(socket, crowd))
    }
    crowd.#idle = [...crowd.#members]
    return crowd
  }

  /** Asks `rate` requests a second for some seconds and waits for the last reply. */
  async run(draw: () => Request, rate: number, seconds: number): Promise<Outcome> {
    const total = Math.round(rate * seconds)
    const startMs = performance.now()
    this.#latencies = []
    this.#errors = []
    this.#asked = 0
    while (this.#latencies.length < total && this.#errors.length < 1000) {
      const due = Math.min(total, ((performance.now() - startMs) * rate) / 1000)
      let turn = 0
      while (this.#asked < due && turn < this.#idle.length) {
        this.#idle[turn++]!.ask(draw(), startMs + (this.#asked++ * 1000) / rate)
      }
      this.#idle.splice(0, turn)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return { requests: this.#latencies.length, errors: this.#errors, latencies: this.#latencies }
  }

  answered(member: Member, latencyMs: number): void {
    this.#latencies.push(latencyMs)
    this.#idle.push(member)
  }

  fail(error: string): void {
    this.#errors.push(error)
  }

  lost(): void {
    if (!this.#closing) this.#errors.push('a connection was closed')
  }

  disperse(): void {
    this.#closing = true
    for (const { socket } of this.#members) socket.destroy()
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
