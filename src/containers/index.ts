/**
 * Containers: streams, consumer groups and time series, typed, on any store.
 */
export { RedisError } from '../client/errors.ts'
export type { Bounds } from './bounds.ts'
export { Consumer, type StopOptions } from './consume/consumer.ts'
export { type Cause, type RedriveOptions, readDeadLetter } from './consume/dead-letter.ts'
export type { When } from './consume/delayed.ts'
export { Delivery, type RetryOptions } from './consume/delivery.ts'
export type { ConsumerEvents, DeathReason } from './consume/events.ts'
export type { StreamLag } from './consume/lag.ts'
export type { MessagesOptions } from './consume/messages.ts'
export type { ConsumerStats, LatencySummary } from './consume/metrics.ts'
export type { BatchOptions, ConsumeOptions } from './consume/options.ts'
export { ConsumerError } from './consume/trouble.ts'
export { ConsumerGroup, GroupStream } from './consumer-group.ts'
export { GroupOf, type Membership } from './group-of.ts'
export {
  type Autoclaimed,
  type AutoclaimOptions,
  type ClaimOptions,
  GroupedStream,
  type GroupReadOptions,
  type Own,
  type PendingOptions,
  type Position,
} from './grouped-stream.ts'
export {
  compareIds,
  FIRST_ID,
  type IdLike,
  type IdParts,
  type Instant,
  idOf,
  LAST_ID,
  parseId,
  sequenceOf,
  timeOf,
} from './id.ts'
export type { ConsumerInfo, GroupInfo, PendingEntry, PendingSummary, StreamInfo } from './infos.ts'
export type {
  AnyStream,
  CodecOptions,
  Containers,
  GroupKeys,
  GroupOptions,
  InOf,
  OutOf,
  SchemaOptions,
} from './install.ts'
export {
  type AddOptions,
  KeyedStream,
  type RangeOptions,
  type TrimExactness,
  type TrimRule,
  type WalkOptions,
} from './keyed-stream.ts'
export { Delivered, Message } from './message.ts'
export {
  type Codec,
  type Content,
  type Field,
  type Fields,
  type FieldValue,
  json,
  type Payload,
  PayloadError,
  type PayloadIssue,
} from './payload.ts'
export type { PayloadSchema } from './schema.ts'
export { type FollowOptions, type ReadOptions, Stream } from './stream.ts'
export { type Moment, TimeSeries, TimeSeriesStream } from './time-series.ts'
export type { Waiting } from './waiting.ts'
