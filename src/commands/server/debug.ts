/** DEBUG: what tests need of a server. One command whose first word is not a subcommand of the table, as in Redis. */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err, NO_SUCH_KEY } from '../../base/errors.ts'
import { OK, type Reply, type ReplyError, Status } from '../../base/reply.ts'
import { bytes, words } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { encodingOf } from '../generic/object.ts'
import { any } from '../shape.ts'

const REFUSED = err(
  'DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, otherwise you need to set this option in the configuration file, and then restart the server.',
)

const HELP = `DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
OBJECT <key>
    Show low level info about \`key\` and associated value.
SET-ACTIVE-EXPIRE <0|1>
    Setting it to 0 disables expiring keys in background when they are not
    accessed (otherwise the Redis behavior). Setting it to 1 reenables back the
    default.
SLEEP <seconds>
    Stop the server for <seconds>. Decimals allowed.
HELP
    Prints this help.`
  .split('\n')
  .map((line) => new Status(line))

type Run = (ctx: Context, words: Argv) => Reply

/** Seconds as C's strtod reads them: what stands in front counts, nothing is zero. */
const secondsOf = (word: Bytes): number => Number(/^[+-]?[0-9]*\.?[0-9]*(?:e[+-]?[0-9]+)?/i.exec(word)?.[0]) || 0

/** Lines of LRU clock and idle time stand as in Redis; there is no address, and no length in a format not yet written. */
function describeKey({ db, now, server }: Context, key: Bytes): Reply {
  const used = db.stampOf(key)
  const value = db.has(key) ? db.peek(key) : undefined
  if (value === undefined || used === undefined) throw NO_SUCH_KEY
  const idle = server.memory.isLfu ? 0 : Math.max(0, Math.floor(now / 1000) - used)
  return new Status(`Value refcount:1 encoding:${encodingOf(value)} lru:${used & 0xffffff} lru_seconds_idle:${idle}`)
}

/** Subcommands, each with its number of words. */
const SUBCOMMANDS: Readonly<Record<string, readonly [count: number, run: Run]>> = {
  HELP: [0, () => HELP],
  OBJECT: [1, (ctx, [key]) => describeKey(ctx, key!)],
  'SET-ACTIVE-EXPIRE': [
    1,
    ({ server }, [flag]) => {
      server.setActiveExpiry(Math.trunc(secondsOf(flag!)) !== 0)
      return OK
    },
  ],
  SLEEP: [
    1,
    ({ server }, [seconds]) => {
      server.sleep(Math.trunc(secondsOf(seconds!) * 1000))
      return OK
    },
  ],
}

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
    if (found === undefined || arg.length !== found[0]) {
      throw err(`unknown subcommand or wrong number of arguments for '${subcommand.slice(0, 128)}'. Try DEBUG HELP.`)
    }
    return found[1](ctx, arg)
  },
})
