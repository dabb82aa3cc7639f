/** XAUTOCLAIM: a consumer takes over what others have left pending for long, going through the group in steps. */
import type { Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import type { Consumer, ConsumerGroup, PendingEntry } from '../../structures/consumer-group.ts'
import type { Stream } from '../../structures/stream.ts'
import { formatId, MAX_ID, MIN_ID, type StreamId } from '../../structures/stream-id.ts'
import { bytes, called, flag, integer, key, option } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, tuple, when } from '../shape.ts'
import { entriesShape } from './entries.ts'
import { delivered, editSeenGroup, obtainConsumer, reportedEffects } from './groups.ts'
import { readStart } from './stream-id-arg.ts'

const MIN_IDLE = { invalid: err('Invalid min-idle-time argument for XAUTOCLAIM') } as const
const COUNT_INVALID = err('COUNT must be > 0')
/** The largest double below Redis' own limit, 2^59: more would overflow what it multiplies the count with. */
const COUNT_MAX = 2 ** 59 - 64
const USUAL_COUNT = 100
/** How many entries are looked at for each that may be claimed. */
const LOOKS_PER_CLAIM = 10

/** What one step may take. */
interface Step {
  readonly start: StreamId
  readonly minIdle: number
  readonly count: number
  readonly justId: boolean
}

/** XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID] */
export const xautoclaim = command({
  name: 'XAUTOCLAIM',
  group: 'stream',
  since: '6.2.0',
  summary: 'Gives entries that were pending for long to another consumer, in steps.',
  complexity: 'O(1) when COUNT is small',
  flags: ['write', 'fast'],
  tips: ['nondeterministic_output'],
  args: [
    key('key', 'RW delete'),
    bytes('group'),
    bytes('consumer'),
    called('min-idle-time', integer('minIdle', MIN_IDLE)),
    bytes('start'),
    option('COUNT', integer('count', { min: 1, max: COUNT_MAX, invalid: COUNT_INVALID, outside: COUNT_INVALID })),
    flag('JUSTID'),
  ],
  reply: when(tuple(bulk, entriesShape, arrayOf(bulk)), {
    justid: tuple(bulk, arrayOf(bulk), arrayOf(bulk)),
  }),
  fast: (ctx, argv) => {
    // The look-up is counted first, then come the start and the options; only after them it matters what was found.
    ctx.db.findAny(argv[1]!)
    if (argv.length > 6) {
      readInteger(argv[4]!, MIN_IDLE)
      readStart(argv[5]!)
    }
    return undefined
  },
  run: (ctx, { key, group: name, consumer: consumerName, minIdle, start, count = USUAL_COUNT, justid = false }) => {
    const step: Step = { start: readStart(start), minIdle: Math.max(minIdle, 0), count, justId: justid }
    const { stream, group } = editSeenGroup(ctx.db, key, name)
    return take(ctx, key, stream, group, consumerName, step)
  },
  effects: reportedEffects,
})

function take(
  ctx: Context,
  key: Bytes,
  stream: Stream,
  group: ConsumerGroup,
  name: Bytes,
  { start, minIdle, count, justId }: Step,
): Reply {
  const claimed: Reply[] = []
  const gone: Reply[] = []
  let consumer: Consumer | undefined
  // One more than may be looked at: where the next step goes on.
  const seen = group.pending.slice(start, MAX_ID, Math.min(count * LOOKS_PER_CLAIM, group.pending.size) + 1)
  let at = 0
  for (; at < seen.length && at < count * LOOKS_PER_CLAIM && claimed.length + gone.length < count; at++) {
    const entry = seen[at]!
    const fields = stream.get(entry.id)
    if (fields === undefined) {
      group.acknowledge(entry.id)
      gone.push(formatId(entry.id))
    } else {
      if (minIdle > 0 && ctx.now - entry.deliveryTimeMs < minIdle) continue
      // Seen, or even made, only now: a consumer that claims nothing is none.
      consumer ??= obtainConsumer(ctx, key, group, name)
      give(group, entry, consumer, ctx.now, justId)
      claimed.push(justId ? formatId(entry.id) : [formatId(entry.id), fields])
    }
    delivered(ctx, key, group, entry)
    ctx.db.changed()
  }
  return [formatId(seen[at]?.id ?? MIN_ID), claimed, gone]
}

function give(group: ConsumerGroup, entry: PendingEntry, consumer: Consumer, now: number, justId: boolean): void {
  group.assign(entry, consumer)
  entry.deliveryTimeMs = now
  if (!justId) entry.deliveryCount++
}
