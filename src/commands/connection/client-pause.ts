/** CLIENT PAUSE and UNPAUSE: everyone's commands wait. */
import { upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import { choice, integer, optional } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { ok } from '../shape.ts'

const BAD_MODE = err('CLIENT PAUSE mode must be WRITE or ALL')
const NO_NUMBER = err('timeout is not an integer or out of range')
const NEGATIVE = err('timeout is negative')
/** Where the moment at which it would end leaves 64 bits, Redis' counter turns over, and the pause has ended. */
const LAST_MOMENT = 2 ** 63

const common = {
  group: 'connection',
  flags: ['admin', 'noscript', 'loading', 'stale'],
} as const

function readMode(word: string): 'WRITE' | 'ALL' {
  if (word !== 'WRITE' && word !== 'ALL') throw BAD_MODE
  return word
}

/** CLIENT PAUSE timeout [WRITE | ALL] */
export const clientPause = command({
  ...common,
  name: 'CLIENT|PAUSE',
  since: '2.9.50',
  summary: 'Lets the commands of all connections wait for some milliseconds, or only those that write.',
  complexity: 'O(1)',
  args: [
    integer('timeout', { min: 0, invalid: NO_NUMBER, outside: NEGATIVE }),
    optional(choice('mode', ['WRITE', 'ALL'], BAD_MODE)),
  ],
  // The mode is read before the number.
  parse: (argv) => {
    if (argv.length > 4) {
      throw err(`unknown subcommand or wrong number of arguments for '${argv[1]!}'. Try CLIENT HELP.`)
    }
    const mode = argv[3] === undefined ? undefined : readMode(upper(argv[3]))
    return { timeout: readInteger(argv[2]!, { min: 0, invalid: NO_NUMBER, outside: NEGATIVE }), mode }
  },
  reply: ok,
  run: ({ server, now }, { timeout, mode }) => {
    const until = now + timeout
    server.pause.begin(timeout === 0 || until >= LAST_MOMENT ? 0 : until, mode !== 'WRITE')
    return OK
  },
})

/** CLIENT UNPAUSE */
export const clientUnpause = command({
  ...common,
  name: 'CLIENT|UNPAUSE',
  since: '6.2.0',
  summary: 'Ends what CLIENT PAUSE began.',
  complexity: 'O(N), N connections that wait',
  args: [],
  reply: ok,
  run: ({ server }) => {
    server.pause.end()
    return OK
  },
})
