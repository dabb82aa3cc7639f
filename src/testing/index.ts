/**
 * The door `geartrain/testing`: time that is moved by hand, chance that repeats, commands from the grammar.
 */
export { seededRandom } from '../base/random.ts'
export { ManualClock } from './manual-clock.ts'
export { Recorder } from './recorder.ts'
