/**
 * `geartrain streams pending` and `claim`: what was given and not acknowledged, and taking it over.
 */
import { FIRST_ID } from '../../containers/id.ts'
import { RemoteError } from '../remote.ts'
import type { Desk } from './desk.ts'
import { spanOf } from './times.ts'

/** Which entries. */
export interface PendingOptions {
  readonly consumer?: string
  readonly idle?: number
  readonly count?: number
}

/** Prints what a group has pending, counted by consumer and then entry by entry. */
export async function printPending(desk: Desk, key: string, group: string, options: PendingOptions): Promise<void> {
  const stream = desk.db.consumerGroup(group, key).stream(key)
  const rows = await stream.pending({
    ...(options.consumer === undefined ? {} : { consumer: options.consumer }),
    ...(options.idle === undefined ? {} : { minIdleMs: options.idle }),
    count: options.count ?? LISTED,
  })
  if (desk.isJson) {
    for (const { id, consumer, idleMs, deliveries } of rows)
      await desk.line({ stream: key, id, consumer, idleMs, deliveries })
    return
  }
  const summary = await stream.pendingSummary()
  const each = [...summary.byConsumer].map(([name, count]) => `${name} ${count}`)
  await desk.print(`${summary.total} pending${each.length === 0 ? '' : `: ${each.join(', ')}`}\n`)
  if (summary.total === 0) return
  await desk.print('\n')
  await desk.table(
    ['id', 'consumer', 'idle', 'deliveries'],
    rows.map(({ id, consumer, idleMs, deliveries }) => [id, consumer, spanOf(idleMs), deliveries]),
  )
}

const LISTED = 100

/** What to claim. */
export interface ClaimOptions {
  readonly ids: readonly string[]
  /** Only what is pending for so long. */
  readonly idle?: number
}

/** Gives pending entries to a consumer: those named, or all that are pending for long. */
export async function claim(
  desk: Desk,
  [key, group, consumer]: readonly [string, string, string],
  { ids, idle }: ClaimOptions,
): Promise<void> {
  if (ids.length === 0 && idle === undefined) {
    throw new RemoteError('claim what? Name ids, or say by --idle how long the entries have to be pending.')
  }
  const stream = desk.db.consumerGroup(group, key, { consumer }).stream(key)
  const claimed: string[] = []
  const deleted: string[] = []
  if (ids.length > 0) claimed.push(...(await stream.claim(ids, { minIdleMs: idle ?? 0 })).map(({ id }) => id))
  else {
    let cursor = FIRST_ID
    do {
      const found = await stream.autoclaim({ minIdleMs: idle ?? 0, start: cursor, count: LISTED })
      claimed.push(...found.messages.map(({ id }) => id))
      deleted.push(...found.deleted)
      cursor = found.cursor
    } while (cursor !== FIRST_ID)
  }
  if (desk.isJson) return desk.line({ stream: key, group, consumer, claimed, deleted })
  await desk.print(
    `${claimed.length} claimed for ${consumer}${deleted.length > 0 ? `, ${deleted.length} no longer exist` : ''}\n`,
  )
  for (const id of claimed) await desk.print(`${id}\n`)
}
