/**
 * `--bigkeys`: the biggest key of each type, and how large keys are on average.
 *
 * The one idea: types and sizes of a whole portion of SCAN are asked in two round trips. Sizes are what the type's own
 * command counts: bytes, items, members, fields, entries.
 */
import { type Bytes, bytes } from '../../base/bytes.ts'
import { type Reply, Status } from '../../base/reply.ts'
import { quote } from '../../testing/cli-notation.ts'
import type { Connection } from './connection.ts'
import { accepted, portions, type ScanOptions } from './scan.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** What is known of the keys of one type. */
interface Tally {
  readonly type: string
  /** The command that measures, and what it counts; none for types of modules. */
  readonly command: string | undefined
  readonly unit: string
  keys: number
  total: number
  biggest: number
  biggestKey: Bytes | undefined
}

const KNOWN: readonly (readonly [type: string, command: string, unit: string])[] = [
  ['string', 'STRLEN', 'bytes'],
  ['list', 'LLEN', 'items'],
  ['set', 'SCARD', 'members'],
  ['zset', 'ZCARD', 'members'],
  ['hash', 'HLEN', 'fields'],
  ['stream', 'XLEN', 'entries'],
]

const HEAD = `
# Scanning the entire keyspace to find biggest keys as well as
# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec
# per 100 SCAN commands (not usually needed).

`

const SCANS_PER_REST = 100
const KEYS_PER_REPORT = 1_000_000

const newTally = (type: string, command?: string, unit = '?'): Tally => ({
  type,
  command,
  unit,
  keys: 0,
  total: 0,
  biggest: 0,
  biggestKey: undefined,
})

/** Looks at every key, saying what it finds as it goes, and sums up. */
export async function findBigKeys(
  session: Session,
  terminal: Terminal,
  options: ScanOptions,
  intervalMs: number,
): Promise<void> {
  const { connection } = session
  if (connection === undefined) return
  const all = Number(accepted(await connection.ask([bytes('DBSIZE')]), "Couldn't determine DBSIZE: "))
  await terminal.print(HEAD)
  const census = new Census(terminal, all)
  let scans = 0
  for await (const keys of portions(session, options)) {
    if (intervalMs > 0 && scans > 0 && scans % SCANS_PER_REST === 0) await terminal.wait(intervalMs)
    scans++
    census.beginPortion()
    const types = (await askEach(connection, keys, () => 'TYPE')).map(typeName)
    const sizes = await askEach(connection, keys, (at) => census.tally(types[at]!).command)
    for (const [at, key] of keys.entries()) await census.count(key, types[at]!, sizes[at]!)
  }
  await terminal.print(census.summary())
}

/** One command per key, all at once; null where there is none. */
async function askEach(
  connection: Connection,
  keys: readonly Bytes[],
  commandOf: (at: number) => string | undefined,
): Promise<Reply[]> {
  const asked = keys.map((key, at) => {
    const name = commandOf(at)
    if (name !== undefined) connection.send([bytes(name), key])
    return name !== undefined
  })
  const replies: Reply[] = []
  for (const isAsked of asked) replies.push(isAsked ? await connection.next() : null)
  return replies
}

const typeName = (reply: Reply): string => (reply instanceof Status ? reply.text : 'none')

class Census {
  readonly #terminal: Terminal
  readonly #all: number
  readonly #tallies = new Map(KNOWN.map(([type, command, unit]) => [type, newTally(type, command, unit)]))
  #keys = 0
  #keysBefore = 0
  #nameBytes = 0

  constructor(terminal: Terminal, all: number) {
    this.#terminal = terminal
    this.#all = all
  }

  /** What is reported of a portion stands at its beginning. */
  beginPortion(): void {
    this.#keysBefore = this.#keys
  }

  tally(type: string): Tally {
    let tally = this.#tallies.get(type)
    if (tally === undefined) {
      tally = newTally(type)
      if (type !== 'none') this.#tallies.set(type, tally)
    }
    return tally
  }

  /** Counts a key; a key that is gone since it was scanned, or changed its type, is left out. */
  async count(key: Bytes, type: string, size: Reply): Promise<void> {
    if (type === 'none' || (size !== null && typeof size !== 'number')) return
    const tally = this.tally(type)
    const is = size ?? 0
    if (is > tally.biggest) {
      tally.biggest = is
      tally.biggestKey = key
      const what = `${tally.type.padEnd(6)} found so far '${quote(key)}' with ${is} ${tally.unit}`
      await this.#terminal.print(`[${percent(this.#keysBefore, this.#all)}] Biggest ${what}\n`)
    }
    tally.keys++
    tally.total += is
    this.#nameBytes += key.length
    if (++this.#keys % KEYS_PER_REPORT === 0) {
      await this.#terminal.print(`[${percent(this.#keys, this.#all)}] Sampled ${this.#keys} keys so far\n`)
    }
  }

  summary(): string {
    const tallies = [...this.#tallies.values()]
    const records = tallies
      .filter(({ biggestKey }) => biggestKey !== undefined)
      .map(
        (one) => `Biggest ${one.type.padStart(6)} found '${quote(one.biggestKey!)}' has ${one.biggest} ${one.unit}\n`,
      )
    const sums = tallies.map(({ type, keys, total, unit }) => {
      const share = `${percent(keys, this.#keys)} of keys, avg size ${average(total, keys)}`
      return `${keys} ${type}s with ${total} ${unit} (${share})\n`
    })
    return `
-------- summary -------

Sampled ${this.#keys} keys in the keyspace!
Total key length in bytes is ${this.#nameBytes} (avg len ${average(this.#nameBytes, this.#keys)})

${records.join('')}
${sums.join('')}`
  }
}

const average = (sum: number, count: number): string => (count === 0 ? 0 : sum / count).toFixed(2)

/** `05.00%`. */
const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : Math.min(100, (100 * part) / whole)).toFixed(2).padStart(5, '0')}%`
