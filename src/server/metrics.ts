/**
 * Metrics in Prometheus' text format.
 *
 * The one idea: nothing is collected for them; the numbers are the engine's own, read when asked for. Only the delay of
 * the event loop is sampled, by node.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Engine } from '../engine/engine.ts'
import type { Server } from './server.ts'

type Kind = 'counter' | 'gauge'

/** A value and the labels it stands under. */
type Sample = readonly [labels: string, value: number]

const NANOSECONDS = 1e9
/** Between two samples of the event loop. */
const SAMPLE_MS = 10

/** Samples the event loop from its making until `stop`. */
export class Metrics {
  readonly #engine: Engine
  readonly #server: Server
  readonly #delay = monitorEventLoopDelay({ resolution: SAMPLE_MS })

  constructor(engine: Engine, server: Server) {
    this.#engine = engine
    this.#server = server
    this.#delay.enable()
  }

  stop(): void {
    this.#delay.disable()
  }

  /** The whole page. */
  text(): string {
    return [...this.#activity(), ...this.#data(), ...this.#process()].join('')
  }

  #activity(): string[] {
    const { statistics, blocking } = this.#engine
    return [
      family('connected_clients', 'gauge', 'Clients connected', this.#server.connectionCount),
      family('blocked_clients', 'gauge', 'Clients waiting in a blocking command', blocking.count),
      family('connections_received_total', 'counter', 'Connections accepted', statistics.connections),
      family('rejected_connections_total', 'counter', 'Connections turned away', statistics.rejectedConnections),
      family('commands_processed_total', 'counter', 'Commands run', statistics.commands),
      family('net_input_bytes_total', 'counter', 'Bytes read', statistics.bytesIn),
      family('net_output_bytes_total', 'counter', 'Bytes written', statistics.bytesOut),
      samples(
        'errors_total',
        'counter',
        'Error replies, by code',
        [...statistics.errors].map(([code, count]) => [label('code', code), count]),
      ),
    ]
  }

  #data(): string[] {
    const { keyspace } = this.#engine
    const used = keyspace.databases.filter(({ size }) => size > 0)
    return [
      family('keyspace_hits_total', 'counter', 'Look-ups that found their key', keyspace.hits),
      family('keyspace_misses_total', 'counter', 'Look-ups that found nothing', keyspace.misses),
      family('expired_keys_total', 'counter', 'Keys removed because their time was up', keyspace.expiredKeys),
      samples(
        'db_keys',
        'gauge',
        'Keys, by database',
        used.map((db) => [label('db', `db${db.index}`), db.size]),
      ),
      samples(
        'db_keys_expiring',
        'gauge',
        'Keys with a deadline, by database',
        used.map((db) => [label('db', `db${db.index}`), db.expiring]),
      ),
    ]
  }

  #process(): string[] {
    const { statistics, clock } = this.#engine
    const memory = process.memoryUsage()
    // Node measures the time between samples; what is beyond the interval is delay.
    const delay = (quantile: number): number =>
      Math.max(0, this.#delay.percentile(quantile * 100) / NANOSECONDS - SAMPLE_MS / 1000)
    return [
      family('uptime_seconds', 'gauge', 'Since the engine was made', (clock.now() - statistics.startedMs) / 1000),
      family('memory_resident_bytes', 'gauge', 'Memory of the process', memory.rss),
      family('memory_heap_used_bytes', 'gauge', "V8's heap in use", memory.heapUsed),
      family('memory_external_bytes', 'gauge', 'Memory of buffers', memory.external),
      samples(
        'event_loop_delay_seconds',
        'gauge',
        'Delay of the event loop',
        [0.5, 0.99].map((quantile) => [label('quantile', `${quantile}`), delay(quantile)]),
      ),
    ]
  }
}

function family(name: string, kind: Kind, help: string, value: number): string {
  return samples(name, kind, help, [['', value]])
}

function samples(name: string, kind: Kind, help: string, values: readonly Sample[]): string {
  const full = `geartrain_${name}`
  const lines = values.map(([labels, value]) => `${full}${labels} ${value}\n`)
  return `# HELP ${full} ${help}\n# TYPE ${full} ${kind}\n${lines.join('')}`
}

function label(name: string, value: string): string {
  return `{${name}="${value.replace(/[\\"\n]/g, '_')}"}`
}
