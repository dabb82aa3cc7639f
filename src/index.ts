/**
 * The front door: a database, wherever its data is.
 */
export { BackendError, type BackendErrorCode, type Features } from './backend/backend.ts'
export { AtOnceMethods, Buffers, Database } from './client/database.ts'
export type { Dedicated } from './client/dedicated.ts'
export { RedisError } from './client/errors.ts'
export type { CallOptions, Functions, LibraryFacts, ListOptions, LoadOptions } from './client/functions/functions.ts'
export type { Libraries, MethodsOf, Received, TypedLibrary } from './client/functions/typed.ts'
export type { ListenAt, Listening, Snapshot } from './client/host.ts'
export { Queue, type Replies } from './client/queue.ts'
export { type CacheOptions, cached } from './client/recipes/cached.ts'
export { MovingAverage } from './client/recipes/moving-average.ts'
export { Stack } from './client/recipes/stack.ts'
export type { ManifestEntry, ScriptManifest } from './client/scripts/manifest.ts'
export {
  build,
  rawLua,
  type Script,
  type ScriptOptions,
  type ScriptTarget,
  script,
  withManifest,
} from './client/scripts/script.ts'
export { type Message, type SubscribeOptions, Subscription } from './client/subscription.ts'
export { Transaction, type TransactionBody, type TransactionOptions } from './client/transaction.ts'
export type { ScanOptions, WalkOptions } from './client/walks.ts'
export type { Entries, Text, Value } from './commands/args/nodes.ts'
export type { Containers } from './containers/install.ts'
export { DurabilityError, type DurabilityErrorCode } from './durability/durable.ts'
export { type OpenOptions, open } from './open/open.ts'
export { type Diagnostic, ScriptDefinitionError, ScriptError, ShapeError } from './script/errors.ts'
export type {
  AnyKey,
  HashKey,
  KeyHandles,
  KeyKind,
  ListKey,
  ScriptEnv,
  SetKey,
  SortedSetKey,
  StreamEntry,
  StreamKey,
  StringKey,
} from './script/handles.ts'
export type { ArgSpec, Json, KeyNames, KeySpec, ScriptSpec, Shape, ShapeOf, StandardSchema } from './script/spec.ts'
export { t } from './script/spec.ts'
export { ServerError, type ServerErrorCode } from './server/errors.ts'
