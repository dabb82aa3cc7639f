/** ROLE and WAIT: what a server without replicas says of itself. */
import { raw } from '../../base/bytes.ts'
import { err, NOT_AN_INTEGER } from '../../base/errors.ts'
import { integer } from '../args/nodes.ts'
import { command } from '../command.ts'
import { Block } from '../outcome.ts'
import { any, arrayOf, int } from '../shape.ts'

const NO_MASTER = err(
  'WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable (which is not the default) writes to replicas are just local and are not propagated.',
)
const NO_TIMEOUT = err('timeout is not an integer or out of range')
const NEGATIVE = err('timeout is negative')

/** ROLE */
export const role = command({
  name: 'ROLE',
  group: 'server',
  since: '2.8.12',
  summary: 'Tells whether the server is a master, and who follows it; or whom it follows.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  args: [],
  reply: arrayOf(any),
  run: ({ keyspace }) =>
    keyspace.role === 'primary' ? [raw('master'), 0, []] : [raw('slave'), raw(''), 0, raw('connect'), -1],
})

/** WAIT numreplicas timeout */
export const wait = command({
  name: 'WAIT',
  group: 'generic',
  since: '3.0.0',
  summary: 'Waits until so many replicas have what this client wrote, or for so many milliseconds.',
  complexity: 'O(1)',
  flags: ['noscript'],
  acl: ['connection'],
  override: { groupAcl: [] },
  tips: ['request_policy:all_shards', 'response_policy:agg_min'],
  args: [
    integer('numreplicas', { invalid: NOT_AN_INTEGER }),
    integer('timeout', { min: 0, invalid: NO_TIMEOUT, outside: NEGATIVE }),
  ],
  reply: int,
  run: ({ keyspace, denyBlocking }, { numreplicas, timeout }) => {
    if (keyspace.role !== 'primary') throw NO_MASTER
    // Nobody follows, so only the end of the time can answer.
    return numreplicas <= 0 || denyBlocking ? 0 : new Block([], 'list', timeout, 0)
  },
})
