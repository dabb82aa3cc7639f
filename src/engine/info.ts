/**
 * INFO: the engine's state as text, section by section.
 *
 * The one idea: a section is a function that gives its lines. Redis' names and order; a field that would have no true
 * value here is left out rather than invented.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { InfoPort } from '../commands/context.ts'
import type { Engine } from './engine.ts'
import { processFacts, processorTime, systemName } from './host.ts'
import { memoryFields } from './memory/info.ts'

/** `name:value` lines. */
type Fields = readonly (readonly [name: string, value: string | number])[]

const DAY_SECONDS = 86_400
/** The clock of LRU times turns over after 24 bits. */
const LRU_MASK = 0xffffff
const NO_ID = '0'.repeat(40)

/** Names that ask for every section there is. */
const EVERYTHING = ['default', 'all', 'everything']

export class Info implements InfoPort {
  readonly #engine: Engine
  /** Tells this run of the engine from any other; also its replication id. */
  readonly #runId: string
  readonly #replicationId: string
  /** Sections in the order in which they are printed. */
  readonly #sections: readonly (readonly [name: string, title: string, fields: () => Fields])[]

  constructor(engine: Engine) {
    this.#engine = engine
    this.#runId = hexId(engine.random)
    this.#replicationId = hexId(engine.random)
    this.#sections = [
      ['server', 'Server', () => this.#server()],
      ['clients', 'Clients', () => this.#clients()],
      ['memory', 'Memory', () => memoryFields(engine.memory, engine.config.text('maxmemory-policy'))],
      ['persistence', 'Persistence', () => PERSISTENCE],
      ['stats', 'Stats', () => this.#stats()],
      ['replication', 'Replication', () => this.#replication()],
      ['cpu', 'CPU', () => cpu()],
      ['modules', 'Modules', () => []],
      ['errorstats', 'Errorstats', () => this.#errors()],
      ['cluster', 'Cluster', () => [['cluster_enabled', 0]]],
      ['keyspace', 'Keyspace', () => this.#keyspace()],
    ]
  }

  text(sections: readonly string[]): Bytes {
    const all = sections.length === 0 || sections.some((name) => EVERYTHING.includes(name))
    const parts = this.#sections
      .filter(([name]) => all || sections.includes(name))
      .map(([, title, fields]) =>
        [`# ${title}`, ...fields().map(([name, value]) => `${name}:${value}`), ''].join('\r\n'),
      )
    return raw(parts.join('\r\n'))
  }

  #server(): Fields {
    const { config, keyspace, statistics } = this.#engine
    const seconds = Math.floor((keyspace.now - statistics.startedMs) / 1000)
    return [
      ['redis_version', '7.0.15'],
      ['redis_git_sha1', '00000000'],
      ['redis_git_dirty', 0],
      ['redis_mode', 'standalone'],
      ['server_name', 'geartrain'],
      ['node_version', processFacts.node],
      ['os', systemName()],
      ['arch_bits', 64],
      ['process_id', processFacts.id],
      ['run_id', this.#runId],
      ['tcp_port', config.number('port')],
      ['server_time_usec', this.#engine.micros()],
      ['uptime_in_seconds', seconds],
      ['uptime_in_days', Math.floor(seconds / DAY_SECONDS)],
      ['hz', config.number('hz')],
      ['configured_hz', config.number('hz')],
      ['lru_clock', Math.floor(keyspace.now / 1000) & LRU_MASK],
      ['executable', processFacts.program],
      ['config_file', ''],
    ]
  }

  #clients(): Fields {
    const { clients, config, blocking } = this.#engine
    return [
      ['connected_clients', clients.count],
      ['cluster_connections', 0],
      ['maxclients', config.number('maxclients')],
      ['blocked_clients', blocking.count],
      ['tracking_clients', 0],
    ]
  }

  #stats(): Fields {
    const { statistics, keyspace, pubsub, memory } = this.#engine
    return [
      ['total_connections_received', statistics.connections],
      ['total_commands_processed', statistics.commands],
      ['total_net_input_bytes', statistics.bytesIn],
      ['total_net_output_bytes', statistics.bytesOut],
      ['rejected_connections', statistics.rejectedConnections],
      ['expired_keys', keyspace.expiredKeys],
      ['evicted_keys', memory.eviction.evictedKeys],
      ['evicted_clients', memory.clients.evicted],
      ['total_eviction_exceeded_time', memory.exceededMs + memory.exceededForMs],
      ['current_eviction_exceeded_time', memory.exceededForMs],
      ['keyspace_hits', keyspace.hits],
      ['keyspace_misses', keyspace.misses],
      ['pubsub_channels', pubsub.channelCount],
      ['pubsub_patterns', pubsub.patternCount],
      ['pubsubshard_channels', pubsub.shardChannelCount],
      ['unexpected_error_replies', statistics.unexpectedErrors],
      ['total_error_replies', statistics.errorReplies],
    ]
  }

  #replication(): Fields {
    return [
      ['role', this.#engine.keyspace.role === 'primary' ? 'master' : 'slave'],
      ['connected_slaves', 0],
      ['master_failover_state', 'no-failover'],
      ['master_replid', this.#replicationId],
      ['master_replid2', NO_ID],
      ['master_repl_offset', 0],
      ['second_repl_offset', -1],
      ['repl_backlog_active', 0],
      ['repl_backlog_size', 0],
      ['repl_backlog_first_byte_offset', 0],
      ['repl_backlog_histlen', 0],
    ]
  }

  #errors(): Fields {
    return [...this.#engine.statistics.errors]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, count]) => [`errorstat_${code}`, `count=${count}`])
  }

  #keyspace(): Fields {
    return this.#engine.keyspace.databases
      .filter((db) => db.size > 0)
      .map((db) => [`db${db.index}`, `keys=${db.size},expires=${db.expiring},avg_ttl=0`])
  }
}

/** Nothing is written anywhere. */
const PERSISTENCE: Fields = [
  ['loading', 0],
  ['async_loading', 0],
  ['rdb_bgsave_in_progress', 0],
  ['aof_enabled', 0],
  ['aof_rewrite_in_progress', 0],
]

function cpu(): Fields {
  const { system, user } = processorTime()
  return [
    ['used_cpu_sys', system.toFixed(6)],
    ['used_cpu_user', user.toFixed(6)],
    ['used_cpu_sys_children', '0.000000'],
    ['used_cpu_user_children', '0.000000'],
  ]
}

const hexId = (random: Random): string => Buffer.from(random.bytes(20)).toString('hex')
