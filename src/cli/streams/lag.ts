/**
 * `geartrain streams lag`: how far groups are behind, once or again and again.
 *
 * The one idea: entries not given yet are counted by the server where it can; how long the first of them has waited is told by its
 * id, which is known always.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseId } from '../../containers/id.ts'
import type { Desk } from './desk.ts'
import { spanOf } from './times.ts'

/** One group on one stream. */
interface Lag {
  readonly stream: string
  readonly group: string
  readonly consumers: number
  /** Entries not given yet; null where the server can't tell. */
  readonly lag: number | null
  readonly pending: number
  /** Since the first entry not given yet was added. */
  readonly behindMs: number | null
  /** Since the one of the first thousand pending entries that has waited longest was given. */
  readonly oldestPendingMs: number | null
}

/** What to look at. */
export interface LagOptions {
  readonly group?: string
  /** Looks again after so long. */
  readonly watch?: number
}

/** Prints the lags of the streams named, or of all. */
export async function printLag(desk: Desk, named: readonly string[], { group, watch }: LagOptions): Promise<void> {
  const isLive = watch !== undefined && !desk.isJson && desk.terminal.stdout.isTTY === true
  for (;;) {
    const lags = await lagsOf(desk, named, group)
    if (isLive) await desk.print(CLEAR)
    if (desk.isJson) for (const lag of lags) await desk.line(lag)
    else {
      await desk.table(
        ['stream', 'group', 'consumers', 'lag', 'behind', 'pending', 'oldest pending'],
        lags.map((lag) => [
          lag.stream,
          lag.group,
          lag.consumers,
          lag.lag,
          spanOf(lag.behindMs),
          lag.pending,
          spanOf(lag.oldestPendingMs),
        ]),
        '(no groups)',
      )
    }
    if (watch === undefined) return
    await sleep(watch, undefined, { signal: desk.signal }).catch(() => desk.signal.throwIfAborted())
    if (!isLive && !desk.isJson) await desk.print('\n')
  }
}

const CLEAR = '\x1b[H\x1b[2J'

async function lagsOf(desk: Desk, named: readonly string[], only: string | undefined): Promise<Lag[]> {
  const lags: Lag[] = []
  const nowMs = await desk.nowMs()
  for (const key of await desk.streamKeys(named)) {
    for (const group of await desk.db.stream(key).groups()) {
      if (only !== undefined && group.name !== only) continue
      const stream = desk.db.consumerGroup(group.name, key).stream(key)
      const [next] = await stream.range({ after: group.lastDeliveredId, count: 1 })
      const rows = group.pending === 0 ? [] : await stream.pending()
      lags.push({
        stream: key,
        group: group.name,
        consumers: group.consumers,
        lag: group.lag,
        pending: group.pending,
        behindMs: next === undefined ? 0 : Math.max(0, nowMs - Number(parseId(next).ms)),
        oldestPendingMs: rows.length === 0 ? null : Math.max(...rows.map(({ idleMs }) => idleMs)),
      })
    }
  }
  return lags
}
