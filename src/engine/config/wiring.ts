/** Wiring: what in the engine follows which directive. */
import { raw } from '../../base/bytes.ts'
import { chunkLength } from '../../structures/chunk.ts'
import { limits } from '../../structures/limits.ts'
import { streamLimits } from '../../structures/stream-limits.ts'
import type { Engine } from '../engine.ts'
import { tooLargeForHeap } from '../memory/heap.ts'

/** Makes an engine follow its configuration. Call once everything in it is there. */
export function followConfig(engine: Engine): void {
  const { config } = engine
  config.follow('notify-keyspace-events', (flags) => {
    engine.notifications.configure(flags)
    engine.events.listen()
  })
  config.printAs('notify-keyspace-events', () => engine.notifications.flags)
  config.follow('active-expire-effort', (effort) => {
    engine.expiry.effort = Number(effort)
  })
  config.follow('tracking-table-max-keys', (keys) => engine.tracking.limitTo(Number(keys)))
  config.follow('hz', (hz) => {
    engine.coarse.hz = Number(hz)
  })
  followAcl(engine)
  followMemory(engine)
  followObservation(engine)
  followLimits(engine)
}

/** The file last: its users take the place of those that other directives made. */
function followAcl({ config, acl }: Engine): void {
  config.follow('requirepass', (password) => acl.requirePassword(raw(password)))
  config.follow('acllog-max-len', (length) => {
    acl.log.maxLength = Number(length)
  })
  config.follow('aclfile', () => acl.loadAtStart())
}

function followMemory({ config, memory }: Engine): void {
  config.follow('maxmemory-policy', (name) => memory.choosePolicy(name))
  config.follow('maxmemory-samples', (samples) => {
    memory.eviction.samples = Number(samples)
  })
  config.follow('maxmemory-eviction-tenacity', (tenacity) => {
    memory.eviction.tenacity = Number(tenacity)
  })
  config.follow('lfu-log-factor', (factor) => {
    memory.lfu.logFactor = Number(factor)
  })
  config.follow('lfu-decay-time', (minutes) => {
    memory.lfu.decayMinutes = Number(minutes)
  })
  config.follow('maxmemory', (bytes) => memory.limitTo(Number(bytes)))
  config.onChange('maxmemory', (bytes) => tooLargeForHeap(Number(bytes)))
  config.follow('maxmemory-clients', (limit) => memory.clients.limitTo(limit))
}

function followObservation({ config, observation, statistics }: Engine): void {
  config.follow('slowlog-log-slower-than', (micros) => {
    observation.slowerThan = Number(micros)
  })
  config.follow('slowlog-max-len', (most) => {
    observation.slowLog.maxLength = Number(most)
  })
  config.follow('latency-monitor-threshold', (ms) => {
    observation.latencyThresholdMs = Number(ms)
  })
  config.follow('latency-tracking', (answer) => {
    statistics.byCommand.tracksLatency = answer === 'yes'
  })
}

/** The limits are the process' own: engines in one process share them, the last one set counts. */
function followLimits({ config }: Engine): void {
  const number = (name: string, take: (value: number) => void): void =>
    config.follow(name, (value) => take(Number(value)))
  number('hash-max-listpack-entries', (value) => {
    limits.hashMaxListpackEntries = value
  })
  number('hash-max-listpack-value', (value) => {
    limits.hashMaxListpackValue = value
  })
  number('list-max-listpack-size', (value) => {
    limits.listChunk = chunkLength(value)
  })
  number('set-max-intset-entries', (value) => {
    limits.setMaxIntsetEntries = value
  })
  number('zset-max-listpack-entries', (value) => {
    limits.zsetMaxListpackEntries = value
  })
  number('zset-max-listpack-value', (value) => {
    limits.zsetMaxListpackValue = value
  })
  number('hll-sparse-max-bytes', (value) => {
    limits.hllSparseMaxBytes = value
  })
  number('stream-node-max-entries', (value) => {
    streamLimits.streamNodeMaxEntries = value
  })
  number('stream-node-max-bytes', (value) => {
    streamLimits.streamNodeMaxBytes = value
  })
}
