import { expect, test } from 'vitest'
import { raw } from '../../base/bytes.ts'
import { seededRandom } from '../../base/random.ts'
import { allCommands } from '../../commands/all.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { Recorder } from '../../testing/recorder.ts'
import { Engine } from '../engine.ts'
import { LatencyMonitor } from './latency-monitor.ts'
import { sparkline } from './sparkline.ts'

function start() {
  const clock = new ManualClock(1_000_000)
  const engine = new Engine({ commands: allCommands, clock, random: seededRandom(1) })
  engine.config.set([[raw('latency-monitor-threshold'), raw('10')]])
  const client = new Recorder(engine)
  const note = (event: 'command' | 'expire-cycle', ms: number): void =>
    engine.observation.latency.note(event, clock.now(), ms * 1000)
  return { clock, engine, client, note }
}

test('the worst of each second is kept, of the last 160 such seconds', () => {
  const monitor = new LatencyMonitor()
  monitor.note('command', 0, 50_000)
  expect(monitor.events.size).toBe(0)
  monitor.thresholdMs = 10
  monitor.note('command', 0, 9_999)
  expect(monitor.events.size).toBe(0)
  for (const [nowMs, micros] of [
    [1000, 10_000],
    [1999, 30_900],
    [1500, 20_000],
    [2000, 11_000],
  ] as const) {
    monitor.note('command', nowMs, micros)
  }
  const command = monitor.events.get('command')!
  expect([command.samples, command.worstMs]).toEqual([
    [
      { seconds: 1, ms: 30 },
      { seconds: 2, ms: 11 },
    ],
    30,
  ])
  for (let second = 3; second < 300; second++) monitor.note('command', second * 1000, 10_000)
  expect([command.samples.length, command.samples[0]!.seconds, command.worstMs]).toEqual([160, 140, 30])
  expect([monitor.reset(['nosuch', 'command']), monitor.reset([])]).toEqual([1, 0])
})

test('LATENCY shows what was noted', () => {
  const { clock, client, note } = start()
  note('command', 20)
  clock.advance(1000)
  note('command', 90)
  note('expire-cycle', 10)
  expect(client.send('LATENCY LATEST')[0]).toEqual([
    ['command', 1001, 90, 90],
    ['expire-cycle', 1001, 10, 10],
  ])
  expect(client.send('LATENCY HISTORY command')[0]).toEqual([
    [1000, 20],
    [1001, 90],
  ])
  expect(client.send('LATENCY RESET command')[0]).toBe(1)
  expect(client.send('LATENCY HISTORY command')[0]).toEqual([])
})

// As redis-server 7.0.15 drew the same four values.
test('LATENCY GRAPH draws as redis-server does', () => {
  const { clock, engine, note } = start()
  for (const ms of [20, 50, 30, 90]) {
    note('command', ms)
    clock.advance(1000)
  }
  expect(engine.latency.graph('command', clock.now())).toBe(
    'command - high 90 ms, low 20 ms (all time high 90 ms)\n' +
      `${'-'.repeat(80)}\n   #\n   |\n # |\n_|o|\n    \n4321\nssss\n`,
  )
})

test('a long curve comes in bands of 80 columns, under each the age of its values', () => {
  const bands = sparkline(Array.from({ length: 100 }, (_, i) => ({ value: i, label: `${i % 10}m` }))).split('\n\n')
  expect(bands.map((band) => band.split('\n')[0]!.length)).toEqual([80, 20])
  expect(
    sparkline([
      { value: 5, label: '1h' },
      { value: 5, label: '30d' },
    ])
      .split('\n')
      .slice(3),
  ).toEqual(['__', '  ', '13', 'h0', ' d', ''])
})

test('LATENCY DOCTOR names the kinds, their figures and what to do', () => {
  const { engine, clock, note, client } = start()
  expect(engine.latency.report(clock.now())).toContain('Nothing has taken as long')
  engine.config.set([[raw('latency-monitor-threshold'), raw('0')]])
  expect(engine.latency.report(clock.now())).toContain('not being watched')
  engine.config.set([[raw('latency-monitor-threshold'), raw('1')]])
  note('command', 20)
  clock.advance(2000)
  note('command', 40)
  note('expire-cycle', 5)
  const report = engine.latency.report(clock.now())
  expect(report).toContain(
    '1. command: 2 latency spikes (average 30ms, mean deviation 10ms, period 1.00 sec). Worst all time event 40ms.',
  )
  expect(report).toContain('slowlog-log-slower-than 1000')
  expect(report).toContain('active-expire-effort')
  engine.config.set([[raw('slowlog-log-slower-than'), raw('-1')]])
  expect(engine.latency.report(clock.now())).toContain('The slow log is off')
  expect(client.send('LATENCY DOCTOR')[0]).toMatchObject({ format: 'txt' })
})

test('a slow command of a timed client is an event, a fast one of another kind; of others nothing is known', () => {
  const { clock, engine, client } = start()
  const slow = (line: string): void => {
    engine.startTiming()
    // Time passes between the start of the batch and the end of its first command.
    clock.advance(15)
    client.send(line)
  }
  slow('GET a')
  expect(engine.latency.events.size).toBe(0)
  client.session.timed = true
  slow('GET a')
  slow('KEYS *')
  expect([...engine.latency.events.keys()]).toEqual(['fast-command', 'command'])
  expect(engine.slowLog.length).toBe(2)
  slow('EXEC')
  expect(engine.slowLog.latest(1)[0]!.argv).toEqual(['KEYS', '*'])
})
