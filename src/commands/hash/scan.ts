/** HSCAN: walking the fields of a hash. */
import type { Bytes } from '../../base/bytes.ts'
import { formatInteger } from '../../base/integers.ts'
import { HASH } from '../../keyspace/value.ts'
import { flag, key, newIn } from '../args/nodes.ts'
import { SCAN_ARGS, SCAN_COUNT, scanAbsent, scanWants } from '../args/scan.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, tuple } from '../shape.ts'

/** HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES] */
export const hscan = command({
  name: 'HSCAN',
  group: 'hash',
  since: '2.8.0',
  summary: 'Gives some fields, with or without their values, and a cursor to go on with; a small hash comes at once.',
  complexity: 'O(count)',
  flags: ['readonly'],
  args: [key('key', 'RO access'), ...SCAN_ARGS, newIn('7.4.0', flag('NOVALUES'))],
  reply: tuple(bulk, arrayOf(bulk)),
  tips: ['nondeterministic_output'],
  run: ({ db }, { key, cursor, pattern, count, novalues }) => {
    const found: Bytes[] = []
    const next = db.find(key, HASH)?.scan(cursor, count ?? SCAN_COUNT, (field, value) => {
      if (!scanWants(pattern, field)) return
      found.push(field)
      if (!novalues) found.push(value)
    })
    return [formatInteger(next ?? 0), found]
  },
  fast: (ctx, argv) => scanAbsent(ctx, argv, HASH),
})
