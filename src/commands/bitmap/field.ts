/**
 * BITFIELD and BITFIELD_RO: a string as an array of integers of any width.
 *
 * The one idea: all operations are read before any is done. If one of them writes, the string grows first, as far as
 * the last bit that any of them could write, even where an overflow then forbids it; if none does, nothing grows.
 */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { type FieldType, given, increased, type Overflow, readField, writeField } from '../../structures/bit-field.ts'
import type { Growable } from '../../structures/growable.ts'
import { bytes, choice, key, option, optionOf, sequence } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, int, nullable } from '../shape.ts'
import { buffered, bytesOf, growing } from '../string/string-value.ts'
import { byteOf, checkLast, readFieldOffset } from './offset.ts'

const BAD_OVERFLOW = err('Invalid OVERFLOW type specified')
const BAD_TYPE = err('Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.')
const ONLY_GET = err('BITFIELD_RO only supports the GET subcommand')

interface Operation {
  readonly name: 'GET' | 'SET' | 'INCRBY'
  readonly type: FieldType
  readonly position: number
  /** What SET stores and INCRBY adds. */
  readonly value: number | bigint
  readonly overflow: Overflow
}

/** How many words follow each operation's own. */
const WORDS: Readonly<Record<string, number>> = { GET: 2, SET: 3, INCRBY: 3, OVERFLOW: 1 }

/** 64 bits that do not begin with a byte. */
const MOST_BYTES = 9

const TYPE = /^([iu])([1-9]\d?)$/

function readType(word: Bytes): FieldType {
  const [, sign, digits] = TYPE.exec(word) ?? []
  const width = Number(digits)
  if (sign === undefined || width > (sign === 'i' ? 64 : 63)) throw BAD_TYPE
  return { signed: sign === 'i', width }
}

function readOverflow(word: Bytes): Overflow {
  const folded: string = upper(word)
  if (folded !== 'WRAP' && folded !== 'SAT' && folded !== 'FAIL') throw BAD_OVERFLOW
  return folded
}

function readOperations(ctx: Context, words: readonly Bytes[]): Operation[] {
  const operations: Operation[] = []
  let overflow: Overflow = 'WRAP'
  for (let i = 0; i < words.length; ) {
    const name: string = upper(words[i]!)
    const following = WORDS[name]
    if (following === undefined || i + following >= words.length) throw SYNTAX
    if (name === 'OVERFLOW') overflow = readOverflow(words[i + 1]!)
    else operations.push(readOperation(ctx, name, words.slice(i + 1, i + 1 + following), overflow))
    i += 1 + following
  }
  return operations
}

function readOperation(ctx: Context, name: string, words: readonly Bytes[], overflow: Overflow): Operation {
  const type = readType(words[0]!)
  const position = readFieldOffset(ctx, words[1]!, type.width)
  if (name === 'GET') return { name, type, position, value: 0, overflow }
  return { name: name === 'SET' ? name : 'INCRBY', type, position, value: readInt64(words[2]!), overflow }
}

const writes = ({ name }: Operation): boolean => name !== 'GET'

/** What readers get: nothing grows, and past the end are zeros. */
function read({ db }: Context, key: Bytes, operations: readonly Operation[]): Reply {
  const value = db.find(key, STRING)
  if (value === undefined) return operations.map(() => 0)
  return operations.map(({ position, type }) => {
    if (typeof value === 'object') return readField(value.bytes, value.length, position, type)
    // The few bytes that hold it: a flat string may be long.
    const from = byteOf(position)
    const { bytes, length } = buffered(raw(bytesOf(value).slice(from, from + MOST_BYTES)))
    return readField(bytes, length, position - from * 8, type)
  })
}

/** Does one operation, and gives its reply and whether it changed anything. */
function act({ bytes, length }: Growable, operation: Operation): { readonly reply: Reply; readonly changed: boolean } {
  const { name, position, type, overflow, value } = operation
  const old = readField(bytes, length, position, type)
  if (name === 'GET') return { reply: old, changed: false }
  const next = name === 'SET' ? given(value, type, overflow) : increased(old, value, type, overflow)
  if (next === undefined) return { reply: null, changed: false }
  writeField(bytes, position, type, next)
  return { reply: name === 'SET' ? old : next, changed: next !== old }
}

function write(ctx: Context, key: Bytes, operations: readonly Operation[]): Reply {
  const { db } = ctx
  const last = operations
    .filter(writes)
    .reduce((most, { position, type }) => Math.max(most, position + type.width - 1), 0)
  const old = db.edit(key, STRING)
  checkLast(last)
  const growable = growing(db, key, old)
  const length = old === undefined ? 0 : growable.length
  growable.extend(byteOf(last) + 1)
  const grown = growable.length !== length
  const done = operations.map((each) => ({ ...act(growable, each), written: writes(each) }))
  growable.changed()
  // An operation that wrote what was there is a change all the same when the string has grown for it.
  if (done.some(({ reply, changed, written }) => changed || (grown && written && reply !== null))) {
    db.answered()
    db.touched(key)
    db.event(EVENT.string, 'setbit', key)
  } else if (grown) db.changed()
  return done.map(({ reply }) => reply)
}

const GET = optionOf('get', 'GET', [bytes('encoding'), bytes('offset', 'integer')])

/** Redis' key flags: a line that surely writes nothing only reads. */
function accessOf(argv: Argv): string {
  for (let i = 2; i < argv.length; ) {
    const name: string = upper(argv[i]!)
    const following = WORDS[name]
    if (following === undefined || i + following >= argv.length || following === 3) return 'RW access update'
    i += 1 + following
  }
  return 'RO access'
}

/** BITFIELD key [<GET encoding offset | SET encoding offset value | INCRBY encoding offset increment | OVERFLOW <WRAP | SAT | FAIL>> ...] */
export const bitfield = command({
  name: 'BITFIELD',
  group: 'bitmap',
  since: '3.2.0',
  summary: 'Reads, writes and increases integers of any width at any bit of a string.',
  complexity: 'O(1) for each operation',
  flags: ['write', 'denyoom'],
  args: [
    key('key', 'RW access update variable_flags'),
    sequence(
      'operation',
      GET,
      optionOf('set', 'SET', [bytes('encoding'), bytes('offset', 'integer'), bytes('value', 'integer')]),
      optionOf('incrby', 'INCRBY', [bytes('encoding'), bytes('offset', 'integer'), bytes('increment', 'integer')]),
      option('OVERFLOW', choice('overflow', ['WRAP', 'SAT', 'FAIL'])),
    ),
  ],
  keyAccess: accessOf,
  reply: arrayOf(nullable(int)),
  run: (ctx, { key, operation }) => {
    const operations = readOperations(ctx, operation)
    return operations.some(writes) ? write(ctx, key, operations) : read(ctx, key, operations)
  },
})

/** BITFIELD_RO key [GET encoding offset ...] */
export const bitfieldRo = command({
  name: 'BITFIELD_RO',
  group: 'bitmap',
  since: '6.0.0',
  summary: 'Reads integers of any width at any bit of a string.',
  complexity: 'O(1) for each operation',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO access'), sequence('operation', GET)],
  reply: arrayOf(int),
  run: (ctx, { key, operation }) => {
    const operations = readOperations(ctx, operation)
    if (operations.some(writes)) throw ONLY_GET
    return read(ctx, key, operations)
  },
})
