/** XCLAIM: a consumer takes over named entries that others were given and did not acknowledge. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import type { Consumer, ConsumerGroup } from '../../structures/consumer-group.ts'
import type { Stream } from '../../structures/stream.ts'
import { compareIds, formatId, MIN_ID, type StreamId } from '../../structures/stream-id.ts'
import { parseId } from '../../structures/stream-id-text.ts'
import { bytes, called, flag, integer, key, many, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, when } from '../shape.ts'
import { entriesShape } from './entries.ts'
import { advanced, delivered, editGroup, obtainConsumer, reportedEffects, shown } from './groups.ts'
import { readId } from './stream-id-arg.ts'

const MIN_IDLE_INVALID = err('Invalid min-idle-time argument for XCLAIM')
const IDLE_INVALID = err('Invalid IDLE option argument for XCLAIM')
const TIME_INVALID = err('Invalid TIME option argument for XCLAIM')
const RETRYCOUNT_INVALID = err('Invalid RETRYCOUNT option argument for XCLAIM')

/** What is claimed, and how it is noted. */
interface Claim {
  readonly minIdle: number
  readonly ids: StreamId[]
  /** When the entries count as delivered. */
  time: number
  /** How often they count as delivered; undefined: once more. */
  retryCount: number | undefined
  force: boolean
  justId: boolean
  lastId: StreamId
}

// Apart from the command, whose parser would otherwise take part in inferring the names.
const ARGS = [
  key('key', 'RW update'),
  bytes('group'),
  bytes('consumer'),
  called('min-idle-time', bytes('minIdle', 'integer')),
  many('ids', bytes('id')),
  option('IDLE', integer('ms')),
  option('TIME', called('unix-time-milliseconds', integer('time', { doc: 'unix-time' }))),
  option('RETRYCOUNT', integer('count')),
  flag('FORCE'),
  flag('JUSTID'),
  option('LASTID', bytes('lastid')),
] as const

/** XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid] */
export const xclaim = command({
  name: 'XCLAIM',
  group: 'stream',
  since: '5.0.0',
  summary: 'Gives pending entries to another consumer.',
  complexity: 'O(log N) for each id, N entries pending',
  flags: ['write', 'fast'],
  tips: ['nondeterministic_output'],
  args: ARGS,
  // Where the ids end only reading them tells, and all of it happens after the look-up.
  parse: (argv) => ({ key: argv[1]!, group: argv[2]!, consumer: argv[3]!, minIdle: argv[4]!, ids: argv.slice(5) }),
  reply: when(entriesShape, { justid: arrayOf(bulk) }),
  run: (ctx, { key, group: name, consumer: consumerName, minIdle, ids }) => {
    const { stream, group } = editGroup(ctx.db, key, name)
    const claim = readClaim(minIdle, ids, ctx.now)
    const moved = compareIds(claim.lastId, group.lastDeliveredId) > 0
    if (moved) group.lastDeliveredId = claim.lastId
    return take(ctx, key, stream, group, consumerName, claim, moved)
  },
  effects: reportedEffects,
})

function readClaim(minIdle: Bytes, words: Argv, now: number): Claim {
  const least = Math.max(readInteger(minIdle, { invalid: MIN_IDLE_INVALID }), 0)
  const claim: Claim = {
    minIdle: least,
    ids: [],
    time: now,
    retryCount: undefined,
    force: false,
    justId: false,
    lastId: MIN_ID,
  }
  let at = 0
  for (; at < words.length; at++) {
    const id = parseId(words[at]!, 'first')
    if (id === undefined) break
    claim.ids.push(id)
  }
  while (at < words.length) at += readOption(claim, words[at]!, words[at + 1], now)
  return claim
}

/** Reads one option; returns how many words it took. */
function readOption(claim: Claim, word: Bytes, value: Bytes | undefined, now: number): 1 | 2 {
  switch (upper(word) as string) {
    case 'FORCE':
      claim.force = true
      return 1
    case 'JUSTID':
      claim.justId = true
      return 1
    default:
      if (value === undefined || !readValue(claim, upper(word), value, now)) {
        throw err(`Unrecognized XCLAIM option '${shown(word)}'`)
      }
      return 2
  }
}

function readValue(claim: Claim, token: string, value: Bytes, now: number): boolean {
  switch (token) {
    case 'IDLE':
      claim.time = sane(now - readInteger(value, { invalid: IDLE_INVALID }), now)
      return true
    case 'TIME':
      claim.time = sane(readInteger(value, { invalid: TIME_INVALID }), now)
      return true
    case 'RETRYCOUNT': {
      const count = readInteger(value, { invalid: RETRYCOUNT_INVALID })
      // Counters are doubles: exact up to 2^53.
      claim.retryCount = count < 0 ? undefined : Math.min(count, Number.MAX_SAFE_INTEGER)
      return true
    }
    case 'LASTID':
      claim.lastId = readId(value)
      return true
    default:
      return false
  }
}

/** A clock that runs ahead, or nonsense, counts as now. */
const sane = (time: number, now: number): number => (time < 0 || time > now ? now : time)

/** Claims entry by entry; those gone from the stream leave the group. */
function take(
  ctx: Context,
  key: Bytes,
  stream: Stream,
  group: ConsumerGroup,
  name: Bytes,
  claim: Claim,
  moved: boolean,
): Reply {
  const claimed: Reply[] = []
  let said = false
  let consumer: Consumer | undefined
  for (const id of claim.ids) {
    const fields = stream.get(id)
    let entry = group.pending.get(id)
    if (fields === undefined) {
      if (entry === undefined) continue
      group.acknowledge(id)
    } else {
      if (entry === undefined && !claim.force) continue
      if (entry !== undefined && claim.minIdle > 0 && ctx.now - entry.deliveryTimeMs < claim.minIdle) continue
      // Seen, or even made, only now: a consumer that claims nothing is none.
      consumer ??= obtainConsumer(ctx, key, group, name)
      if (entry === undefined) entry = group.addPending(id, consumer, ctx.now, 1)
      else group.assign(entry, consumer)
      entry.deliveryTimeMs = claim.time
      if (claim.retryCount !== undefined) entry.deliveryCount = claim.retryCount
      else if (!claim.justId) entry.deliveryCount++
      claimed.push(claim.justId ? formatId(id) : [formatId(id), fields])
    }
    delivered(ctx, key, group, entry)
    ctx.db.changed()
    said = true
  }
  if (moved && !said) {
    advanced(ctx, key, group)
    ctx.db.changed()
  }
  return claimed
}
