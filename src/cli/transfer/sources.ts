/**
 * Where keys come from: servers, and files.
 *
 * The one idea: a generator of portions, which holds no more than one. A key comes once, though SCAN may say it twice; of a
 * server that is written to meanwhile each key is as it was when it was read.
 */
import { type Bytes, bytes, raw } from '../../base/bytes.ts'
import { systemClock } from '../../base/clock.ts'
import { matchGlob } from '../../base/glob.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import { RdbError } from '../../rdb/error.ts'
import { readRdb } from '../../rdb/rdb-reader.ts'
import { type Entries, Entry } from './entry.ts'
import { TransferError } from './error.ts'
import { type Link, scanned } from './link.ts'

/** Which keys. */
export interface Selection {
  /** A glob, as SCAN takes it. */
  readonly match: string | undefined
  /** Databases; all when undefined. */
  readonly dbs: ReadonlySet<number> | undefined
  /** Keys at a time. */
  readonly batch: number
}

/** Words of an error that say that a command is not known. */
const UNKNOWN = /unknown command/i

/** Every key of a server's database. */
export async function* keysOfServer(link: Link, db: number, { match, batch }: Selection): Entries {
  const seen = new SeenKeys()
  const rest = [...(match === undefined ? [] : [raw('MATCH'), bytes(match)]), raw('COUNT'), raw(`${batch}`)]
  const times = new ExpireTimes()
  for (const node of await link.nodes()) {
    for (let cursor = '0'; ; ) {
      const [reply] = await node.ask([[raw('SCAN'), raw(cursor), ...rest]])
      const portion = scanned(reply)
      const keys = portion.keys.filter((key): key is Bytes => typeof key === 'string').filter((key) => seen.add(key))
      // A table that has grown and shrunk may give very many at once.
      for (let from = 0; from < keys.length; from += batch) {
        yield await read(link, db, keys.slice(from, from + batch), times)
      }
      if (portion.cursor === '0') break
      cursor = portion.cursor
    }
  }
}

/** Reads keys that may have gone since they were scanned. */
async function read(link: Link, db: number, keys: readonly Bytes[], times: ExpireTimes): Promise<Entry[]> {
  if (times.isAbsolute === undefined) {
    const [probe] = await link.ask([[raw('PEXPIRETIME'), raw('')]])
    times.isAbsolute = !(probe instanceof ReplyError && UNKNOWN.test(probe.message))
  }
  const command = raw(times.isAbsolute ? 'PEXPIRETIME' : 'PTTL')
  const replies = await link.ask(
    keys.flatMap((key) => [
      [raw('DUMP'), key],
      [command, key],
    ]),
  )
  return keys.flatMap((key, i) => {
    const [payload, time] = [accepted(replies[2 * i]), accepted(replies[2 * i + 1])]
    if (typeof payload !== 'string') return []
    return [new Entry({ db, key, deadlineMs: times.deadline(Number(time)) }, { payload })]
  })
}

function accepted(reply: Reply | undefined): Reply {
  if (reply instanceof ReplyError) throw new TransferError(`The source answered: ${reply.message}`)
  return reply ?? null
}

/** How a server tells deadlines: the moment (since Redis 7.0), or how far off it is. */
class ExpireTimes {
  isAbsolute: boolean | undefined = undefined

  deadline(time: number): number | undefined {
    if (time < 0) return undefined
    return this.isAbsolute === true ? time : systemClock.now() + time
  }
}

/** Keys that have come. A Set of V8 ends at 2^24 entries, so there may be several. */
class SeenKeys {
  readonly #full: Set<Bytes>[] = []
  #keys = new Set<Bytes>()

  /** False when it has come before. */
  add(key: Bytes): boolean {
    if (this.#keys.has(key) || this.#full.some((keys) => keys.has(key))) return false
    if (this.#keys.size >= SET_LIMIT) {
      this.#full.push(this.#keys)
      this.#keys = new Set()
    }
    this.#keys.add(key)
    return true
  }
}

const SET_LIMIT = 2 ** 23

/** What a file's keys are told by besides. */
export interface FileKeys {
  /** Keys left out since their deadline has passed. */
  expired: number
}

/** Every key of a snapshot. Its checksum is right: whoever calls has looked. Throws `TransferError`. */
export async function* keysOfSnapshot(file: Uint8Array, path: string, selection: Selection, told: FileKeys): Entries {
  const { batch, dbs } = selection
  const pattern = selection.match === undefined ? undefined : bytes(selection.match)
  let entries: Entry[] = []
  try {
    for (const record of readRdb(file)) {
      if (record.kind !== 'key' || (dbs !== undefined && !dbs.has(record.db))) continue
      if (pattern !== undefined && !matchGlob(pattern, record.key)) continue
      if (record.deadlineMs !== undefined && record.deadlineMs <= systemClock.now()) {
        told.expired++
        continue
      }
      entries.push(new Entry(record, record))
      if (entries.length < batch) continue
      yield entries
      entries = []
    }
  } catch (error) {
    if (error instanceof RdbError) throw new TransferError(`${path}: ${error.message}`, error)
    throw error
  }
  if (entries.length > 0) yield entries
}
