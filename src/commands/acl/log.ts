/** ACL LOG, LOAD and SAVE: what was refused, and the file of users. */
import { raw, upper } from '../../base/bytes.ts'
import { Double, MapReply, OK, type Reply } from '../../base/reply.ts'
import { flag, integer, oneOf, optional } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, dbl, int, ok, record, when } from '../shape.ts'
import { atMostOne } from './arity.ts'
import type { AclLogEntry } from './port.ts'

const common = {
  group: 'server',
  flags: ['admin', 'noscript', 'loading', 'stale'],
} as const

/** How many entries are shown unless a number is given. */
const SHOWN = 10

const entryReply = (entry: AclLogEntry): Reply =>
  new MapReply([
    raw('count'),
    entry.count,
    raw('reason'),
    raw(entry.reason),
    raw('context'),
    raw(entry.context),
    raw('object'),
    entry.object,
    raw('username'),
    entry.username,
    raw('age-seconds'),
    new Double(entry.ageMs / 1000),
    raw('client-info'),
    entry.clientInfo,
  ])

const ENTRY = {
  count: int,
  reason: bulk,
  context: bulk,
  object: bulk,
  username: bulk,
  'age-seconds': dbl,
  'client-info': bulk,
}

/** ACL LOG [count | RESET] */
export const aclLog = command({
  ...common,
  name: 'ACL|LOG',
  since: '6.0.0',
  summary: 'Shows what users were refused, newest first, or forgets it.',
  complexity: 'O(N), N entries shown',
  args: oneOf('operation', optional(integer('count')), flag('RESET')),
  parse: (argv) => {
    atMostOne(argv)
    const word = argv[2]
    if (word === undefined) return {}
    return upper(word) === 'RESET' ? { reset: true as const } : { count: readInteger(word) }
  },
  reply: when(arrayOf(record(ENTRY)), { reset: ok }),
  run: ({ server }, { count = SHOWN, reset }) => {
    if (reset !== undefined) {
      server.acl.resetLog()
      return OK
    }
    return server.acl.logged(Math.max(count, 0)).map(entryReply)
  },
})

/** ACL LOAD */
export const aclLoad = command({
  ...common,
  name: 'ACL|LOAD',
  since: '6.0.0',
  summary: 'Reads the users from the ACL file again and closes the connections of all but the default one.',
  complexity: 'O(N), N users',
  args: [],
  reply: ok,
  run: ({ server, client }) => {
    server.acl.load(client)
    return OK
  },
})

/** ACL SAVE */
export const aclSave = command({
  ...common,
  name: 'ACL|SAVE',
  since: '6.0.0',
  summary: 'Writes the users to the ACL file.',
  complexity: 'O(N), N users',
  args: [],
  reply: ok,
  run: ({ server }) => {
    server.acl.save()
    return OK
  },
})
