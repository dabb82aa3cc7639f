/**
 * The door `geartrain/functions`: libraries of functions beside the data.
 */
export type {
  AsyncFunction,
  BackgroundApi,
  FunctionOptions,
  KeyEventData,
  KeySpaceTriggerOptions,
  OldValue,
  RedisGlobal,
  SectionApi,
  StreamEntryData,
  StreamTriggerOptions,
  SyncFunction,
  Word,
} from '../guest/api.ts'
export { type FunctionsOptions, installFunctions, LibraryError } from './install.ts'
export {
  type Described,
  type LibraryContext,
  type LibraryFunctions,
  type LinkedLibrary,
  type LinkedRedis,
  library,
} from './linked.ts'
