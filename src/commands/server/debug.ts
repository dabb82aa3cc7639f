/** DEBUG: what tests need of a server. One command whose first word is not a subcommand of the table, as in Redis. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err, NO_SUCH_KEY } from '../../base/errors.ts'
import { OK, type Reply, ReplyError, Status } from '../../base/reply.ts'
import { dumpPayload } from '../../rdb/dump.ts'
import { DUMP_FOOTER_BYTES } from '../../rdb/format.ts'
import { bytes, words } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { encodingOf } from '../generic/object.ts'
import { helpLines } from '../help.ts'
import { any } from '../shape.ts'
import { populate, sampleOf } from './debug-data.ts'
import { loadLog, reload } from './debug-reload.ts'
import { digestOf, digestOfValue } from './digest.ts'

const REFUSED = err(
  'DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
)

const HELP = helpLines('DEBUG', [
  ['DIGEST', 'A fingerprint of all data: equal for equal data.'],
  ['DIGEST-VALUE <key> [<key> ...]', 'A fingerprint of each value.'],
  ['ERROR <string>', 'Answer <string> as an error.'],
  ['LOADAOF', 'Write out the log, forget all data and load the log.'],
  ['OBJECT <key>', 'How the value at <key> is held.'],
  [
    'POPULATE <count> [<prefix>] [<size>]',
    'Make keys <prefix>:0 and up (key:0 when not said) that hold a string each,',
    'of <size> bytes.',
  ],
  [
    'PROTOCOL <type>',
    'Answer a sample of <type>: string, integer, double, bignum, null, array,',
    'set, map, attrib, push, verbatim, true, false.',
  ],
  [
    'RELOAD [MERGE] [NOFLUSH] [NOSAVE]',
    'Write the RDB file, forget everything and load it. NOSAVE: load the file as it is. NOFLUSH:',
    'forget nothing. MERGE: keys that are there are replaced.',
  ],
  ['SET-ACTIVE-EXPIRE <0|1>', 'With 0, expired keys are only removed when they are met.'],
  ['SLEEP <seconds>', 'Stop everything for <seconds>, which may be a fraction.'],
])

type Run = (ctx: Context, words: Argv) => Reply

/** Seconds as C's strtod reads them: what stands in front counts, nothing is zero. */
const secondsOf = (word: Bytes): number => Number(/^[+-]?[0-9]*\.?[0-9]*(?:e[+-]?[0-9]+)?/i.exec(word)?.[0]) || 0

/** The type in front of a payload, and the footer behind it: what `serializedlength` does not count. */
const AROUND_PAYLOAD = 1 + DUMP_FOOTER_BYTES

/** As in Redis, but for the address, which a value does not have. */
function describeKey({ db, now, server }: Context, key: Bytes): Reply {
  const used = db.stampOf(key)
  const value = db.has(key) ? db.peek(key) : undefined
  if (value === undefined || used === undefined) throw NO_SUCH_KEY
  const idle = server.memory.isLfu ? 0 : Math.max(0, Math.floor(now / 1000) - used)
  const length = dumpPayload(value).length - AROUND_PAYLOAD
  return new Status(
    `Value refcount:1 encoding:${encodingOf(value)} serializedlength:${length} lru:${used & 0xffffff} lru_seconds_idle:${idle}`,
  )
}

/** Subcommands, each with the least and the greatest number of words behind it. */
const SUBCOMMANDS: Readonly<Record<string, readonly [least: number, most: number, run: Run]>> = {
  HELP: [0, 0, () => HELP],
  DIGEST: [0, 0, ({ keyspace }) => new Status(digestOf(keyspace.databases))],
  'DIGEST-VALUE': [0, Infinity, ({ db }, keys) => keys.map((key) => new Status(digestOfValue(db, key)))],
  ERROR: [1, 1, (_, [text]) => new ReplyError(oneLine(text!))],
  LOADAOF: [0, Infinity, loadLog],
  OBJECT: [1, 1, (ctx, [key]) => describeKey(ctx, key!)],
  POPULATE: [1, 3, populate],
  PROTOCOL: [1, 1, (ctx, [type]) => sampleOf(ctx, type!)],
  RELOAD: [0, Infinity, reload],
  'SET-ACTIVE-EXPIRE': [
    1,
    1,
    ({ server }, [flag]) => {
      server.setActiveExpiry(Math.trunc(secondsOf(flag!)) !== 0)
      return OK
    },
  ],
  SLEEP: [
    1,
    1,
    ({ server }, [seconds]) => {
      server.sleep(Math.trunc(secondsOf(seconds!) * 1000))
      return OK
    },
  ],
}

/** An error is one line: Redis puts a blank for each char that would end it. */
const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ')

/** Why this client may not use DEBUG, if so. Asked before a password or MULTI's queue are. */
export function debugRefusal({ client, server }: Context): ReplyError | undefined {
  const allowed = server.config.get('enable-debug-command')
  if (allowed === 'yes') return undefined
  const { address } = client.outlet.describe()
  const near = address.startsWith('127.') || address.startsWith('[::1]') || address.startsWith('/')
  return allowed === 'local' && near ? undefined : REFUSED
}

/** DEBUG subcommand [arg [arg ...]] */
export const debug = command({
  name: 'DEBUG',
  group: 'server',
  since: '1.0.0',
  summary: 'Does what tests need: sleeps, stops expiry, looks into a value.',
  complexity: 'Depends on the subcommand',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: [bytes('subcommand'), words('arg')],
  reply: any,
  run: (ctx, { subcommand, arg }) => {
    const refusal = debugRefusal(ctx)
    if (refusal !== undefined) throw refusal
    const found = SUBCOMMANDS[upper(subcommand)]
    if (found === undefined || arg.length < found[0] || arg.length > found[1]) {
      throw err(`unknown subcommand or wrong number of arguments for '${subcommand.slice(0, 128)}'. Try DEBUG HELP.`)
    }
    return found[2](ctx, arg)
  },
})
