import { expect, test } from 'vitest'
import { bytes, text } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { allCommands } from '../commands/all.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Recorder } from '../testing/recorder.ts'
import { Engine } from './engine.ts'

function start() {
  const clock = new ManualClock()
  const engine = new Engine({ commands: allCommands, clock, random: seededRandom(1) })
  const info = (...sections: string[]): string => text(engine.info.text(sections))
  return { engine, clock, client: new Recorder(engine), info }
}

test('sections come in their own order, unknown ones are nothing', () => {
  const { info } = start()
  expect(info('keyspace', 'nosuch', 'cluster')).toBe('# Cluster\r\ncluster_enabled:0\r\n\r\n# Keyspace\r\n')
  expect(info('nosuch')).toBe('')
  const count = (...sections: string[]): number | undefined => info(...sections).match(/^# \w+/gm)?.length
  expect([count(), count('default'), count('default', 'commandstats')]).toEqual([11, 11, 12])
  expect([count('all'), count('everything', 'cpu'), count('latencystats')]).toEqual([13, 13, 1])
})

test('every line is a title, empty, or a field', () => {
  const { info } = start()
  for (const line of info().split('\r\n')) expect(line).toMatch(/^(# \w+|\w+:.*|)$/)
})

test('the time that keys have left is known by some of them', () => {
  const { info, client, clock } = start()
  for (let i = 0; i < 2000; i++) client.send(`SET k${i} v PX ${100_000 + i * 100}`)
  client.send('SET lasting v')
  const average = Number(/keys=2001,expires=2000,avg_ttl=(\d+)\r\n/.exec(info('keyspace'))?.[1])
  expect(average).toBeGreaterThan(170_000)
  expect(average).toBeLessThan(230_000)
  clock.advance(50_000)
  client.send('PING')
  expect(info('keyspace')).toContain(`avg_ttl=${average - 50_000}\r\n`)
})

test('what happens is counted, and RESETSTAT starts again', () => {
  const { info, client, clock } = start()
  for (const line of ['SET a 1', 'SET b 2 PX 10', 'GET a', 'GET x', 'LPUSH a 1', 'NOSUCH']) client.send(line)
  expect(info('keyspace')).toContain('db0:keys=2,expires=1,avg_ttl=10\r\n')
  clock.advance(20_000)
  client.send('GET b')
  const stats = info('stats', 'errorstats', 'server')
  for (const field of ['keyspace_hits:1', 'keyspace_misses:2', 'expired_keys:1', 'total_error_replies:2']) {
    expect(stats).toContain(`${field}\r\n`)
  }
  expect(stats).toContain('errorstat_ERR:count=1\r\nerrorstat_WRONGTYPE:count=1\r\n')
  expect(stats).toContain('uptime_in_seconds:20\r\n')
  client.run([bytes('CONFIG'), bytes('RESETSTAT')])
  expect(info('stats')).toContain('keyspace_hits:0\r\nkeyspace_misses:0\r\n')
})

test('commands are counted, those that wait once; refusals and failures apart', () => {
  const { info, client, clock, engine } = start()
  const waiting = new Recorder(engine)
  waiting.send('BLPOP q 0')
  for (const line of ['SET a 1', 'LPUSH a 1', 'LPUSH', 'SADD q x', 'DEL q', 'RPUSH q x']) client.send(line)
  clock.advance(1)
  const text = info('commandstats')
  expect(text).toContain('cmdstat_lpush:calls=1,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=1\r\n')
  expect(text).toContain('cmdstat_blpop:calls=1,')
  expect(text).not.toContain('cmdstat_get:')
  expect(info('stats')).toContain('total_commands_processed:6\r\n')
})

test('timed commands have percentiles, as many as are asked for; a client that waits has none yet', () => {
  const { info, client, engine } = start()
  client.session.timed = true
  engine.startTiming()
  client.send('SET a 1')
  engine.config.set([[bytes('latency-tracking-info-percentiles'), bytes('0 99.5')]])
  client.send('BLPOP q 0')
  expect(info('latencystats')).toContain('latency_percentiles_usec_set:p0=0.001,p99.5=0.001\r\n')
  expect(info('latencystats')).not.toContain('blpop')
  engine.config.resetStat()
  expect(info('latencystats')).toBe('# Latencystats\r\n')
})

test('the role is the keyspace’s', () => {
  const { engine, info } = start()
  expect(info('replication')).toContain('role:master\r\n')
  engine.setRole('replica')
  expect(info('replication')).toContain('role:slave\r\n')
})
