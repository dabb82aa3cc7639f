/**
 * The front door: a store in this process.
 */
export {
  EmbeddedEngine,
  type EmbeddedOptions,
  type ListenAt,
  RedisError,
  type Value,
  type Word,
} from './server/embedded-engine.ts'
export { ServerError, type ServerErrorCode } from './server/errors.ts'
