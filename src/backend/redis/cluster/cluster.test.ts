/** The parts of the cluster backend that need no cluster: routes, joined replies, the map of slots. */
import { describe, expect, it, test } from 'vitest'
import { raw } from '../../../base/bytes.ts'
import { ReplyError } from '../../../base/reply.ts'
import { hashSlot } from '../../../base/slots.ts'
import { allCommands } from '../../../commands/all.ts'
import { Table } from '../../../engine/table.ts'
import { sendable } from '../foreign.ts'
import { joined, joinedParts } from './joining.ts'
import { natMapFrom } from './nat-map.ts'
import { CROSSSLOT, routeOf, slotOfLines } from './routing.ts'
import { SlotMap } from './slot-map.ts'

const table = new Table(allCommands)
const argv = (line: string) => line.split(' ').map(raw)
const route = (line: string) => routeOf(sendable(table.find(argv(line)), argv(line)), argv(line))
const [a, b, c] = ['a', 'b', 'c'].map((key) => hashSlot(raw(key))) as [number, number, number]

describe('a route', () => {
  test.each([
    ['GET a', { to: 'slot', slot: a }],
    ['SMOVE {a}1 {a}2 m', { to: 'slot', slot: a }],
    ['SMOVE a b m', { to: 'nowhere', error: CROSSSLOT }],
    ['MSETNX a 1 b 2', { to: 'nowhere', error: CROSSSLOT }],
    ['SORT a STORE b', { to: 'nowhere', error: CROSSSLOT }],
    ['ZUNIONSTORE a 1 b', { to: 'nowhere', error: CROSSSLOT }],
    ['XREAD STREAMS a b 0 0', { to: 'nowhere', error: CROSSSLOT }],
    ['EVAL x 1 a b', { to: 'slot', slot: a }],
    ['EVAL x 0 a b', { to: 'any' }],
    ['SPUBLISH a m', { to: 'slot', slot: a }],
    ['PUBLISH a m', { to: 'any' }],
    ['UNHEARD a b', { to: 'any' }],
    ['INFO', { to: 'any' }],
    ['DBSIZE', { to: 'masters', policy: 'agg_sum' }],
    ['KEYS *', { to: 'masters', policy: undefined }],
    ['SCRIPT LOAD x', { to: 'masters', policy: 'all_succeeded' }],
    ['CONFIG SET a b', { to: 'nodes', policy: 'all_succeeded' }],
    ['SCAN 0', { to: 'one node only' }],
    ['MSET a 1 b', { to: 'slot', slot: a }],
  ])('%s', (line, expected) => expect(route(line)).toEqual(expected))

  it('of a line that can be split has a part for each slot', () => {
    expect(route('MSET a 1 b 2 {a}x 3')).toEqual({
      to: 'parts',
      keys: 3,
      policy: 'all_succeeded',
      parts: [
        { slot: a, argv: ['MSET', 'a', '1', '{a}x', '3'], keys: [0, 2] },
        { slot: b, argv: ['MSET', 'b', '2'], keys: [1] },
      ],
    })
  })
  it('of a unit is the one slot of its lines', () => {
    expect(slotOfLines([argv('PING'), argv('GET a'), argv('SET {a}1 v')])).toBe(a)
    expect(slotOfLines([argv('PING')])).toBeUndefined()
    expect(slotOfLines([argv('GET a'), argv('GET c')])).toBe(CROSSSLOT)
    expect(c).not.toBe(a)
  })
})

describe('replies of many nodes', () => {
  const error = new ReplyError('OOM no')
  test.each([
    ['agg_sum', [1, 2, 9007199254740992n], 9007199254740995n],
    ['agg_min', [3, 1, 2], 1],
    ['agg_max', [3, 1, 2], 3],
    [
      'agg_logical_and',
      [
        [1, 0, 1],
        [1, 1, 0],
      ],
      [1, 0, 0],
    ],
    [
      'agg_logical_or',
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
      [1, 0, 1],
    ],
    ['agg_logical_and', [1, 0], 0],
    ['all_succeeded', [raw('OK'), raw('OK')], 'OK'],
    ['all_succeeded', [raw('OK'), error], error],
    ['one_succeeded', [error, raw('OK')], 'OK'],
    ['one_succeeded', [error, error], error],
    [undefined, [[raw('a')], [], [raw('b')]], ['a', 'b']],
    [undefined, [null, raw('a'), null], 'a'],
    [undefined, [null, null], null],
    [undefined, [[raw('a')], error], error],
  ])('%s', (policy, replies, expected) => expect(joined(replies, policy)).toEqual(expected))

  it('go back to the places of their keys', () => {
    const parts = [
      { slot: a, argv: [], keys: [0, 2] },
      { slot: b, argv: [], keys: [1] },
    ]
    expect(joinedParts([[raw('x'), null], [raw('y')]], parts, 3, undefined)).toEqual(['x', 'y', null])
    expect(joinedParts([[raw('x'), null], error], parts, 3, undefined)).toBe(error)
    expect(joinedParts([2, 1], parts, 3, 'agg_sum')).toBe(3)
  })
})

describe('the map of slots', () => {
  const node = (host: string, port: number) => [raw(host), port, raw('id')]
  const asked = { host: 'seed', port: 1 }
  const plain = natMapFrom(undefined)
  it('knows owners, masters and replicas, and learns from redirections', () => {
    const reply = [
      [0, 99, node('10.0.0.1', 1), node('10.0.0.2', 2)],
      [100, 16383, node('', 3)],
    ]
    const map = SlotMap.from(reply, asked, plain)!
    expect([map.ownerOf(0), map.ownerOf(99), map.ownerOf(100)]).toEqual(['10.0.0.1:1', '10.0.0.1:1', 'seed:3'])
    expect(map.nodes).toEqual(['10.0.0.1:1', 'seed:3', '10.0.0.2:2'])
    map.move(5, '10.0.0.2:2')
    expect(map.ownerOf(5)).toBe('10.0.0.2:2')
    expect(map.ownerOf(6)).toBe('10.0.0.1:1')
    expect(map.masters).toContain('10.0.0.2:2')
  })
  it('is none of what is no map, and may have addresses of its own', () => {
    for (const reply of [null, [], [raw('x')], [[0, 1]], [[0, 1, [raw('h')]]]]) {
      expect(SlotMap.from(reply, asked, plain)).toBeUndefined()
    }
    const table = { '10.0.0.1:1': { host: 'out', port: 9 } }
    for (const natMap of [table, (name: string) => Reflect.get(table, name)]) {
      const map = SlotMap.from([[0, 16383, node('10.0.0.1', 1)]], asked, natMapFrom({ natMap }))
      expect(map?.ownerOf(1)).toBe('out:9')
    }
  })
  it('leaves slots of nobody to nobody', () => {
    expect(SlotMap.from([[0, 1, node('h', 1)]], asked, plain)?.ownerOf(2)).toBeUndefined()
  })
})
