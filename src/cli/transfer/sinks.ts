/**
 * Where keys go: servers, snapshot files, lines of JSON.
 *
 * The one idea: a sink takes a portion and says of each key what became of it. A server gets the payload as it is; one that
 * does not take it gets ours, in an older version, and one that takes none gets commands.
 */
import type { Bytes } from '../../base/bytes.ts'
import { type Argv, bytes, raw, toBuffer } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import { asCommands } from '../../rdb/as-commands.ts'
import { RdbError } from '../../rdb/error.ts'
import type { Entry } from './entry.ts'
import type { Link } from './link.ts'

/** What became of a key: written, left since it was there, or refused with these words. */
export type Fate = 'written' | 'exists' | { readonly refused: string }

export interface Sink {
  /** What became of each, in order. */
  write(entries: readonly Entry[]): Promise<readonly Fate[]>
  /** The end: what was written is whole. */
  finish(): Promise<void>
  /** The transfer was given up: nothing half-done stays that would look whole. */
  abandon(): Promise<void>
}

/** What makes another form worth a try: another version, a command that is renamed or not allowed. */
const TRY_COMMANDS = /unknown command|NOPERM|DUMP payload version|Bad data format/i
const OTHER_VERSION = /DUMP payload version|Bad data format/i

/** Writes into one database of a server. */
export class ServerSink implements Sink {
  readonly #link: Link
  readonly #replace: boolean

  constructor(link: Link, replace: boolean) {
    this.#link = link
    this.#replace = replace
  }

  async write(entries: readonly Entry[]): Promise<readonly Fate[]> {
    const fates = new Map<Entry, Fate>()
    const reply = await this.#restore(entries, fates, ({ payload }) => payload)
    const older = entries.filter((entry) => OTHER_VERSION.test(refusalOf(reply.get(entry))))
    const again = older.length === 0 ? reply : await this.#restore(older, fates, ({ ownPayload }) => ownPayload)
    for (const entry of entries) {
      const refusal = again.get(entry) ?? reply.get(entry)
      if (refusal instanceof ReplyError && TRY_COMMANDS.test(refusal.message)) {
        fates.set(entry, await this.#byCommands(entry))
      }
    }
    return entries.map((entry) => fates.get(entry) ?? 'written')
  }

  async finish(): Promise<void> {}

  async abandon(): Promise<void> {}

  /** The replies to RESTORE, and what follows from them. A payload that cannot be made is the key's fate. */
  async #restore(
    entries: readonly Entry[],
    fates: Map<Entry, Fate>,
    payloadOf: (entry: Entry) => Bytes,
  ): Promise<Map<Entry, Reply>> {
    const sent = entries.flatMap((entry) => {
      try {
        return [{ entry, line: restoreLine(entry, payloadOf(entry), this.#replace) }]
      } catch (error) {
        fates.set(entry, { refused: reasonOf(error) })
        return []
      }
    })
    const replies = await this.#link.ask(sent.map(({ line }) => line))
    sent.forEach(({ entry }, i) => {
      fates.set(entry, fateOf(replies[i] ?? null))
    })
    return new Map(sent.map(({ entry }, i) => [entry, replies[i] ?? null]))
  }

  /** As one unit, so that nobody sees half a key. */
  async #byCommands(entry: Entry): Promise<Fate> {
    const { key, deadlineMs } = entry
    if (!this.#replace) {
      const [there] = await this.#link.ask([[raw('EXISTS'), key]])
      if (there === 1) return 'exists'
    }
    try {
      const lines: Argv[] = [[raw('DEL'), key], ...asCommands(key, entry.value)]
      if (deadlineMs !== undefined) lines.push([raw('PEXPIREAT'), key, raw(`${deadlineMs}`)])
      const replies = await this.#link.ask([[raw('MULTI')], ...lines, [raw('EXEC')]])
      const [last] = replies.slice(-1)
      const inside = Array.isArray(last) ? last : [last]
      const refusal = [...replies, ...inside].find((reply) => reply instanceof ReplyError)
      if (refusal === undefined) return 'written'
      if (Array.isArray(last)) await this.#link.ask([[raw('DEL'), key]])
      return { refused: refusal.message }
    } catch (error) {
      return { refused: reasonOf(error) }
    }
  }
}

function restoreLine({ key, deadlineMs }: Entry, payload: Bytes, replace: boolean): Argv {
  const line = [raw('RESTORE'), key, raw(`${deadlineMs ?? 0}`), payload, raw('ABSTTL')]
  return replace ? [...line, raw('REPLACE')] : line
}

const refusalOf = (reply: Reply | undefined): string => (reply instanceof ReplyError ? reply.message : '')

function fateOf(reply: Reply): Fate {
  if (!(reply instanceof ReplyError)) return 'written'
  return reply.message.startsWith('BUSYKEY') ? 'exists' : { refused: reply.message }
}

/** What keeps a value from being written in this form; anything else is thrown on. */
function reasonOf(error: unknown): string {
  if (error instanceof RdbError) return error.message
  throw error
}

/** Text where it is UTF-8, else `{"base64": …}`. */
export function jsonOf(word: Bytes): string | { readonly base64: string } {
  const buffer = toBuffer(word)
  const text = buffer.toString('utf8')
  return bytes(text) === word ? text : { base64: buffer.toString('base64') }
}
