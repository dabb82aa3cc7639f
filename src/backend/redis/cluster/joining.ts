/**
 * Joining: many nodes' replies become one, as the command's tips say.
 *
 * The one idea: an error of any node is the answer, where not one success is enough; half an answer is none.
 */
import { fitInt64 } from '../../../base/integers.ts'
import { systemRandom } from '../../../base/random.ts'
import { isArray, MapReply, type Reply, ReplyError, SetReply } from '../../../base/reply.ts'
import type { Part } from './routing.ts'

type Join = (replies: readonly Reply[]) => Reply

const integersIn = (replies: readonly Reply[]): bigint[] =>
  replies.map((reply) => (typeof reply === 'number' || typeof reply === 'bigint' ? BigInt(reply) : 0n))

const inOrder = (values: readonly bigint[]): bigint[] => values.toSorted((a, b) => Number(a - b))
const fitted = (value: bigint): Reply => fitInt64(value) ?? value

/** Position by position: SCRIPT EXISTS. */
const logical =
  (join: (values: readonly boolean[]) => boolean): Join =>
  (replies) => {
    const rows = replies.map((reply) => (isArray(reply) ? reply : [reply]))
    const joined = rows[0]!.map((_, i) => Number(join(rows.map((row) => row[i] === 1))))
    return isArray(replies[0]!) ? joined : joined[0]!
  }

const JOINS: Readonly<Record<string, Join>> = {
  agg_sum: (replies) => fitted(integersIn(replies).reduce((a, b) => a + b)),
  agg_min: (replies) => fitted(inOrder(integersIn(replies))[0]!),
  agg_max: (replies) => fitted(inOrder(integersIn(replies)).at(-1)!),
  agg_logical_and: logical((values) => values.every(Boolean)),
  agg_logical_or: logical((values) => values.some(Boolean)),
  all_succeeded: (replies) => replies[0]!,
}

/** One reply of those of several nodes; without a policy lists are put one behind the other. */
export function joined(replies: readonly Reply[], policy: string | undefined): Reply {
  const errors = replies.filter((reply) => reply instanceof ReplyError)
  if (policy === 'one_succeeded') return replies.find((reply) => !(reply instanceof ReplyError)) ?? errors[0]!
  if (errors.length > 0) return errors[0]!
  const join = policy === undefined ? undefined : JOINS[policy]
  return join === undefined ? appended(replies) : join(replies)
}

/** One list of all lists; of single values (RANDOMKEY) one that is there, by chance. */
function appended(replies: readonly Reply[]): Reply {
  if (replies.every(isArray)) return replies.flat()
  const items = replies.flatMap((reply) => (reply instanceof SetReply || reply instanceof MapReply ? reply.items : []))
  if (items.length > 0) return items
  const there = replies.filter((reply) => reply !== null)
  return there.length === 0 ? null : there[systemRandom.below(there.length)]!
}

/** The reply to a line that was split by slot: values go back to the places of their keys. */
export function joinedParts(
  replies: readonly Reply[],
  parts: readonly Part[],
  keys: number,
  policy: string | undefined,
): Reply {
  const error = replies.find((reply) => reply instanceof ReplyError)
  if (error !== undefined) return error
  if (policy !== undefined) return joined(replies, policy)
  const values: Reply[] = new Array(keys).fill(null)
  parts.forEach((part, i) => {
    const reply = replies[i]!
    if (!isArray(reply)) return
    part.keys.forEach((place, j) => {
      values[place] = reply[j] ?? null
    })
  })
  return values
}
