/**
 * The front door: a database, wherever its data is.
 */
export { BackendError, type BackendErrorCode, type Features } from './backend/backend.ts'
export { AtOnceMethods, Buffers, Database } from './client/database.ts'
export { RedisError } from './client/errors.ts'
export type { ListenAt, Listening } from './client/host.ts'
export { Queue, type Replies } from './client/queue.ts'
export { Transaction, type TransactionBody, type TransactionOptions } from './client/transaction.ts'
export type { Entries, Text, Value } from './commands/args/nodes.ts'
export { type OpenOptions, open } from './open/open.ts'
export { ServerError, type ServerErrorCode } from './server/errors.ts'
