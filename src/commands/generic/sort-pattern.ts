/** SORT's BY and GET patterns: `weight_*`, `object_*->field`, `#`. */
import { type Bytes, raw } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Reading, Value } from '../../keyspace/value.ts'

/**
 * What a pattern finds for an element: the element itself for `#`, else the string, or the field of a hash, at the key
 * whose name is the pattern with its first `*` replaced. Undefined when there is none or the pattern has no `*`.
 */
export function lookUpPattern(db: Database, pattern: Bytes, element: Bytes): Bytes | undefined {
  if (pattern === '#') return element
  const star = pattern.indexOf('*')
  if (star < 0) return undefined
  const arrow = pattern.indexOf('->', star + 1)
  // An arrow with nothing behind it is a part of the key.
  const field = arrow >= 0 && arrow + 2 < pattern.length ? pattern.slice(arrow + 2) : undefined
  const rest = pattern.slice(star + 1, field === undefined ? pattern.length : arrow)
  const value = db.findAny(raw(`${pattern.slice(0, star)}${element}${rest}`))
  if (value === undefined) return undefined
  return field === undefined ? stringIn(value) : fieldIn(value, raw(field))
}

function stringIn(value: Reading<Value>): Bytes | undefined {
  if (typeof value === 'number') return formatInteger(value)
  if (typeof value === 'string') return value
  return 'toBytes' in value ? value.toBytes() : undefined
}

function fieldIn(value: Reading<Value>, field: Bytes): Bytes | undefined {
  return typeof value === 'object' && 'type' in value && value.type === 'hash' ? value.get(field) : undefined
}
