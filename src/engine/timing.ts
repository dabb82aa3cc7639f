/**
 * Timing: how long each command of a timed session took.
 *
 * The one idea: a command's time begins where the one before it ended, so that there is one look at the clock for each.
 */
import type { Argv } from '../base/bytes.ts'
import type { Clock } from '../base/clock.ts'
import type { Client } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import { Block, type Outcome } from '../commands/outcome.ts'
import type { CommandStatistics } from './command-statistics.ts'
import type { Observation } from './observation/observation.ts'

export class Timing {
  /** Where the time of the next command counts from, in microseconds. */
  started = 0
  readonly #clock: Clock
  readonly #byCommand: CommandStatistics
  readonly #observation: Observation

  constructor(clock: Clock, byCommand: CommandStatistics, observation: Observation) {
    this.#clock = clock
    this.#byCommand = byCommand
    this.#observation = observation
  }

  /** Time counts from here. */
  start(): void {
    this.started = this.#clock.elapsed()
  }

  /** Notes how long a command took that began at `started`: commands of its own may have run meanwhile. */
  took(client: Client, command: Command, argv: Argv, started: number, outcome: Outcome): void {
    const now = this.#clock.elapsed()
    const micros = now - started
    this.started = now
    // A client that is parked has not been answered: how long that takes is noted when it is.
    if (typeof outcome === 'object' && outcome instanceof Block) this.#byCommand.micros[command.index]! += micros
    else {
      this.#byCommand.took(command.index, micros)
      if (micros >= this.#observation.threshold) {
        this.#observation.slow(client, command, argv, this.#clock.now(), micros)
      }
    }
  }
}
