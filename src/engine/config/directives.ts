/**
 * The directives of redis.conf that mean something here, with Redis' defaults.
 *
 * The one idea: a table. No directive is accepted and then ignored, so nobody believes in a limit that isn't kept: what is
 * not here is settled to one value (`settled.ts`) or refused with a reason (`refused.ts`).
 */

import { POLICIES } from '../memory/policies.ts'
import type { Directive } from './directive.ts'
import {
  anyText,
  clampedTo,
  eventLetters,
  integerIn,
  type Kind,
  octal,
  oneOfWords,
  outputLimits,
  percentiles,
  processTitle,
  sizeIn,
  sizeOrPercent,
  yesNo,
} from './kinds.ts'
import { LIBRARY_DIRECTIVES } from './library-directives.ts'
import { PERSISTENCE_DIRECTIVES } from './persistence-directives.ts'
import { SETTLEMENTS } from './settled.ts'

const INT_MAX = 2147483647
const LONG_MAX = 9223372036854775807n
/** V8's longest string: 24 bytes short of 512 MB. */
const LONGEST_BULK = 536870888

const NO_PORT = 'Unable to listen on this port. Check server logs.'
const NO_TLS = 'Unable to update TLS configuration. Check server logs.'
const port = (name: string, initial: string, unapplied: string): Directive => ({
  name,
  initial,
  kind: integerIn(0, 65535),
  unapplied,
})
const tls = (name: string, initial = '', kind: Kind = anyText): Directive => ({
  name,
  initial,
  kind,
  unapplied: NO_TLS,
})
const entries = (name: string, alias: string, initial: string): Directive => ({
  name,
  alias,
  initial,
  kind: integerIn(0, LONG_MAX),
})

const NETWORK: readonly Directive[] = [
  port('port', '6379', NO_PORT),
  { name: 'bind', initial: '* -::*', kind: anyText, unapplied: 'Failed to bind to specified addresses.' },
  { name: 'unixsocket', initial: '', kind: anyText, immutable: true },
  { name: 'unixsocketperm', initial: '0', kind: octal, immutable: true },
  { name: 'protected-mode', initial: 'yes', kind: yesNo },
  { name: 'tcp-backlog', initial: '511', kind: integerIn(0, INT_MAX), immutable: true },
  { name: 'tcp-keepalive', initial: '300', kind: integerIn(0, INT_MAX) },
  { name: 'timeout', initial: '0', kind: integerIn(0, INT_MAX) },
  { name: 'maxclients', initial: '10000', kind: integerIn(1, 4294967295) },
  {
    name: 'proto-max-bulk-len',
    initial: `${LONGEST_BULK}`,
    kind: sizeIn(1048576, LONGEST_BULK),
  },
  { name: 'client-query-buffer-limit', initial: '1073741824', kind: sizeIn(1048576, LONG_MAX) },
  {
    name: 'client-output-buffer-limit',
    initial: 'normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60',
    kind: outputLimits,
  },
]

const TLS: readonly Directive[] = [
  port('tls-port', '0', NO_TLS),
  tls('tls-cert-file'),
  tls('tls-key-file'),
  tls('tls-key-file-pass'),
  tls('tls-ca-cert-file'),
  tls('tls-auth-clients', 'yes', oneOfWords('no', 'yes', 'optional')),
]

const GENERAL: readonly Directive[] = [
  { name: 'databases', initial: '16', kind: integerIn(1, INT_MAX), immutable: true },
  { name: 'requirepass', initial: '', kind: anyText },
  { name: 'loglevel', initial: 'notice', kind: oneOfWords('debug', 'verbose', 'notice', 'warning') },
  { name: 'logfile', initial: '', kind: anyText, immutable: true },
  { name: 'pidfile', initial: '', kind: anyText, immutable: true },
  { name: 'set-proc-title', initial: 'yes', kind: yesNo, immutable: true },
  {
    name: 'proc-title-template',
    initial: '{title} {listen-addr} {server-mode}',
    kind: processTitle,
    unapplied: 'the process is not its own',
  },
  { name: 'enable-debug-command', initial: 'no', kind: oneOfWords('no', 'yes', 'local'), immutable: true },
  { name: 'notify-keyspace-events', initial: '', kind: eventLetters },
  { name: 'active-expire-effort', initial: '1', kind: integerIn(1, 10) },
  { name: 'tracking-table-max-keys', initial: '1000000', kind: integerIn(0, LONG_MAX) },
  // Looks at the clock for idle times; deadlines have alarms of their own.
  { name: 'hz', initial: '10', kind: clampedTo(1, 500) },
]

const MEMORY: readonly Directive[] = [
  { name: 'maxmemory', initial: '0', kind: sizeIn(0, 2n ** 64n - 1n) },
  { name: 'maxmemory-policy', initial: 'noeviction', kind: oneOfWords(...Object.keys(POLICIES)) },
  { name: 'maxmemory-samples', initial: '5', kind: integerIn(1, INT_MAX) },
  { name: 'maxmemory-eviction-tenacity', initial: '10', kind: integerIn(0, 100) },
  { name: 'maxmemory-clients', initial: '0', kind: sizeOrPercent },
  { name: 'lfu-log-factor', initial: '10', kind: integerIn(0, INT_MAX) },
  { name: 'lfu-decay-time', initial: '1', kind: integerIn(0, INT_MAX) },
]

const OBSERVATION: readonly Directive[] = [
  { name: 'slowlog-log-slower-than', initial: '10000', kind: integerIn(-1, LONG_MAX) },
  { name: 'slowlog-max-len', initial: '128', kind: integerIn(0, LONG_MAX) },
  { name: 'latency-monitor-threshold', initial: '0', kind: integerIn(0, LONG_MAX) },
  { name: 'latency-tracking', initial: 'yes', kind: yesNo },
  { name: 'latency-tracking-info-percentiles', initial: '50 99 99.9', kind: percentiles },
]

const ACL: readonly Directive[] = [
  { name: 'aclfile', initial: '', kind: anyText, immutable: true },
  { name: 'acllog-max-len', initial: '128', kind: integerIn(0, LONG_MAX) },
  { name: 'acl-pubsub-default', initial: 'resetchannels', kind: oneOfWords('allchannels', 'resetchannels') },
]

const ENCODINGS: readonly Directive[] = [
  entries('hash-max-listpack-entries', 'hash-max-ziplist-entries', '512'),
  entries('hash-max-listpack-value', 'hash-max-ziplist-value', '64'),
  entries('zset-max-listpack-entries', 'zset-max-ziplist-entries', '128'),
  entries('zset-max-listpack-value', 'zset-max-ziplist-value', '64'),
  { name: 'hll-sparse-max-bytes', initial: '3000', kind: sizeIn(0, LONG_MAX) },
  { name: 'set-max-intset-entries', initial: '512', kind: integerIn(0, LONG_MAX) },
  // A list is a `quicklist` at every value, as in Redis 7.0; the value decides its chunks.
  {
    name: 'list-max-listpack-size',
    alias: 'list-max-ziplist-size',
    initial: '-2',
    kind: integerIn(-INT_MAX - 1, INT_MAX),
  },
  { name: 'stream-node-max-entries', initial: '100', kind: integerIn(0, LONG_MAX) },
  { name: 'stream-node-max-bytes', initial: '4096', kind: sizeIn(0, LONG_MAX) },
]

/** Every directive there is. */
export const DIRECTIVES: readonly Directive[] = [
  ...NETWORK,
  ...TLS,
  ...GENERAL,
  ...ACL,
  ...MEMORY,
  ...OBSERVATION,
  ...ENCODINGS,
  ...LIBRARY_DIRECTIVES,
  ...PERSISTENCE_DIRECTIVES,
  ...SETTLEMENTS.flatMap(({ directives }) => directives),
]
