/**
 * INFO: the engine's state as text, section by section.
 *
 * The one idea: a section is a function that gives its lines. Redis' names and order; a field that would have no true
 * value here is left out rather than invented.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import { type Random, seededRandom } from '../base/random.ts'
import type { InfoPort } from '../commands/context.ts'
import type { Database } from '../keyspace/database.ts'
import type { Engine } from './engine.ts'
import { processFacts, processorTime, systemName } from './host.ts'
import { commandFields, errorFields, type Fields, latencyFields } from './info-commands.ts'
import { memoryFields } from './memory/info.ts'

const DAY_SECONDS = 86_400
/** The clock of LRU times turns over after 24 bits. */
const LRU_MASK = 0xffffff
/** How many deadlines `avg_ttl` is taken from. */
const TTL_SAMPLES = 100
const NO_ID = '0'.repeat(40)

/** Names that ask for every section there is. */
const EVERYTHING = ['all', 'everything']
/** Sections that only come when they, or all, are asked for. */
const ON_DEMAND = ['commandstats', 'latencystats']

export class Info implements InfoPort {
  readonly #engine: Engine
  /** Tells this run of the engine from any other; also its replication id. */
  readonly #runId: string
  readonly #replicationId: string
  /** Sections in the order in which they are printed. */
  readonly #sections: readonly (readonly [name: string, title: string, fields: () => Fields])[]
  /** Sections of parts that stand above the engine, by the names of these parts, as Redis has sections of modules. */
  readonly #modules: (readonly [module: string, title: string, fields: () => Fields])[] = []

  constructor(engine: Engine) {
    this.#engine = engine
    this.#runId = hexId(engine.random)
    this.#replicationId = hexId(engine.random)
    this.#sections = [
      ['server', 'Server', () => this.#server()],
      ['clients', 'Clients', () => this.#clients()],
      ['memory', 'Memory', () => memoryFields(engine.memory, engine.config.text('maxmemory-policy'))],
      ['persistence', 'Persistence', () => engine.persistence.fields()],
      ['stats', 'Stats', () => this.#stats()],
      ['replication', 'Replication', () => this.#replication()],
      ['cpu', 'CPU', () => cpu()],
      ['modules', 'Modules', () => []],
      ['commandstats', 'Commandstats', () => commandFields(engine)],
      ['errorstats', 'Errorstats', () => errorFields(engine)],
      ['latencystats', 'Latencystats', () => latencyFields(engine)],
      ['cluster', 'Cluster', () => [['cluster_enabled', 0]]],
      ['keyspace', 'Keyspace', () => this.#keyspace()],
    ]
  }

  /** Adds a section of a part that stands above the engine. */
  add(module: string, title: string, fields: () => Fields): void {
    this.#modules.push([module, title, fields])
  }

  text(sections: readonly string[]): Bytes {
    const all = sections.some((name) => EVERYTHING.includes(name))
    const usual = sections.length === 0 || sections.includes('default')
    const modules = sections.some((name) => name === 'everything' || name === 'modules')
    const wanted = [
      ...this.#sections.filter(([name]) => all || sections.includes(name) || (usual && !ON_DEMAND.includes(name))),
      ...this.#modules.filter(([name, title]) =>
        [name, title.toLowerCase()].some((own) => modules || sections.includes(own)),
      ),
    ]
    const parts = wanted.map(([, title, fields]) =>
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
      ['monotonic_clock', 'performance.now'],
      ['multiplexing_api', 'libuv'],
      ['process_id', processFacts.id],
      ['process_supervised', 'no'],
      ['run_id', this.#runId],
      ['tcp_port', config.number('port')],
      ['server_time_usec', this.#engine.micros()],
      ['uptime_in_seconds', seconds],
      ['uptime_in_days', Math.floor(seconds / DAY_SECONDS)],
      ['hz', config.number('hz')],
      ['configured_hz', config.number('hz')],
      ['lru_clock', Math.floor(keyspace.now / 1000) & LRU_MASK],
      ['executable', processFacts.program],
      ['config_file', config.file?.path ?? ''],
      ['io_threads_active', 0],
    ]
  }

  #clients(): Fields {
    const { clients, config, blocking, pause, tracking } = this.#engine
    return [
      ['connected_clients', clients.count],
      ['cluster_connections', 0],
      ['maxclients', config.number('maxclients')],
      ['blocked_clients', blocking.count + pause.count],
      ['tracking_clients', tracking.count],
    ]
  }

  #stats(): Fields {
    const { statistics, keyspace, pubsub, tracking, memory } = this.#engine
    const rates = this.#engine.rates.perSecond(this.#engine.clock.now(), statistics)
    return [
      ['total_connections_received', statistics.connections],
      ['total_commands_processed', statistics.commands],
      ['instantaneous_ops_per_sec', Math.round(rates.commands)],
      ['total_net_input_bytes', statistics.bytesIn],
      ['total_net_output_bytes', statistics.bytesOut],
      ['total_net_repl_input_bytes', 0],
      ['total_net_repl_output_bytes', 0],
      ['instantaneous_input_kbps', (rates.bytesIn / 1024).toFixed(2)],
      ['instantaneous_output_kbps', (rates.bytesOut / 1024).toFixed(2)],
      ['instantaneous_input_repl_kbps', '0.00'],
      ['instantaneous_output_repl_kbps', '0.00'],
      ['rejected_connections', statistics.rejectedConnections],
      ['sync_full', 0],
      ['sync_partial_ok', 0],
      ['sync_partial_err', 0],
      ['expired_keys', keyspace.expiredKeys],
      ['expired_subkeys', keyspace.expiredFields],
      ['expired_time_cap_reached_count', statistics.expireCapReached],
      ['expire_cycle_cpu_milliseconds', Math.floor(statistics.expireMicros / 1000)],
      ['evicted_keys', memory.eviction.evictedKeys],
      ['evicted_clients', memory.clients.evicted],
      ['total_eviction_exceeded_time', memory.exceededMs + memory.exceededForMs],
      ['current_eviction_exceeded_time', memory.exceededForMs],
      ['keyspace_hits', keyspace.hits],
      ['keyspace_misses', keyspace.misses],
      ['pubsub_channels', pubsub.channelCount],
      ['pubsub_patterns', pubsub.patternCount],
      ['pubsubshard_channels', pubsub.shardChannelCount],
      ['latest_fork_usec', 0],
      ['total_forks', 0],
      ['migrate_cached_sockets', 0],
      ['slave_expires_tracked_keys', 0],
      ['active_defrag_hits', 0],
      ['active_defrag_misses', 0],
      ['active_defrag_key_hits', 0],
      ['active_defrag_key_misses', 0],
      ['tracking_total_keys', tracking.totals.keys],
      ['tracking_total_items', tracking.totals.items],
      ['tracking_total_prefixes', tracking.totals.prefixes],
      ['unexpected_error_replies', statistics.unexpectedErrors],
      ['total_error_replies', statistics.errorReplies],
      ['dump_payload_sanitizations', 0],
      ['total_reads_processed', statistics.reads],
      ['total_writes_processed', statistics.writes],
      ['io_threaded_reads_processed', 0],
      ['io_threaded_writes_processed', 0],
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

  #keyspace(): Fields {
    return this.#engine.keyspace.databases
      .filter((db) => db.size > 0)
      .map((db) => [`db${db.index}`, `keys=${db.size},expires=${db.expiring},avg_ttl=${this.#averageTtl(db)}`])
  }

  /** What keys with a deadline have left on average, in milliseconds, by some of them. */
  #averageTtl(db: Database): number {
    const count = Math.min(db.expiring, TTL_SAMPLES)
    if (count === 0) return 0
    const { now } = this.#engine.keyspace
    // Of its own: who asks how things are does not change what chance brings.
    const random = seededRandom(db.expiring)
    let left = 0
    for (let i = 0; i < count; i++) left += Math.max(0, db.candidate(random, true).deadline - now)
    return Math.round(left / count)
  }
}

/** Nothing is written anywhere. */
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
