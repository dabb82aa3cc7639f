/**
 * Whether a target has what a source has: type, value and deadline of every key, streams with their groups and pending.
 *
 * The one idea: both payloads are read and compared as what they say, since the same value has many forms. What a source has
 * of keys that changed or expired meanwhile differs, rightly.
 */
import { type Argv, type Bytes, raw } from '../../base/bytes.ts'
import { systemClock } from '../../base/clock.ts'
import { ReplyError } from '../../base/reply.ts'
import { asCommands } from '../../rdb/as-commands.ts'
import { readPayload } from '../../rdb/dump.ts'
import { RdbError } from '../../rdb/error.ts'
import type { RdbValue } from '../../rdb/value.ts'
import type { Entries, Entry } from './entry.ts'
import type { Link } from './link.ts'
import { type Refusal, shownKey } from './transfer.ts'

/** What was compared. */
export interface Verdict {
  same: number
  different: number
  /** The first ones. */
  readonly differences: Refusal[]
}

const TOLD = 20
/** The time to live may be counted from two clocks. */
const CLOSE_MS = 1000

/** Compares every entry with what the target has under its key. */
export async function verify(entries: Entries, target: Link, verdict: Verdict): Promise<void> {
  for await (const portion of entries) {
    const replies = await target.ask(portion.flatMap(({ key }) => [line('DUMP', key), line('PTTL', key)]))
    const now = systemClock.now()
    portion.forEach((entry, i) => {
      const [payload, ttl] = [replies[2 * i], replies[2 * i + 1]]
      const why =
        payload instanceof ReplyError
          ? payload.message
          : typeof payload === 'string'
            ? difference(entry, payload, Number(ttl) < 0 ? undefined : now + Number(ttl))
            : 'it is not there'
      if (why === undefined) verdict.same++
      else {
        verdict.different++
        if (verdict.differences.length < TOLD)
          verdict.differences.push({ db: entry.db, key: shownKey(entry.db, entry.key), why })
      }
    })
  }
}

const line = (command: string, key: Bytes): Argv => [raw(command), key]

function difference(entry: Entry, payload: Bytes, deadlineMs: number | undefined): string | undefined {
  const { deadlineMs: wanted } = entry
  if (wanted === undefined ? deadlineMs !== undefined : Math.abs(wanted - (deadlineMs ?? 0)) > CLOSE_MS) {
    return 'its deadline differs'
  }
  try {
    const there = readPayload(payload)
    return there !== undefined && sameValue(entry.value, there) ? undefined : 'its value differs'
  } catch (error) {
    if (error instanceof RdbError) return error.message
    throw error
  }
}

/** Whether two values are the same to every command that reads them. */
export function sameValue(one: RdbValue, other: RdbValue): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)]
  return a.length === b.length && a.every((word, i) => word === b[i])
}

/** A value as words; those of unordered collections in order. */
function wordsOf(value: RdbValue): readonly string[] {
  if (typeof value === 'object' && 'type' in value) {
    if (value.type === 'set') return ['set', ...value.members().toSorted()]
    if (value.type === 'hash') {
      const fields = value.fields().toSorted()
      return ['hash', ...fields.flatMap((field) => [field, value.get(field)!, `${value.deadline(field)}`])]
    }
  }
  return [...asCommands(raw('k'), value)].flatMap((argv) => [...argv, '\n'])
}
