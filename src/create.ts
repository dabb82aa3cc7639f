/**
 * The composition root: the only place where the machine's clock and chance meet the engine.
 *
 * The one idea: everything below takes what it needs as a parameter; here the real ones are put in. Tests make their own
 * engine, with a clock that they move.
 */
import { systemClock } from './base/clock.ts'
import { systemRandom } from './base/random.ts'
import { allCommands } from './commands/all.ts'
import { Engine, type EngineOptions } from './engine/engine.ts'

/** What may be chosen when an engine is made; the rest is the machine's. */
export type CreateOptions = Omit<Partial<EngineOptions>, 'commands'>

/** Makes an engine with every command there is, on the machine's clock. */
export function createEngine(options: CreateOptions = {}): Engine {
  return new Engine({ clock: systemClock, random: systemRandom, ...options, commands: allCommands })
}
