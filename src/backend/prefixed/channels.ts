/**
 * Channels under a prefix: like keys they have it in the store and lose it on their way back.
 *
 * The one idea: keyspace notifications are about keys, so there the prefix belongs to the key: inside of the channel
 * (`__keyspace@0__:app:k`) or in the message (`__keyevent@0__:del`, which is heard for every key: the others' are
 * dropped).
 */
import { type Bytes, raw } from '../../base/bytes.ts'

const OF_KEY = /^__keyspace@[^:]*__:/
const OF_EVENT = /^__keyevent@[^:]*__:/
/** A pattern of notifications of both kinds, or of a kind that can't be told. */
const OF_EITHER = /^__key/

/** A channel's name in the store. */
export function channelIn(prefix: Bytes, channel: Bytes): Bytes {
  const [head] = OF_KEY.exec(channel) ?? []
  if (head !== undefined) return raw(head + prefix + channel.slice(head.length))
  return OF_EVENT.test(channel) ? channel : raw(prefix + channel)
}

/** A pattern of channels, in the store. */
export function channelPatternIn(prefix: Bytes, pattern: Bytes): Bytes {
  const [head] = OF_KEY.exec(pattern) ?? []
  if (head !== undefined) return raw(head + literal(prefix) + pattern.slice(head.length))
  return OF_EITHER.test(pattern) ? pattern : patternIn(prefix, pattern)
}

/** A pattern of keys, in the store. */
export const patternIn = (prefix: Bytes, pattern: Bytes): Bytes => raw(literal(prefix) + pattern)

/** A name as the pattern that matches nothing else. */
const literal = (name: Bytes): string => name.replace(/[*?[\]\\^-]/g, '\\$&')

/** A message as it is heard under the prefix; undefined when it is about others. */
export function heardUnder(prefix: Bytes, channel: Bytes, message: Bytes): readonly [Bytes, Bytes] | undefined {
  if (OF_EVENT.test(channel)) {
    const key = without(prefix, message)
    return key === undefined ? undefined : [channel, key]
  }
  const name = channelOut(prefix, channel)
  return name === undefined ? undefined : [name, message]
}

/** A channel's name as it is known under the prefix; undefined when it is another's. */
export function channelOut(prefix: Bytes, channel: Bytes): Bytes | undefined {
  if (OF_EVENT.test(channel)) return channel
  const [head] = OF_KEY.exec(channel) ?? []
  if (head === undefined) return without(prefix, channel)
  const key = without(prefix, raw(channel.slice(head.length)))
  return key === undefined ? undefined : raw(head + key)
}

const without = (prefix: Bytes, name: Bytes): Bytes | undefined =>
  name.startsWith(prefix) ? raw(name.slice(prefix.length)) : undefined
