/**
 * The words that random commands are made of: for each argument, by its name and kind, a few that meet each other.
 *
 * Invariant: no word depends on the wall clock, so that two servers given the same words end up with the same data.
 * Deadlines are either long past or far away, in seconds as in milliseconds.
 */
import type { Node } from '../commands/args/nodes.ts'
import type { Command } from '../commands/command.ts'

/** Members, fields and values. */
export const MEMBERS = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  '1',
  '2',
  '3',
  '-7',
  '9007199254740993',
  '\x00\xff\r\n',
  '',
  'x'.repeat(70),
]
const INTEGERS = ['0', '1', '2', '3', '5', '10', '-1', '-2', '-5', '100', '9223372036854775807', '-9223372036854775808']
const COUNTS = ['1', '2', '3', '5', '10', '100', '1', '2', '-1', '-3', '0']
const DOUBLES = ['0', '1', '2', '-1.5', '3.25', '0.1', '1e3', 'inf', '-inf', '1', '2', '5', '-0', '1e17', '1.1']
const IDS = ['0', '0-0', '1-1', '2-0', '3', '3-3', '5-1', '7-0', '10-5', '18446744073709551615-18446744073709551615']
const RANGE_IDS = ['-', '+', ...IDS, '(1-1', '(3', '2', '5']
const SCORES = ['-inf', '+inf', '1', '(1', '2', '(3', '0', '10', '-1.5', '(inf']
const LEX = ['-', '+', '[a', '(b', '[c', '[1', '(z', '[']
const GLOBS = ['*', 's*', '?1', '[lh]*', 'a*', 'nothing', '\\*', '*1*']
const FAR = ['5000', '100000', '3000000']
const GROUPS = ['g1', 'g2']
const CONSUMERS = ['c1', 'c2', 'c3']
const CHANNELS = ['news', 'sport', 'ch1']

const BIT_OFFSETS = ['0', '1', '5', '7', '8', '13', '31', '63', '64', '100', '700', '2000', '-1', '4294967296']
const FIELD_OFFSETS = [...BIT_OFFSETS, '#0', '#1', '#2', '#3', '#7', '#', '#-1', '#9223372036854775807', '#4294967296']
const FIELD_TYPES = [
  ...['u1', 'u2', 'u5', 'u8', 'u16', 'u31', 'u32', 'u33', 'u53', 'u54', 'u62', 'u63', 'u8', 'u2', 'u64'],
  ...['i1', 'i2', 'i5', 'i8', 'i16', 'i31', 'i32', 'i33', 'i53', 'i54', 'i55', 'i63', 'i64', 'i8', 'i2', 'i0'],
]
const FIELD_VALUES = [
  ...['0', '1', '-1', '2', '5', '-5', '127', '128', '-128', '-129', '255', '256', '70000', '-70000'],
  ...['2147483647', '-2147483648', '4294967295', '-4294967296', '9007199254740991', '-9007199254740992'],
  ...['4611686018427387904', '-4611686018427387905', '9223372036854775807', '-9223372036854775808'],
]
const BIT_PLACES = ['0', '1', '-1', '2', '-2', '9', '17', '-9', '100', '-100', '700', '-9223372036854775808']

/** What RESTORE takes: values of several types and forms, then three that it refuses. */
const PAYLOADS = [
  '\x00\x03abc\x0a\x00\xd9\xac0\x3dAr\xa2\xe2',
  '\x00\xc0\x05\x0a\x00c\x2f_f\x83\x2f\xb3Q',
  '\x01\x02\x01a\x01b\x0a\x002\xa8\x90\x7e\xd5\x03\x1aE',
  '\x02\x02\x011\x01a\x0a\x00\x7eK\xf63\xbf-c\xa1',
  '\x04\x01\x01a\x01b\x0a\x00p\xcdE\xb7\xbc\xe5\x88:',
  '\x03\x01\x01a\x031.5\x0a\x00:\xad\xa5\xfd\x1fa\x86\x22',
  '\x0b\x0c\x02\x00\x00\x00\x02\x00\x00\x00\x01\x00\x02\x00\x0a\x00oy8\xb14\xeb\x20.',
  '\x0a\x10\x10\x00\x00\x00\x0d\x00\x00\x00\x02\x00\x00\x01a\x03\xf4\xff\x0a\x00\x00\xd7\xfb\x5e\xe3\xa0cc',
  '\x00\x28a\x0a\x00\xe8\x2b\xee\xf9\x0c\x87\xa7\xa6',
  '\x00\x03abd\x0a\x00\xd9\xac0\x3dAr\xa2\xe2',
  'abc',
]

/** Words by an argument's name; the first rule that fits the command and the name counts. */
const RULES: readonly (readonly [command: RegExp, name: RegExp, words: readonly string[]])[] = [
  [/^[SG]ETBIT$/, /^offset$/, BIT_OFFSETS],
  [/^SETBIT$/, /^value$/, ['0', '1', '0', '1', '0', '1', '2']],
  [/^BITPOS$/, /^bit$/, ['0', '1', '0', '1', '0', '1', '2']],
  [/^BIT(COUNT|POS)$/, /^(start|end)$/, BIT_PLACES],
  [/^BITFIELD/, /^offset$/, FIELD_OFFSETS],
  [/^BITFIELD/, /^encoding$/, FIELD_TYPES],
  [/^BITFIELD/, /^(value|increment)$/, FIELD_VALUES],
  [/^RESTORE$/, /^serialized-value$/, PAYLOADS],
  [/^RESTORE$/, /^ttl$/, ['0', '0', '0', '5000000', '9999999999000', '9223372036854775807', '-1', 'abc']],
  [/^RESTORE$/, /^(seconds|frequency)$/, ['0', '5', '100', '255', '256', '-1', 'abc']],
  [/^LCS$/, /^min-match-len$/, ['0', '1', '2', '3', '5', '-1', '100']],
  [
    /^X(ADD)$/,
    /^id$/,
    ['1-1', '2-0', '3-3', '5-1', '7-*', '9-1', '10-5', '12-0', '20-*', '30-1', '40-1', '50-*', '60-1'],
  ],
  [/^XREAD$/, /id/, ['0', '1-1', '3', '$', '5-1']],
  [/^XREADGROUP$/, /id/, ['>', '>', '>', '0', '1-1']],
  [/^XGROUP\|/, /id/, ['0', '$', '1-1', '3', '7-0']],
  [/^XSETID$/, /id/, ['100-1', '200', '5-1', '1000-0']],
  [/^X/, /^(group|groupname)$/, GROUPS],
  [/^X/, /^consumer/, CONSUMERS],
  [/^XADD$|^XTRIM$/, /threshold|maxlen|minid/, ['0', '1', '2', '3', '5', '3-3', '=', '~']],
  [/^X/, /^(start|end|from|to|min|max)/, RANGE_IDS],
  [/^X/, /^(ids?|last)/, IDS],
  // Nobody's time is up during a run: answers that come by the clock would come in another order.
  [/^XREAD/, /^(milliseconds|block)$/, ['0', '100000', '-1', 'abc']],
  // Redis counts to 2^63 where we stop at 2^53 (see COMPATIBILITY).
  [/^X(GROUP|SETID|CLAIM)/, /entries|retry|count/i, ['0', '1', '3', '20', '-1', '-5']],
  [/^X/, /(idle|min-idle|time|ms|retry)/i, ['0', '0', '100000000', '1']],
  [/^GEO/, /^longitude$/, ['13.361389', '15.087269', '12.758489', '13.5', '0', '180', '-180', '179.9', '200', 'abc']],
  [/^GEO/, /^latitude$/, ['38.115556', '37.502669', '38.788135', '38', '0', '85.05', '-85.05112878', '66.5', '90']],
  [/^GEO/, /^(radius|width|height)$/, ['0', '1', '50', '200', '500', '3000', '1e6', '3e7', 'inf', '200', '-1', 'abc']],
  [/^GEO/, /^count$/, ['1', '2', '3', '5', '10', '100', '1', '2', '0', '-1']],
  [/^PFDEBUG$/, /^subcommand$/, ['GETREG', 'DECODE', 'ENCODING', 'ToDense', 'decode', 'encoding', 'nothing']],
  [/^Z.*LEX/, /^(min|max|start|stop)$/, LEX],
  [/^Z.*SCORE|^ZCOUNT/, /^(min|max)$/, SCORES],
  [/^ZRANGE(STORE)?$/, /^(start|stop|min|max)$/, ['0', '1', '-1', '2', '-3', '10', ...SCORES, ...LEX]],
  [/^Z/, /score|increment|weight/, DOUBLES],
  [/./, /pattern/, GLOBS],
  [/^(EXPIREAT)$/, /./, ['9999999999', '5', '100', '8888888888']],
  [/^(PEXPIREAT)$/, /./, ['9999999999000', '5', '8888888888000']],
  [/^(EXPIRE|SETEX)$/, /seconds/, [...FAR, '-1', '9223372036854775807']],
  [/^(PEXPIRE|PSETEX)$/, /milliseconds/, ['5000000', '100000000', '-1', '9223372036854775807']],
  [/^(SET|GETEX)$/, /^(ex|seconds)$/, [...FAR, '0', '-1', '9223372036854775807']],
  [/^(SET|GETEX)$/, /^(px|milliseconds)$/, ['5000000', '100000000', '0', '-5']],
  [/^(SET|GETEX)$/, /^(exat|unix-?time-?seconds)$/i, ['9999999999', '8888888888', '0']],
  [/^(SET|GETEX)$/, /^(pxat|unix-?time-?milliseconds)$/i, ['9999999999000', '8888888888000', '0']],
  [/./, /^(db|index|index1|index2|destination-?db)$/i, ['0', '1', '2', '0', '16', '-1']],
  [/./, /^(count|limit|numlocal|maxlen|rank)$/, COUNTS],
  [/./, /^offset$/, ['0', '1', '2', '5', '-1', '100']],
  [/./, /^(start|stop|end)$/, ['0', '1', '-1', '2', '-2', '5', '-100', '100']],
  [/^S?(P?SUB|UNSUB|PUNSUB|PUB|PUBSUB)/, /channel/, CHANNELS],
  [/^INCRBYFLOAT|^HINCRBYFLOAT/, /increment/, ['1', '0.1', '-2.5', '1e3', '3.0e-2', '0', '10.50', '1e400']],
]

/** The words that may stand for this argument. */
export function wordsFor(command: Command, node: Node): readonly string[] {
  const rule = RULES.find(([commands, names]) => commands.test(command.name) && names.test(node.name))
  if (rule !== undefined) return rule[2]
  switch (node.kind) {
    case 'integer':
    case 'int64':
      return INTEGERS
    case 'double':
      return DOUBLES
    case 'timeout':
      return ['0', '100', '1000', '-1', 'abc']
    default:
      return node.doc === 'integer' ? INTEGERS : node.doc === 'double' ? DOUBLES : MEMBERS
  }
}
