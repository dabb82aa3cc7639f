/**
 * Value readers: one word to one value, each with Redis' own error texts. Also called by handlers for late arguments.
 */
import { type Bytes, upper } from '../../base/bytes.ts'
import { parseDouble } from '../../base/doubles.ts'
import { err, NOT_A_FLOAT, NOT_AN_INTEGER, NOT_POSITIVE, SYNTAX } from '../../base/errors.ts'
import { parseInteger } from '../../base/integers.ts'
import { parseMilliseconds } from '../../base/long-double.ts'
import { ReplyError } from '../../base/reply.ts'
import { readCursor } from './cursor.ts'
import type { Node, NumberRule } from './nodes.ts'

const TIMEOUT_NOT_A_FLOAT = new ReplyError('ERR timeout is not a float or out of range')
const TIMEOUT_NEGATIVE = new ReplyError('ERR timeout is negative')
const NUMKEYS_NOT_POSITIVE = new ReplyError('ERR numkeys should be greater than 0')
const NO_RULE: NumberRule = {}

/** The reader of a node's single word. */
export function readerOf(node: Node): (word: Bytes) => unknown {
  const rule = node.rule ?? NO_RULE
  switch (node.kind) {
    case 'integer':
      return (word) => readInteger(word, rule)
    case 'int64':
      return (word) => readInt64(word, rule)
    case 'double':
      return (word) => readDouble(word, rule)
    case 'timeout':
      return readTimeout
    case 'cursor':
      return readCursor
    case 'numkeys':
      return (word) => readInteger(word, { min: 1, outside: NUMKEYS_NOT_POSITIVE, ...rule })
    case 'choice':
      return (word) => readChoice(word, node.choices!, node.invalid ?? SYNTAX)
    default:
      return (word) => word
  }
}

/** A 64-bit integer as a number, rounded beyond 2^53; throws when it is none or outside the rule's range. */
export function readInteger(word: Bytes, rule: NumberRule = NO_RULE): number {
  return Number(readInt64(word, rule))
}

/** A 64-bit integer, exact. */
export function readInt64(word: Bytes, rule: NumberRule = NO_RULE): number | bigint {
  const value = parseInteger(word)
  if (value === undefined) throw rule.invalid ?? NOT_AN_INTEGER
  const { min, max } = rule
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) throw outside(rule)
  if (value === 0 && rule.zero !== undefined) throw rule.zero
  return value
}

function outside(rule: NumberRule): ReplyError {
  if (rule.outside !== undefined) return rule.outside
  if (rule.min === 0 && rule.max === undefined) return NOT_POSITIVE
  return err(`value is out of range, value must between ${rule.min} and ${rule.max ?? '9223372036854775807'}`)
}

/** A double; infinities pass, NaN does not. */
export function readDouble(word: Bytes, rule: NumberRule = NO_RULE): number {
  const value = parseDouble(word)
  if (value === undefined) throw rule.invalid ?? NOT_A_FLOAT
  return value
}

/** Seconds, possibly fractional, to whole milliseconds (rounded up). Too many overflow to a negative time, as in Redis. */
export function readTimeout(word: Bytes): number {
  const ms = parseMilliseconds(word)
  if (ms === undefined) throw TIMEOUT_NOT_A_FLOAT
  if (ms < 0) throw TIMEOUT_NEGATIVE
  return ms
}

function readChoice(word: Bytes, choices: readonly string[], invalid: ReplyError): string {
  const folded = upper(word)
  if (!choices.includes(folded)) throw invalid
  return folded
}
