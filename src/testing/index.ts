/**
 * The door `geartrain/testing`: databases for one test, time that is moved by hand, chance that repeats, commands from the grammar, and the suite that
 * every kind of store passes.
 */
export { seededRandom } from '../base/random.ts'
export {
  type Bench,
  type ConformanceCase,
  conformanceCases,
  describeDatabase,
  type OpenDatabase,
  type Runner,
  runCase,
} from './conformance.ts'
export { ManualClock } from './manual-clock.ts'
export { fixtures, openForTest, type TestOptions, type TestStore } from './open-for-test.ts'
export { Recorder } from './recorder.ts'
