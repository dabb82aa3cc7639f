import { expect, test } from 'vitest'
import { raw } from '../../base/bytes.ts'
import { AclLog, type Refused } from './log.ts'

const refused = (object: string, atMs: number, more: Partial<Refused> = {}): Refused => ({
  reason: 'key',
  context: 'toplevel',
  object: raw(object),
  username: raw('alice'),
  clientInfo: raw(`at ${atMs}`),
  atMs,
  ...more,
})

const shown = (log: AclLog, nowMs: number) =>
  log.latest(99, nowMs).map(({ object, count, ageMs }) => `${object}*${count} ${ageMs}`)

test('what happens again within a minute is counted, told of its latest time, and comes first', () => {
  const log = new AclLog()
  log.add(refused('a', 0))
  log.add(refused('b', 10))
  log.add(refused('a', 60_000))
  expect(shown(log, 60_500)).toEqual(['a*2 500', 'b*1 60490'])
  expect(log.latest(1, 0)[0]?.clientInfo).toBe('at 60000')
  log.add(refused('a', 120_001))
  expect(shown(log, 120_001)).toEqual(['a*1 0', 'a*2 60001', 'b*1 119991'])
})

test('another reason, context or user is another entry', () => {
  const log = new AclLog()
  log.add(refused('a', 0))
  log.add(refused('a', 0, { reason: 'command' }))
  log.add(refused('a', 0, { context: 'multi' }))
  log.add(refused('a', 0, { username: raw('bob') }))
  log.add(refused('a', 0))
  expect(shown(log, 0)).toEqual(['a*2 0', 'a*1 0', 'a*1 0', 'a*1 0'])
})

test('only the newest ten are looked at for something equal', () => {
  const log = new AclLog()
  for (let i = 0; i <= 10; i++) log.add(refused(`${i}`, 0))
  log.add(refused('1', 0))
  log.add(refused('0', 0))
  expect(shown(log, 0).slice(0, 3)).toEqual(['0*1 0', '1*2 0', '10*1 0'])
  expect(log.latest(99, 0)).toHaveLength(12)
})

test('a shorter log loses its oldest entries when the next one comes', () => {
  const log = new AclLog()
  for (let i = 0; i < 5; i++) log.add(refused(`${i}`, 0))
  log.maxLength = 2
  expect(shown(log, 0)).toHaveLength(5)
  log.add(refused('5', 0))
  expect(shown(log, 0)).toEqual(['5*1 0', '4*1 0'])
  log.maxLength = 0
  log.add(refused('6', 0))
  expect(shown(log, 0)).toEqual([])
})
