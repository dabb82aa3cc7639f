/**
 * Shapes of data whose memory is measured, as the commands that make them; the same for every store.
 *
 * Keys, members and values are 16 bytes that no store can hold as a number, and all differ.
 */

export interface Shape {
  readonly title: string
  /** A command that a store must have. */
  readonly command: string
  /** What a figure is divided by. */
  readonly units: number
  readonly unit: string
  /** The n-th command; there are `count`. */
  readonly count: number
  make(n: number): readonly string[]
}

const SMALL = 50_000
const LARGE = 500_000
const STRINGS = 1_000_000

const word = (prefix: string, n: number): string => `${prefix}${String(n).padStart(16 - prefix.length, '0')}`

const ten = (each: (i: number) => readonly string[]): readonly string[] =>
  Array.from({ length: 10 }, (_, i) => each(i)).flat()

/** Many keys of ten elements. */
function small(title: string, command: string, each: (n: number) => readonly string[]): Shape {
  const make = (n: number): readonly string[] => [command, word('key:', n), ...ten((i) => each(n * 10 + i))]
  return { title, command, units: SMALL, unit: 'key', count: SMALL, make }
}

/** One key of very many elements. */
function large(title: string, command: string, each: (n: number) => readonly string[], count = LARGE): Shape {
  const make = (n: number): readonly string[] => [command, 'large', ...each(n)]
  return { title, command, units: count, unit: 'element', count, make }
}

const member = (n: number): string => word('member:', n)
const score = (n: number): string => String((n * 7919) % 1_000_003)

export const SHAPES: Readonly<Record<string, Shape>> = {
  strings: {
    title: 'strings, 16 B key, 16 B value',
    command: 'SET',
    units: STRINGS,
    unit: 'key',
    count: STRINGS,
    make: (n) => ['SET', word('key:', n), word('value:', n)],
  },
  'small-hashes': small('hashes of 10 fields', 'HSET', (n) => [`field:${n % 10}`, word('value:', n)]),
  'large-hash': large('one hash of 500,000 fields', 'HSET', (n) => [word('field:', n), word('value:', n)]),
  'small-sets': small('sets of 10 members', 'SADD', (n) => [member(n)]),
  'large-set': large('one set of 500,000 members', 'SADD', (n) => [member(n)]),
  'small-lists': small('lists of 10 elements', 'RPUSH', (n) => [member(n)]),
  'large-list': large('one list of 500,000 elements', 'RPUSH', (n) => [member(n)]),
  'small-sorted-sets': small('sorted sets of 10 members', 'ZADD', (n) => [score(n), member(n)]),
  'large-sorted-set': large('one sorted set of 500,000 members', 'ZADD', (n) => [score(n), member(n)]),
  'large-stream': large('one stream of 200,000 entries, 2 fields', 'XADD', entry, 200_000),
}

function entry(n: number): readonly string[] {
  return [`${1_600_000_000_000 + n * 7}-0`, 'sensor', word('value:', n % 100), 'reading', word('value:', n)]
}
