/**
 * Statistics: the counters that INFO and the metrics show.
 */
import type { ReplyError } from '../base/reply.ts'
import type { Command } from '../commands/command.ts'
import { CommandStatistics } from './command-statistics.ts'

export class Statistics {
  readonly startedMs: number
  readonly byCommand: CommandStatistics
  commands = 0
  connections = 0
  rejectedConnections = 0
  /** Replies that were errors, by code. */
  readonly errors = new Map<string, number>()
  bytesIn = 0
  bytesOut = 0
  /** Reads from sockets, and writes to them. */
  reads = 0
  writes = 0
  peakClients = 0
  expireCycles = 0
  /** How often removing expired keys was broken off, to go on later; and microseconds it took in all. */
  expireCapReached = 0
  expireMicros = 0
  unexpectedErrors = 0

  constructor(nowMs: number, commands: readonly Command[]) {
    this.startedMs = nowMs
    this.byCommand = new CommandStatistics(commands)
  }

  error(error: ReplyError): void {
    const { code } = error
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
  }

  get errorReplies(): number {
    let total = 0
    for (const count of this.errors.values()) total += count
    return total
  }

  /** CONFIG RESETSTAT: counters start again, the start time stays. */
  reset(): void {
    this.commands = 0
    this.byCommand.reset()
    this.connections = 0
    this.rejectedConnections = 0
    this.errors.clear()
    this.bytesIn = 0
    this.bytesOut = 0
    this.reads = 0
    this.writes = 0
    this.expireCycles = 0
    this.expireCapReached = 0
    this.expireMicros = 0
    this.unexpectedErrors = 0
  }
}
