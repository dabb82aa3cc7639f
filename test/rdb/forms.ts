/** Values in every form there is, hand-made, with what they say: for the test of forms and as a corpus for mutations. */
import { TYPE } from '../../src/rdb/format.ts'
import { bytesOf, id, intset, listpack, little, text, ziplist, zipmap } from './build.ts'

/** A type byte, the bytes of a value, and the value as text (see `textOf`). */
export interface Form {
  readonly name: string
  readonly type: number
  readonly bytes: Buffer
  readonly says: string
}

const DOUBLE = Buffer.alloc(8)
DOUBLE.writeDoubleLE(-2.5)
const FAR = 4102444800000
/** A run of two bytes, then 38 from two bytes before. */
const LZF_AB = bytesOf(0xc3, 6, 40, 1, 'ab', 0xe0, 29, 1)

const node = listpack([2, 1, 1, 'name', 0, 2, 0, 0, 'v1', 4, 3, 1, 0, 'v2', 4, 0, 5, 7, 1, 'odd', 'v3', 6])
const stream = bytesOf(1, text(id(1000n, 0n)), text(node), 2, 0x80, 0, 0, 3, 0xed, 7)
const counters = bytesOf(0x80, 0, 0, 3, 0xe8, 0, 0x80, 0, 0, 3, 0xe9, 0, 3)
const pending = bytesOf(1, id(1000n, 0n), little(1234567890123n, 8), 5)
const consumer = (active: Buffer | string) =>
  bytesOf(2, text('c1'), little(1600000000000n, 8), active, 1, id(1000n, 0n), text('c2'), little(0, 8), active, 0)
const entries = 'stream 1005-7 [1000-0 name=v1; 1005-7 odd=v3; ]'
const group = 'c1@1600000000000(1000-0 1234567890123 x5) c2@0()'

const form = (name: string, type: number, bytes: Buffer, says: string): Form => ({ name, type, bytes, says })

const strings: readonly Form[] = [
  form('raw', TYPE.string, text('abc'), 'string abc'),
  form('length of 14 bits', TYPE.string, bytesOf(0x40, 100, 'y'.repeat(100)), `string ${'y'.repeat(100)}`),
  form('length of 32 bits', TYPE.string, text('abc', true), 'string abc'),
  form('length of 64 bits', TYPE.string, bytesOf(0x81, 0, 0, 0, 0, 0, 0, 0, 3, 'abc'), 'string abc'),
  form('empty', TYPE.string, bytesOf(0), 'string '),
  form('int8', TYPE.string, bytesOf(0xc0, 0x85), 'string -123'),
  form('int16', TYPE.string, bytesOf(0xc1, little(-12345, 2)), 'string -12345'),
  form('int32', TYPE.string, bytesOf(0xc2, little(1234567890, 4)), 'string 1234567890'),
  form('LZF', TYPE.string, LZF_AB, `string ${'ab'.repeat(20)}`),
]

const lists: readonly Form[] = [
  form('list', TYPE.list, bytesOf(3, text('a'), text('b'), bytesOf(0xc0, 7)), 'list a,b,7'),
  form(
    'list ziplist',
    TYPE.listZiplist,
    text(
      ziplist([
        'abc',
        'imm:12',
        'imm:0',
        'i8:-5',
        'i16:-300',
        'i24:-70000',
        'i32:-2147483648',
        'i64:9223372036854775807',
        'z'.repeat(70),
      ]),
    ),
    `list abc,12,0,-5,-300,-70000,-2147483648,9223372036854775807,${'z'.repeat(70)}`,
  ),
  form('list ziplist, long', TYPE.listZiplist, text(ziplist(['q'.repeat(20000), 'b'])), `list ${'q'.repeat(20000)},b`),
  form('list ziplist, wide ways back', TYPE.listZiplist, text(ziplist(['a', 'b', 'c'], true)), 'list a,b,c'),
  form('quicklist', TYPE.listQuicklist, bytesOf(2, text(ziplist(['a'])), text(ziplist(['b', 'c']))), 'list a,b,c'),
  form(
    'quicklist2',
    TYPE.listQuicklist2,
    bytesOf(3, 2, text(listpack(['a', 1])), 1, text('plain'), 2, text(listpack([5n]))),
    'list a,1,plain,5',
  ),
]

const sets: readonly Form[] = [
  form('set', TYPE.set, bytesOf(2, text('b'), text('a')), 'set a,b'),
  form('intset 16', TYPE.setIntset, text(intset(2, [-32768, -1, 7])), 'set -1,-32768,7'),
  form('intset 32', TYPE.setIntset, text(intset(4, [-70000, 3])), 'set -70000,3'),
  form('intset 64', TYPE.setIntset, text(intset(8, [-9223372036854775808n, 2])), 'set -9223372036854775808,2'),
  form('set listpack', TYPE.setListpack, text(listpack(['x', 3, 'y'])), 'set 3,x,y'),
]

const sortedSets: readonly Form[] = [
  form(
    'zset',
    TYPE.zset,
    bytesOf(4, text('a'), 3, '1.5', text('b'), 254, text('c'), 255, text('d'), 4, '-0.1'),
    'zset c -Infinity,d -0.1,a 1.5,b Infinity',
  ),
  form('zset2', TYPE.zset2, bytesOf(1, text('a'), DOUBLE), 'zset a -2.5'),
  form('zset ziplist', TYPE.zsetZiplist, text(ziplist(['m', 'imm:3', 'n', '3.25'])), 'zset m 3,n 3.25'),
  form('zset listpack', TYPE.zsetListpack, text(listpack(['m', 3, 'n', '3.25'])), 'zset m 3,n 3.25'),
]

const hashes: readonly Form[] = [
  form('hash', TYPE.hash, bytesOf(2, text('f'), text('1'), text('g'), text('')), 'hash f=1,g='),
  form(
    'zipmap',
    TYPE.hashZipmap,
    text(zipmap(['f', '1', 'g'.repeat(300), 'two'], 3)),
    `hash f=1,${'g'.repeat(300)}=two`,
  ),
  form('zipmap of a long value', TYPE.hashZipmap, text(zipmap(['f', 'v'.repeat(254)])), `hash f=${'v'.repeat(254)}`),
  form('hash ziplist', TYPE.hashZiplist, text(ziplist(['f', 'imm:1', 'g', 'x'])), 'hash f=1,g=x'),
  form('hash listpack', TYPE.hashListpack, text(listpack(['f', 1, 'g', 'x'])), 'hash f=1,g=x'),
  form(
    'hash metadata',
    TYPE.hashMetadata,
    bytesOf(little(FAR, 8), 2, 1, text('f'), text('1'), 0, text('g'), text('x')),
    `hash f=1@${FAR},g=x`,
  ),
  form(
    'hash metadata, later',
    TYPE.hashMetadata,
    bytesOf(little(FAR, 8), 1, 11, text('f'), text('1')),
    `hash f=1@${FAR + 10}`,
  ),
  form(
    'hash listpack ex',
    TYPE.hashListpackEx,
    bytesOf(little(FAR, 8), text(listpack(['f', 1, BigInt(FAR), 'g', 'x', 0]))),
    `hash f=1@${FAR},g=x`,
  ),
  form(
    'hash metadata, early',
    TYPE.hashMetadataEarly,
    bytesOf(1, bytesOf(0x81, little(FAR, 8).toReversed()), text('f'), text('1')),
    `hash f=1@${FAR}`,
  ),
  form('hash listpack ex, early', TYPE.hashListpackExEarly, text(listpack(['f', 1, BigInt(FAR)])), `hash f=1@${FAR}`),
]

const streams: readonly Form[] = [
  form('stream', TYPE.streamListpacks, bytesOf(stream, 0), `${entries} added 2 deleted 0-0`),
  form(
    'stream, group',
    TYPE.streamListpacks,
    bytesOf(stream, 1, text('g'), 0, 0, pending, consumer('')),
    `${entries} added 2 deleted 0-0 g:0-0 read 0 ${group}`,
  ),
  form(
    'stream 2',
    TYPE.streamListpacks2,
    bytesOf(stream, counters, 1, text('g'), 5, 6, 2, pending, consumer('')),
    `${entries} added 3 deleted 1001-0 g:5-6 read 2 ${group}`,
  ),
  form(
    'stream 2, reads not known',
    TYPE.streamListpacks2,
    bytesOf(stream, counters, 1, text('g'), 5, 6, 0x81, Buffer.alloc(8, 255), 0, 0),
    `${entries} added 3 deleted 1001-0 g:5-6 read undefined `,
  ),
  form(
    'stream 3',
    TYPE.streamListpacks3,
    bytesOf(stream, counters, 1, text('g'), 5, 6, 2, pending, consumer(little(9, 8))),
    `${entries} added 3 deleted 1001-0 g:5-6 read 2 ${group}`,
  ),
  form(
    'stream without entries',
    TYPE.streamListpacks2,
    bytesOf(0, 0, 9, 1, 0, 0, 0, 0, 4, 0),
    'stream 9-1 [] added 4 deleted 0-0',
  ),
]

export const forms: readonly Form[] = [...strings, ...lists, ...sets, ...sortedSets, ...hashes, ...streams]
