/**
 * Directives that have one value here: the one that says how things are.
 *
 * The one idea: Redis' own default asks for nothing that is not so, hence a redis.conf that spells it out is taken; any
 * other value is refused with the reason. Tools that read such a directive find the truth.
 */
import { type Directive, settled } from './directive.ts'

/** Why the value is what it is, and the directives that rest on it. */
export interface Settlement {
  readonly reason: string
  readonly directives: readonly Directive[]
}

const group = (reason: string, ...rows: readonly Row[]): Settlement => ({
  reason,
  directives: rows.map(([name, initial, alias, immutable]) => ({
    name,
    initial,
    kind: settled(initial, reason),
    ...(alias && { alias }),
    ...(immutable && { immutable }),
  })),
})

type Row = readonly [name: string, value: string, alias?: string | null, immutable?: true]

/** All of them, by reason. */
export const SETTLEMENTS: readonly Settlement[] = [
  group(
    'there is no replication',
    ['replicaof', '', 'slaveof', true],
    ['masteruser', ''],
    ['masterauth', ''],
    ['replica-serve-stale-data', 'yes', 'slave-serve-stale-data'],
    ['replica-read-only', 'yes', 'slave-read-only'],
    ['replica-priority', '100', 'slave-priority'],
    ['replica-announced', 'yes'],
    ['replica-announce-ip', '', 'slave-announce-ip'],
    ['replica-announce-port', '0', 'slave-announce-port'],
    ['replica-ignore-maxmemory', 'yes', 'slave-ignore-maxmemory'],
    ['replica-ignore-disk-write-errors', 'no'],
    ['replica-lazy-flush', 'no', 'slave-lazy-flush'],
    ['repl-diskless-sync', 'yes'],
    ['repl-diskless-sync-delay', '5'],
    ['repl-diskless-sync-max-replicas', '0'],
    ['repl-diskless-load', 'disabled'],
    ['repl-disable-tcp-nodelay', 'no'],
    ['repl-ping-replica-period', '10', 'repl-ping-slave-period'],
    ['repl-timeout', '60'],
    ['repl-backlog-size', '1048576'],
    ['repl-backlog-ttl', '3600'],
    ['min-replicas-to-write', '0', 'min-slaves-to-write'],
    ['min-replicas-max-lag', '10', 'min-slaves-max-lag'],
    ['propagation-error-behavior', 'ignore'],
    ['shutdown-timeout', '10'],
  ),
  group('the base of a log is a snapshot', ['aof-use-rdb-preamble', 'yes']),
  group(
    'long files are brought to the disk piece by piece',
    ['aof-rewrite-incremental-fsync', 'yes'],
    ['rdb-save-incremental-fsync', 'yes'],
  ),
  group('files that a log no longer needs are removed', ['aof-disable-auto-gc', 'no']),
  group('there is no replication', ['rdb-del-sync-files', 'no']),
  group('there is no cluster', ['cluster-enabled', 'no', null, true]),
  group(
    "memory is V8's: its collector frees and moves values",
    ['activedefrag', 'no'],
    ['disable-thp', 'yes', null, true],
    ['jemalloc-bg-thread', 'yes'],
    ['lazyfree-lazy-eviction', 'no'],
    ['lazyfree-lazy-expire', 'no'],
    ['lazyfree-lazy-server-del', 'no'],
    ['lazyfree-lazy-user-del', 'no'],
    ['lazyfree-lazy-user-flush', 'no'],
    ['oom-score-adj', 'no'],
    ['oom-score-adj-values', '0 200 800'],
  ),
  group('tables grow step by step and never stop to do so', ['activerehashing', 'yes']),
  group('the clock is looked at while commands run, and not when they do not', ['dynamic-hz', 'yes']),
  group('chunks of lists are not compressed', ['list-compress-depth', '0']),
  group(
    'one thread runs commands, reads and writes',
    ['io-threads', '1', null, true],
    ['io-threads-do-reads', 'no', null, true],
    ['server_cpulist', '', null, true],
    ['bio_cpulist', '', null, true],
    ['aof_rewrite_cpulist', '', null, true],
    ['bgsave_cpulist', '', null, true],
  ),
  group(
    'the program stays in the foreground and leaves supervision to whoever starts it',
    ['daemonize', 'no', null, true],
    ['supervised', 'no', null, true],
    ['shutdown-on-sigint', 'default'],
    ['shutdown-on-sigterm', 'default'],
  ),
  group('logs go to stdout or to a file', ['syslog-enabled', 'no', null, true]),
  group('there is no logo', ['always-show-logo', 'no', null, true]),
  group('there are no modules', ['enable-module-command', 'no', null, true]),
  group('there are no scripts in Lua', ['busy-reply-threshold', '5000', 'lua-time-limit']),
  group(
    'connections leave by the address that the machine chooses, unmarked',
    ['bind-source-addr', ''],
    ['socket-mark-id', '0', null, true],
  ),
  group('nothing is warned of at start', ['ignore-warnings', '']),
  group('TLS serves clients only', ['tls-cluster', 'no'], ['tls-replication', 'no']),
]
