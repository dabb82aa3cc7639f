/**
 * `geartrain streams replay`: a stretch of time once more, printed or added to another stream.
 *
 * The one idea: the stretch ends at the last entry that there is when it begins, so that a stream replayed into itself ends too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { compareIds, idOf, parseId } from '../../containers/id.ts'
import type { Message } from '../../containers/message.ts'
import { trueFields } from '../../containers/true-fields.ts'
import type { Desk } from './desk.ts'
import type { Filter } from './tail.ts'
import { printMessage } from './tail.ts'
import type { Place } from './times.ts'

/** What is replayed, where to and how fast. */
export interface ReplayOptions {
  readonly from: Place
  readonly to?: Place
  /** The stream that the entries are added to, with new ids. */
  readonly into?: string
  /** Times as fast as they came; as fast as it goes unless given. */
  readonly speed?: number
  readonly filters: readonly Filter[]
}

const BATCH = 200

/** Replays a stream. */
export async function replay(desk: Desk, key: string, options: ReplayOptions): Promise<void> {
  const { into, speed, filters } = options
  const stream = desk.db.stream(key)
  const nowMs = await desk.nowMs()
  const last = await stream.lastId()
  const wanted = options.to === undefined ? last : idOf(options.to(nowMs), 'last')
  const bounds = { from: options.from(nowMs), to: compareIds(wanted, last) < 0 ? wanted : last, signal: desk.signal }
  let batch: Message[] = []
  let count = 0
  const flush = async (): Promise<void> => {
    if (into === undefined || batch.length === 0) return
    const adding = desk.db.pipeline()
    for (const { id, fields } of batch) adding.xadd(into, '*', await trueFields(desk.db, key, id, fields))
    const replies: readonly unknown[] = await adding.exec()
    for (const reply of replies) if (reply instanceof Error) throw reply
    batch = []
  }
  let before: bigint | undefined
  for await (const message of stream.walk(bounds)) {
    if (!filters.every((fits) => fits(message))) continue
    const { ms } = parseId(message)
    if (speed !== undefined && before !== undefined) {
      await sleep(Number(ms - before) / speed, undefined, { signal: desk.signal }).catch(() =>
        desk.signal.throwIfAborted(),
      )
    }
    before = ms
    count++
    if (into === undefined) await printMessage(desk, message)
    else if (batch.push(message) >= (speed === undefined ? BATCH : 1)) await flush()
  }
  if (into === undefined) return
  await flush()
  if (desk.isJson) await desk.line({ stream: key, into, replayed: count })
  else await desk.print(`${count} entries of ${key} added to ${into}\n`)
}
