/** Finding keys: KEYS, SCAN, RANDOMKEY. */
import { type Bytes, lower } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import { matchGlob } from '../../base/glob.ts'
import { typeOf } from '../../keyspace/value.ts'
import { bytes, cursor, integer, option } from '../args/nodes.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, keyName, nullable, tuple } from '../shape.ts'

const ALL = '*'
const DEFAULT_COUNT = 10

/** KEYS pattern */
export const keys = command({
  name: 'KEYS',
  group: 'generic',
  since: '1.0.0',
  summary: 'Gives every key that matches a pattern; looks at all keys at once.',
  complexity: 'O(N), N keys in the database',
  flags: ['readonly'],
  acl: ['keyspace', 'dangerous'],
  args: [bytes('pattern', 'pattern')],
  reply: arrayOf(keyName),
  tips: ['request_policy:all_shards', 'nondeterministic_output_order'],
  run: ({ db }, { pattern }) => (pattern === ALL ? db.keys() : db.keys().filter((key) => matchGlob(pattern, key))),
})

/** SCAN cursor [MATCH pattern] [COUNT count] [TYPE type] */
export const scan = command({
  name: 'SCAN',
  group: 'generic',
  since: '2.8.0',
  summary: 'Gives some keys and a cursor to go on with; what is there throughout is given at least once.',
  complexity: 'O(count)',
  flags: ['readonly'],
  acl: ['keyspace'],
  args: [
    cursor('cursor'),
    option('MATCH', bytes('pattern', 'pattern')),
    option('COUNT', integer('count', { min: 1, outside: SYNTAX })),
    option('TYPE', bytes('type')),
  ],
  reply: tuple(bulk, arrayOf(keyName)),
  tips: ['nondeterministic_output', 'request_policy:special'],
  run: ({ db }, { cursor, pattern, count, type }) => {
    const wanted = type === undefined ? undefined : lower(type)
    const found: Bytes[] = []
    const next = db.scan(cursor, count ?? DEFAULT_COUNT, (key, value) => {
      if (wanted !== undefined && typeOf(value) !== wanted) return
      if (pattern === undefined || pattern === ALL || matchGlob(pattern, key)) found.push(key)
    })
    return [`${next}` as Bytes, found]
  },
})

/** RANDOMKEY */
export const randomkey = command({
  name: 'RANDOMKEY',
  group: 'generic',
  since: '1.0.0',
  summary: 'Gives any key, each equally likely.',
  complexity: 'O(1)',
  flags: ['readonly'],
  acl: ['keyspace'],
  args: [],
  reply: nullable(keyName),
  tips: ['request_policy:all_shards', 'nondeterministic_output'],
  run: ({ db, random }) => db.randomKey(random) ?? null,
})
