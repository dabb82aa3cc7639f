import { describe, expect, test } from 'vitest'
import { SYNTAX } from '../../base/errors.ts'
import { allCommands } from '../all.ts'
import { type Command, command } from '../command.ts'
import { any } from '../shape.ts'
import { argumentsOf } from './docs.ts'
import {
  bytes,
  called,
  choice,
  flag,
  halves,
  integer,
  key,
  late,
  type Node,
  numkeys,
  oneOf,
  option,
  optional,
  optionOf,
  options,
  sequence,
  tail,
} from './nodes.ts'
import { syntaxOf } from './syntax.ts'
import { categoriesOf, flagsOf, keyRangeOf } from './traits.ts'

function made(args: readonly Node[], more: Partial<Command['spec']> = {}): Command {
  const spec = { name: 'X', group: 'list', since: '1.0.0', summary: '', flags: [], args, reply: any, ...more } as const
  return command({ ...spec, run: () => null })
}

const named = (name: string): Command => allCommands.find((each) => each.name === name)!

describe('the syntax line', () => {
  test.each([
    [[key('key', 'RO'), optional(integer('count')), flag('WITHVALUES')], 'X key [count [WITHVALUES]]'],
    [[optional(bytes('username')), bytes('password')], 'X [username] password'],
    [[...oneOf('when', flag('NX'), flag('XX')), flag('CH')], 'X [NX | XX] [CH]'],
    [[...oneOf('end', option('EX', integer('seconds')), flag('PERSIST'))], 'X [EX seconds | PERSIST]'],
    [[optionOf('limit', 'LIMIT', [integer('offset'), integer('count')])], 'X [LIMIT offset count]'],
    [[options('GET', called('pattern', bytes('get')))], 'X [GET pattern [GET pattern ...]]'],
    [[numkeys('keys', 'RO'), choice('where', ['LEFT', 'RIGHT'])], 'X numkeys key [key ...] <LEFT | RIGHT>'],
    [[tail('pairs', [bytes('field'), bytes('value')])], 'X field value [field value ...]'],
    [[halves('streams', 'STREAMS', [key('key', 'RO'), bytes('id')], SYNTAX)], 'X STREAMS key [key ...] id [id ...]'],
    [[late('part', [optional(bytes('start')), flag('BIT')]), flag('X')], 'X [start [BIT] [X]]'],
    [[sequence('ops', option('GET', bytes('type')))], 'X [GET type ...]'],
    [[sequence('ops', option('GET', bytes('a')), flag('NO'))], 'X [<GET a | NO> ...]'],
    [[integer('id'), optional(choice('how', ['TIMEOUT', 'ERROR']))], 'X id [TIMEOUT | ERROR]'],
  ] as [Node[], string][])('of %j is %s', (args, line) => {
    expect(syntaxOf(made(args))).toBe(line)
  })
})

describe('COMMAND DOCS', () => {
  test('knows which key spec an argument belongs to', () => {
    expect(argumentsOf(named('LMOVE')).map(({ keySpec }) => keySpec)).toEqual([0, 1, undefined, undefined])
    expect(argumentsOf(named('SORT')).at(-1)).toMatchObject({ type: 'key', token: 'STORE', keySpec: 2 })
    expect(argumentsOf(named('SPUBLISH'))[0]).toEqual({ name: 'shardchannel', type: 'string' })
  })

  test('puts what needs an optional argument into its block', () => {
    expect(argumentsOf(made([optional(integer('count')), flag('WITHVALUES')]))).toEqual([
      {
        name: 'arguments',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer' },
          { name: 'withvalues', type: 'pure-token', token: 'WITHVALUES', flags: ['optional'] },
        ],
      },
    ])
  })
})

describe('what follows from flags, group and key specs', () => {
  test('categories are in the order of Redis', () => {
    const some = made([], { flags: ['blocking', 'write', 'admin'], acl: ['keyspace'] })
    expect(categoriesOf(some)).toEqual(['keyspace', 'write', 'list', 'admin', 'slow', 'blocking', 'dangerous'])
  })

  test('keys of no fixed place make a command movable', () => {
    expect(flagsOf(made([numkeys('keys', 'RO')], { flags: ['fast', 'readonly'] }))).toEqual([
      'readonly',
      'fast',
      'movablekeys',
    ])
  })

  test('one range covers neighbours, and nothing is said of keys apart', () => {
    const two = (first: number, second: number) =>
      keyRangeOf(
        [first, second].map((index) => ({ flags: [], begin: { index }, find: { lastKey: 0, step: 1, limit: 0 } })),
      )
    expect(two(1, 2)).toEqual({ first: 1, last: 2, step: 1 })
    expect(two(1, 3)).toEqual({ first: 0, last: 0, step: 0 })
    expect(keyRangeOf(named('MSET').keySpecs)).toEqual({ first: 1, last: -1, step: 2 })
  })
})
