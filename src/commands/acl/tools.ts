/** ACL CAT, DRYRUN and GENPASS: what helps to write rules. */
import { type Argv, type Bytes, raw, upToNul } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { OK, type Reply } from '../../base/reply.ts'
import { bytes, integer, optional, words } from '../args/nodes.ts'
import { CATEGORIES } from '../args/traits.ts'
import { command } from '../command.ts'
import { arrayOf, bulk } from '../shape.ts'
import { atMostOne } from './arity.ts'
import type { Refusal } from './port.ts'

const common = {
  group: 'server',
  flags: ['noscript', 'loading', 'stale'],
} as const

const NAMES = CATEGORIES.map(raw)

/** ACL CAT [categoryname] */
export const aclCat = command({
  ...common,
  name: 'ACL|CAT',
  since: '6.0.0',
  summary: 'Lists the categories, or the commands in one.',
  complexity: 'O(N), N commands in the category',
  args: [optional(bytes('categoryname'))],
  reply: arrayOf(bulk),
  fast: (_ctx, argv) => atMostOne(argv),
  run: ({ server }, { categoryname }) => {
    if (categoryname === undefined) return NAMES
    const found = server.acl.commandsIn(categoryname)
    if (found === undefined) throw err(`Unknown category '${upToNul(categoryname)}'`)
    return found.map(({ lowerName }) => raw(lowerName))
  },
})

const SUBJECT = { command: "run the '%' command", key: "access the '%' key", channel: "access the '%' channel" }

function told({ reason, at }: Refusal, name: string, argv: Argv): Bytes {
  const subject = SUBJECT[reason].replace('%', () => (reason === 'command' ? name : upToNul(argv[at]!)))
  return raw(`This user has no permissions to ${subject}`)
}

/** ACL DRYRUN username command [arg [arg ...]] */
export const aclDryrun = command({
  ...common,
  name: 'ACL|DRYRUN',
  since: '7.0.0',
  summary: 'Tells whether a user may run a line, without running it.',
  complexity: 'O(N), N patterns of the user',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: [bytes('username'), bytes('command'), words('arg')],
  reply: bulk,
  run: ({ server }, { username, command: name, arg }): Reply => {
    if (!server.acl.hasUser(username)) throw err(`User '${upToNul(username)}' not found`)
    const argv = [name, ...arg]
    const found = server.table.find(argv)
    if (found === undefined) throw err(`Command '${upToNul(name)}' not found`)
    if (!found.accepts(argv.length)) throw found.arityError
    const refusal = server.acl.rehearse(username, found, argv)
    return refusal === undefined ? OK : told(refusal, found.lowerName, argv)
  },
})

const BITS = 256
const MOST_BITS = 4096
const WRONG_BITS = err(
  `ACL GENPASS argument must be the number of bits for the output password, a positive number up to ${MOST_BITS}`,
)

/** ACL GENPASS [bits] */
export const aclGenpass = command({
  ...common,
  name: 'ACL|GENPASS',
  since: '6.0.0',
  summary: 'Makes a password that nobody guesses: random hexadecimal digits.',
  complexity: 'O(1)',
  args: [optional(integer('bits', { min: 1, max: MOST_BITS, outside: WRONG_BITS }))],
  reply: bulk,
  fast: (_ctx, argv) => atMostOne(argv),
  run: ({ random }, { bits = BITS }) => {
    const digits = Math.ceil(bits / 4)
    return raw(
      Buffer.from(random.bytes(Math.ceil(digits / 2)))
        .toString('hex')
        .slice(0, digits),
    )
  },
})
