/**
 * Command lines under a prefix: every key, pattern and channel among the words gets it.
 *
 * The one idea: the grammar's key specs say where keys stand. What they can't say stands here: patterns, channels, and
 * commands that are about all keys, which nobody runs who sees only his own.
 */
import { type Argv, type Bytes, raw, text, upper } from '../../base/bytes.ts'
import { type KeySpec, keyPositions } from '../../commands/args/key-specs.ts'
import type { Command } from '../../commands/command.ts'
import { BackendError } from '../backend.ts'
import { channelIn, channelPatternIn, patternIn } from './channels.ts'

/** The line as the store gets it; throws for commands that can't be held to some keys. */
export function underPrefix(prefix: Bytes, command: Command | undefined, argv: Argv): Argv {
  if (command === undefined) return unknownUnder(prefix, argv)
  const why = REFUSED[command.name]
  if (why !== undefined) throw refused(command.name, why)
  const special = SPECIAL[command.name]
  if (special !== undefined) return special(prefix, argv)
  return command.keySpecs.length === 0 ? argv : atKeys(prefix, command.keySpecs, argv)
}

/** Commands about all keys of a store, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  FLUSHDB: 'it removes all keys: db.deleteAll() removes those under the prefix',
  FLUSHALL: 'it removes all keys: db.deleteAll() removes those under the prefix',
  SWAPDB: 'it exchanges all keys',
  DBSIZE: 'it counts all keys: walk db.scan() and count',
  DEBUG: 'its words name keys in many ways',
  'CLUSTER|GETKEYSINSLOT': 'it lists keys of others too',
  'CLUSTER|COUNTKEYSINSLOT': 'it counts keys of others too',
}

const refused = (name: string, why: string): BackendError =>
  new BackendError('UNSUPPORTED', `${name} can't run under a key prefix: ${why}.`)

type Rewrite = (prefix: Bytes, argv: Argv) => Argv

const atKeys = (prefix: Bytes, specs: readonly KeySpec[], argv: Argv): Argv => {
  // Words that don't fit are for the store to refuse.
  const places = new Set((keyPositions(specs, argv) ?? []).map(({ at }) => at))
  return argv.map((word, i) => (places.has(i) ? raw(prefix + word) : word))
}

const channels: Rewrite = (prefix, argv) => argv.map((word, i) => (i === 0 ? word : channelIn(prefix, word)))

const patterns: Rewrite = (prefix, argv) => argv.map((word, i) => (i === 0 ? word : channelPatternIn(prefix, word)))

const channelCounts: Rewrite = (prefix, argv) => argv.map((word, i) => (i < 2 ? word : channelIn(prefix, word)))

/** Without a pattern all channels are meant: all under the prefix. */
const channelList: Rewrite = (prefix, argv) => [
  ...argv.slice(0, 2),
  channelPatternIn(prefix, argv[2] ?? raw('*')),
  ...argv.slice(3),
]

/** SCAN cursor [MATCH pattern] …: every option has one word. */
const scan: Rewrite = (prefix, argv) => {
  const found = argv.map((word, i) =>
    i > 2 && i % 2 === 1 && upper(argv[i - 1]!) === 'MATCH' ? patternIn(prefix, word) : word,
  )
  const matches = argv.some((word, i) => i > 1 && i % 2 === 0 && upper(word) === 'MATCH')
  return matches || argv.length % 2 === 1 ? found : [...found, raw('MATCH'), patternIn(prefix, raw('*'))]
}

/** SORT key …: BY and GET name keys by patterns of their own kind, which know no quoting. */
const sort: Rewrite = (prefix, argv) => {
  const out = [...argv]
  if (out.length > 1) out[1] = raw(prefix + out[1])
  for (let i = 2; i + 1 < out.length; i++) {
    const word = upper(out[i]!)
    if (word === 'LIMIT') i += 2
    else if (word === 'STORE') out[++i] = raw(prefix + out[i])
    else if ((word === 'BY' || word === 'GET') && out[++i] !== '#') out[i] = raw(starless(prefix) + out[i])
  }
  return out
}

function starless(prefix: Bytes): Bytes {
  if (!prefix.includes('*')) return prefix
  throw refused(
    'SORT with BY or GET',
    `a * in the prefix ${JSON.stringify(text(prefix))} would be taken for the element's`,
  )
}

/** GEORADIUS and kin: of several STOREs the last counts, so all of them get the prefix. */
const georadius =
  (from: number): Rewrite =>
  (prefix, argv) =>
    argv.map((word, i) => {
      const isKey = i === 1 || (i > from && /^STORE(DIST)?$/.test(upper(argv[i - 1]!)))
      return isKey ? raw(prefix + word) : word
    })

/** What stands behind the key specs, or has none. */
const SPECIAL: Readonly<Record<string, Rewrite>> = {
  KEYS: (prefix, argv) => argv.map((word, i) => (i === 1 ? patternIn(prefix, word) : word)),
  SCAN: scan,
  SORT: sort,
  SORT_RO: sort,
  GEORADIUS: georadius(6),
  GEORADIUSBYMEMBER: georadius(5),
  PUBLISH: (prefix, argv) => argv.map((word, i) => (i === 1 ? channelIn(prefix, word) : word)),
  SUBSCRIBE: channels,
  UNSUBSCRIBE: channels,
  PSUBSCRIBE: patterns,
  PUNSUBSCRIBE: patterns,
  SSUBSCRIBE: channels,
  SUNSUBSCRIBE: channels,
  SPUBLISH: (prefix, argv) => argv.map((word, i) => (i === 1 ? channelIn(prefix, word) : word)),
  'PUBSUB|CHANNELS': channelList,
  'PUBSUB|SHARDCHANNELS': channelList,
  'PUBSUB|NUMSUB': channelCounts,
  'PUBSUB|SHARDNUMSUB': channelCounts,
  'CLUSTER|KEYSLOT': (prefix, argv) => argv.map((word, i) => (i === 2 ? raw(prefix + word) : word)),
}

/** Scripts, which our table may lack: their keys are counted. */
const COUNTED: ReadonlySet<string> = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO'])
const KEYLESS: ReadonlySet<string> = new Set(['SCRIPT', 'FUNCTION'])

const COUNTED_KEYS: readonly KeySpec[] = [{ flags: [], begin: { index: 2 }, find: { numAt: 0, firstAt: 1, step: 1 } }]

function unknownUnder(prefix: Bytes, argv: Argv): Argv {
  const name = upper(argv[0]!)
  if (COUNTED.has(name)) return atKeys(prefix, COUNTED_KEYS, argv)
  if (KEYLESS.has(name)) return argv
  throw refused(text(name), 'it is not known which of its words are keys')
}
