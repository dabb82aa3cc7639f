/** SETBIT and GETBIT: one bit of a string. */
import type { Argv, Bytes } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { STRING } from '../../keyspace/value.ts'
import { type Bit, bitAt, inByte, writeBit } from '../../structures/bits.ts'
import { bytes, key } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { int } from '../shape.ts'
import { bytesOf, growing } from '../string/string-value.ts'
import { byteOf, checkLast, readOffset } from './offset.ts'

const BIT_INVALID = err('bit is not an integer or out of range')

function readBit(word: Bytes): Bit {
  if (word === '1') return 1
  if (word === '0') return 0
  throw BIT_INVALID
}

function setBit(ctx: Context, key: Bytes, offset: Bytes, value: Bytes): Bit {
  const { db } = ctx
  const position = readOffset(ctx, offset)
  const bit = readBit(value)
  const old = db.edit(key, STRING)
  checkLast(position)
  const growable = growing(db, key, old)
  const length = old === undefined ? 0 : growable.length
  growable.extend(byteOf(position) + 1)
  const before = writeBit(growable.bytes, position, bit)
  if (before !== bit || growable.length !== length) {
    growable.changed()
    db.touched(key)
    db.event(EVENT.string, 'setbit', key)
  }
  return before
}

/** SETBIT key offset value */
export const setbit = command({
  name: 'SETBIT',
  group: 'bitmap',
  since: '2.2.0',
  summary: 'Writes one bit of a string, which grows as far as needed, and gives the bit that was there.',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: [key('key', 'RW access update'), bytes('offset', 'integer'), bytes('value', 'integer')],
  reply: int,
  run: (ctx, { key, offset, value }) => setBit(ctx, key, offset, value),
  fast: (ctx, argv: Argv) => setBit(ctx, argv[1]!, argv[2]!, argv[3]!),
})

function getBit(ctx: Context, key: Bytes, offset: Bytes): Bit {
  const position = readOffset(ctx, offset)
  const value = ctx.db.find(key, STRING)
  if (value === undefined) return 0
  if (typeof value === 'object') return bitAt(value.bytes, value.length, position)
  const text = bytesOf(value)
  const at = byteOf(position)
  return at < text.length ? inByte(text.charCodeAt(at), position) : 0
}

/** GETBIT key offset */
export const getbit = command({
  name: 'GETBIT',
  group: 'bitmap',
  since: '2.2.0',
  summary: 'Gives one bit of a string; past its end all bits are 0.',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: [key('key', 'RO access'), bytes('offset', 'integer')],
  reply: int,
  run: (ctx, { key, offset }) => getBit(ctx, key, offset),
  fast: (ctx, argv: Argv) => getBit(ctx, argv[1]!, argv[2]!),
})
