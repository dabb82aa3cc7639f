/**
 * The composition root: the only place where the machine's clock and chance meet the engine.
 *
 * The one idea: everything below takes what it needs as a parameter; here the real ones are put in. Tests make their own
 * engine, with a clock that they move.
 */

import { installMigration } from './backend/migration/install.ts'
import { systemClock } from './base/clock.ts'
import { systemRandom } from './base/random.ts'
import { allCommands } from './commands/all.ts'
import { aclFiles } from './durability/acl-files.ts'
import { REDIS_SAVE_POINTS } from './durability/snapshot-schedule.ts'
import { Engine, type EngineOptions } from './engine/engine.ts'
import { defaultMaxmemory, tooLargeForHeap } from './engine/memory/heap.ts'
import { type FunctionsOptions, installFunctions } from './functions/install.ts'

/** What may be chosen when an engine is made; the rest is the machine's. */
export interface CreateOptions extends Omit<Partial<EngineOptions>, 'commands'> {
  /** Libraries of functions: those to begin with, and whether clients may send some. */
  readonly functions?: FunctionsOptions
}

/** Makes an engine with every command there is, on the machine's clock. Warns of a `maxmemory` that V8 cannot hold. */
export function createEngine({ functions, ...options }: CreateOptions = {}): Engine {
  const maxmemory = `${defaultMaxmemory()}`
  // As in Redis, who has a place for snapshots gets some, unless they are told otherwise.
  const configDefaults = options.config?.dir ? { maxmemory, save: REDIS_SAVE_POINTS } : { maxmemory }
  const machine = { clock: systemClock, random: systemRandom, aclFiles, configDefaults }
  const engine = new Engine({ ...machine, ...options, commands: allCommands })
  installFunctions(engine, functions)
  installMigration(engine)
  const problem = tooLargeForHeap(engine.memory.limit)
  if (problem !== undefined) process.emitWarning(`maxmemory: ${problem.text}`, 'GeartrainWarning', 'GEARTRAIN_HEAP')
  return engine
}
