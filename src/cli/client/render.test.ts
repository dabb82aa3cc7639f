import { describe, expect, test } from 'vitest'
import { raw } from '../../base/bytes.ts'
import { BigNumber, Double, MapReply, PushReply, type Reply, Verbatim } from '../../base/reply.ts'
import { answersWithText, isInvalidation, type Mode, render, renderInvalidation } from './render.ts'
import { inUnits, readInfo } from './stat.ts'

const as = (mode: Mode, reply: Reply): string => render(reply, { mode, delimiter: '\n', replyDelimiter: '\n' })

describe('what redis-cli 7.0 cannot print', () => {
  test('big numbers have their digits', () => {
    const big = new BigNumber(raw('12345678901234567890123'))
    for (const mode of ['standard', 'raw', 'csv', 'json'] as const) expect(as(mode, big)).toBe(`${big.digits}\n`)
  })
  test('a push on the way is an array', () => {
    expect(as('csv', new PushReply([raw('message'), raw('c'), 1]))).toBe('"message","c",1\n')
  })
})

test('maps have any reply as keys, JSON has text', () => {
  const map = new MapReply([raw('a'), 1, new Double(1.5), true, null, [], [1, raw('x')], new Verbatim(raw('v'))])
  expect(as('json', map)).toBe('{"a":1,"1.5":true,"null":[],"[1,"x"]":"v"}\n')
  expect(as('raw', map)).toBe('a 1\n1.5 (true)\n \n1\nx v\n')
})

test('every byte survives JSON', () => {
  const every = raw(Buffer.from(Array.from({ length: 256 }, (_, i) => i)).latin1Slice())
  expect(JSON.parse(as('json', every))).toBe(every)
  expect(JSON.parse(as('quoted-json', every))).toContain('\\x00\\x01')
})

test('invalidations are one line', () => {
  const some = new PushReply([raw('invalidate'), [raw('a'), raw("b'")]])
  expect([isInvalidation(some), renderInvalidation(some)]).toEqual([true, "-> invalidate: 'a', 'b''\n"])
  expect(renderInvalidation(new PushReply([raw('invalidate'), null]))).toBe('-> invalidate: all keys\n')
  expect(isInvalidation(new PushReply([raw('message'), raw('c'), raw('m')]))).toBe(false)
})

test('texts for people are known by their commands', () => {
  const texts = ['INFO', 'info stats', 'client LIST', 'memory doctor', 'cluster nodes', 'latency doctor', 'lolwut']
  expect(texts.every((line) => answersWithText(line.split(' ')))).toBe(true)
  expect(['get info', 'client getname', 'memory', 'constructor'].some((line) => answersWithText(line.split(' ')))).toBe(
    false,
  )
})

test('INFO is read into figures', () => {
  const info = readInfo(
    raw('# S\r\nused_memory:1782579\r\nloading:0\r\ndb0:keys=2,expires=0\r\ndb3:keys=40,expires=1\r\n'),
  )
  expect([info('used_memory'), info('keys'), info('nosuch')]).toEqual([1782579, 42, 0])
  expect([0, 1023, 1024, 1782579, 3 * 1024 ** 3].map(inUnits)).toEqual(['0B', '1023B', '1.00K', '1.70M', '3.00G'])
})
