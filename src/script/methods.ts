/**
 * The table of handle methods: which words each one sends, what it takes, and what its reply becomes.
 *
 * The one idea: handles in process, the interpreter of the tree and the Lua printer read the same rows, so that a method
 * cannot mean two things. Invariants: a row sends exactly one command; a spread of more values than CHUNK is sent as
 * several of them, whose replies `many` puts together; scripts are atomic, so nobody sees the difference.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import type { KeyKind } from './handles.ts'

/** What a parameter takes. `scalar` is text or a number; `text` and `number` are checked by the compiler only. */
export type ParamKind = 'scalar' | 'text' | 'number' | 'pairs' | 'mode' | 'options'

export interface Param {
  readonly name: string
  readonly kind: ParamKind
  /** The parameter takes every remaining argument. */
  readonly rest?: boolean
  /** What stands for the parameter when it is left out; without it, leaving it out is an error (but for mode and options). */
  readonly absent?: Scalar
}
type Scalar = string | number

/**
 * A part of the command line: a word as it is; the key; the value of a parameter; all values of a rest parameter; names and
 * values of a `pairs` parameter; the words of a mode; or the words of an option that was given (`$` is its value, and
 * without `$` the option is a flag) or was not.
 */
export type Word =
  | string
  | { readonly word: 'key' }
  | { readonly word: 'param'; readonly name: string }
  | { readonly word: 'rest'; readonly name: string }
  | { readonly word: 'pairs'; readonly name: string }
  | { readonly word: 'mode'; readonly name: string; readonly words: Readonly<Record<string, readonly string[]>> }
  | {
      readonly word: 'option'
      readonly name: string
      readonly given: readonly string[]
      readonly absent: readonly string[]
    }

/**
 * What a reply becomes:
 * - `text?` a bulk or null · `texts` an array (null becomes empty) · `text` a bulk
 * - `number` an integer · `flag` true when the integer is 1 · `done` true when the reply is not null (SET with NX)
 * - `double` text that spells a number · `double?` the same or null
 * - `scored` member, score, member, score … as tuples · `record` name, value … as an object without prototype
 * - `named` values as an object under the names that were asked for · `kind` the status of TYPE, `none` is null
 * - `ttl` an integer, -2 is null · `entries` of a stream · `nothing` no result
 */
export type ReplyRule =
  | 'text?'
  | 'texts'
  | 'text'
  | 'number'
  | 'flag'
  | 'done'
  | 'double'
  | 'double?'
  | 'scored'
  | 'record'
  | 'named'
  | 'kind'
  | 'ttl'
  | 'entries'
  | 'nothing'

/** How the replies of several commands for one spread become one, and which command answers for a spread of nothing. */
export interface Many {
  readonly join: 'last' | 'sum' | 'merge'
  /** For a spread of nothing: a command's name whose reply (an integer) is the result, or an empty result. */
  readonly none: string | 0 | 'empty'
}

export interface Method {
  readonly words: readonly Word[]
  readonly params: readonly Param[]
  readonly reply: ReplyRule
  readonly writes: boolean
  readonly many?: Many
  /** The line when only what is required is given, each once. */
  readonly plain: PlainLine | undefined
}

/** A line whose words are there before it is called, but for these: a number is the place of an argument, -1 the key. */
export interface PlainLine {
  readonly words: readonly (Bytes | number)[]
  /** How many arguments there are. */
  readonly args: number
}

/** As many values of a rest or pairs parameter go into one command: far below what Lua can unpack. */
export const CHUNK = 1000

const KEY = { word: 'key' } as const
const $ = (name: string): Word => ({ word: 'param', name })
const rest = (name: string): Word => ({ word: 'rest', name })
const pairs = (name: string): Word => ({ word: 'pairs', name })
const flag = (name: string, given: string): Word => ({ word: 'option', name, given: [given], absent: [] })

const scalar = (name: string): Param => ({ name, kind: 'scalar' })
const number = (name: string): Param => ({ name, kind: 'number' })
const several = (name: string, kind: ParamKind = 'scalar'): Param => ({ name, kind, rest: true })
const OPTIONS: Param = { name: 'options', kind: 'options' }

/** Most methods have such a line: nothing in it is spread, left out or a choice. */
function plainLine(words: readonly Word[], params: readonly Param[]): PlainLine | undefined {
  const required = params.filter(({ kind }) => kind !== 'options' && kind !== 'mode')
  if (required.some(({ kind, rest, absent }) => kind === 'pairs' || rest === true || absent !== undefined))
    return undefined
  const line = words.flatMap((part): (Bytes | number)[] => {
    if (typeof part === 'string') return [raw(part)]
    if (part.word === 'key') return [-1]
    if (part.word === 'option') return part.absent.map(raw)
    if (part.word === 'mode') return (part.words.always ?? []).map(raw)
    return [params.findIndex(({ name }) => name === part.name)]
  })
  return { words: line, args: required.length }
}

const reads = (reply: ReplyRule, words: readonly Word[], ...params: Param[]): Method => {
  return { words, params, reply, writes: false, plain: plainLine(words, params) }
}
const writes = (reply: ReplyRule, words: readonly Word[], ...params: Param[]): Method => {
  return { words, params, reply, writes: true, plain: plainLine(words, params) }
}
const spreads = (method: Method, join: Many['join'], none: Many['none']): Method => ({
  ...method,
  many: { join, none },
})

const MODES = { always: [], ifPersistent: ['NX'], ifExpiring: ['XX'], ifLater: ['GT'], ifEarlier: ['LT'] } as const

const SET_OPTIONS: readonly Word[] = [
  flag('ifMissing', 'NX'),
  flag('ifExists', 'XX'),
  { word: 'option', name: 'ttl', given: ['PX', '$'], absent: [] },
  flag('keepTtl', 'KEEPTTL'),
]

/** Methods of every handle. `name` and `child` send nothing, so they are not here. */
const ANY: Readonly<Record<string, Method>> = {
  exists: reads('flag', ['EXISTS', KEY]),
  delete: writes('flag', ['DEL', KEY]),
  type: reads('kind', ['TYPE', KEY]),
  ttl: reads('ttl', ['PTTL', KEY]),
  expire: writes('flag', ['PEXPIRE', KEY, $('ms'), { word: 'mode', name: 'mode', words: MODES }], number('ms'), {
    name: 'mode',
    kind: 'mode',
  }),
  persist: writes('flag', ['PERSIST', KEY]),
}

const STRING: Readonly<Record<string, Method>> = {
  get: reads('text?', ['GET', KEY]),
  set: writes('done', ['SET', KEY, $('value'), ...SET_OPTIONS], scalar('value'), OPTIONS),
  getSet: writes('text?', ['SET', KEY, $('value'), ...SET_OPTIONS, 'GET'], scalar('value'), OPTIONS),
  incrBy: writes('double', ['INCRBYFLOAT', KEY, $('by')], number('by')),
  append: writes('number', ['APPEND', KEY, $('text')], scalar('text')),
}

const LIST: Readonly<Record<string, Method>> = {
  pushLeft: spreads(writes('number', ['LPUSH', KEY, rest('values')], several('values')), 'last', 'LLEN'),
  pushRight: spreads(writes('number', ['RPUSH', KEY, rest('values')], several('values')), 'last', 'LLEN'),
  popLeft: writes('text?', ['LPOP', KEY]),
  popRight: writes('text?', ['RPOP', KEY]),
  popManyLeft: writes('texts', ['LPOP', KEY, $('count')], number('count')),
  popManyRight: writes('texts', ['RPOP', KEY, $('count')], number('count')),
  range: reads('texts', ['LRANGE', KEY, $('start'), $('stop')], number('start'), number('stop')),
  at: reads('text?', ['LINDEX', KEY, $('index')], number('index')),
  setAt: writes('nothing', ['LSET', KEY, $('index'), $('value')], number('index'), scalar('value')),
  length: reads('number', ['LLEN', KEY]),
}

const HASH: Readonly<Record<string, Method>> = {
  get: reads('text?', ['HGET', KEY, $('field')], scalar('field')),
  getMany: spreads(reads('named', ['HMGET', KEY, rest('fields')], several('fields', 'text')), 'merge', 'empty'),
  getAll: reads('record', ['HGETALL', KEY]),
  set: writes('flag', ['HSET', KEY, $('field'), $('value')], scalar('field'), scalar('value')),
  setAll: spreads(writes('number', ['HSET', KEY, pairs('values')], { name: 'values', kind: 'pairs' }), 'sum', 0),
  remove: spreads(writes('number', ['HDEL', KEY, rest('fields')], several('fields')), 'sum', 0),
  incrBy: writes('double', ['HINCRBYFLOAT', KEY, $('field'), $('by')], scalar('field'), number('by')),
  has: reads('flag', ['HEXISTS', KEY, $('field')], scalar('field')),
  fields: reads('texts', ['HKEYS', KEY]),
  values: reads('texts', ['HVALS', KEY]),
  size: reads('number', ['HLEN', KEY]),
}

const SET: Readonly<Record<string, Method>> = {
  add: spreads(writes('number', ['SADD', KEY, rest('members')], several('members')), 'sum', 0),
  remove: spreads(writes('number', ['SREM', KEY, rest('members')], several('members')), 'sum', 0),
  has: reads('flag', ['SISMEMBER', KEY, $('member')], scalar('member')),
  members: reads('texts', ['SMEMBERS', KEY]),
  size: reads('number', ['SCARD', KEY]),
}

const COUNT: Param = { name: 'count', kind: 'number', absent: 1 }

const ZSET: Readonly<Record<string, Method>> = {
  add: writes('flag', ['ZADD', KEY, $('score'), $('member')], scalar('member'), number('score')),
  remove: spreads(writes('number', ['ZREM', KEY, rest('members')], several('members')), 'sum', 0),
  incrBy: writes('double', ['ZINCRBY', KEY, $('by'), $('member')], scalar('member'), number('by')),
  score: reads('double?', ['ZSCORE', KEY, $('member')], scalar('member')),
  popMax: writes('scored', ['ZPOPMAX', KEY, $('count')], COUNT),
  popMin: writes('scored', ['ZPOPMIN', KEY, $('count')], COUNT),
  range: reads('texts', ['ZRANGE', KEY, $('start'), $('stop')], number('start'), number('stop')),
  size: reads('number', ['ZCARD', KEY]),
}

/** As many entries as a stream can hold: COUNT has no word for all. */
const ALL = Number.MAX_SAFE_INTEGER

const STREAM: Readonly<Record<string, Method>> = {
  add: writes(
    'text',
    [
      'XADD',
      KEY,
      { word: 'option', name: 'maxLength', given: ['MAXLEN', '=', '$'], absent: [] },
      { word: 'option', name: 'id', given: ['$'], absent: ['*'] },
      pairs('fields'),
    ],
    { name: 'fields', kind: 'pairs' },
    OPTIONS,
  ),
  range: reads(
    'entries',
    ['XRANGE', KEY, $('from'), $('to'), 'COUNT', $('count')],
    { name: 'from', kind: 'text', absent: '-' },
    { name: 'to', kind: 'text', absent: '+' },
    { name: 'count', kind: 'number', absent: ALL },
  ),
  length: reads('number', ['XLEN', KEY]),
  trim: writes('number', ['XTRIM', KEY, 'MAXLEN', '=', $('maxLength')], number('maxLength')),
  remove: spreads(writes('number', ['XDEL', KEY, rest('ids')], several('ids', 'text')), 'sum', 0),
}

/** The methods of each kind of handle, by name. Records without prototype: no method is inherited. */
export const METHODS: Readonly<Record<KeyKind, Readonly<Record<string, Method>>>> = {
  any: bare(ANY),
  string: bare({ ...ANY, ...STRING }),
  list: bare({ ...ANY, ...LIST }),
  hash: bare({ ...ANY, ...HASH }),
  set: bare({ ...ANY, ...SET }),
  zset: bare({ ...ANY, ...ZSET }),
  stream: bare({ ...ANY, ...STREAM }),
}

function bare(methods: Readonly<Record<string, Method>>): Readonly<Record<string, Method>> {
  return Object.freeze(Object.assign(Object.create(null), methods))
}

/** The names that `env` has, and whether each needs its result (`fail` has none). */
export const ENV_NAMES = ['log', 'toNumber', 'parseJson', 'toJson', 'ascii', 'fail', 'nowMs', 'call'] as const
export type EnvName = (typeof ENV_NAMES)[number]

/** The value of an option as its words: none when it was not given, or is a flag that is false. */
export type OptionValues = Readonly<Record<string, unknown>>

/**
 * The command line of a method for arguments in the order of its parameters (a rest parameter's values follow the others;
 * a `pairs` parameter is an object). `text` writes a scalar.
 */
export function commandLine(
  method: Method,
  key: string,
  args: readonly unknown[],
  options: OptionValues,
  text: (value: unknown) => string,
): string[] {
  const value = (name: string) => {
    const at = method.params.findIndex((param) => param.name === name)
    return args[at] ?? method.params[at]?.absent
  }
  return method.words.flatMap((part) => {
    if (typeof part === 'string') return [part]
    if (part.word === 'key') return [key]
    if (part.word === 'param') return [text(value(part.name))]
    if (part.word === 'rest') return args.slice(method.params.length - 1).map(text)
    if (part.word === 'pairs')
      return Object.entries(value(part.name) ?? {}).flatMap(([name, held]) => [text(name), text(held)])
    if (part.word === 'mode') return [...(part.words[String(value(part.name) ?? 'always')] ?? [])]
    const given = options[part.name]
    if (given === undefined || given === null || given === false) return [...part.absent]
    return part.given.map((word) => (word === '$' ? text(given) : word))
  })
}
