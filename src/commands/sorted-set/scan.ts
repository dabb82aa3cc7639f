/** ZSCAN: walking the members of a sorted set. */
import type { Bytes } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import { formatInteger } from '../../base/integers.ts'
import { ZSET } from '../../keyspace/value.ts'
import { key } from '../args/nodes.ts'
import { SCAN_ARGS, SCAN_COUNT, scanAbsent, scanWants } from '../args/scan.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, tuple } from '../shape.ts'

/** ZSCAN key cursor [MATCH pattern] [COUNT count] */
export const zscan = command({
  name: 'ZSCAN',
  group: 'sorted-set',
  since: '2.8.0',
  summary: 'Gives some members with their scores and a cursor to go on with; a small sorted set comes at once.',
  complexity: 'O(count)',
  flags: ['readonly'],
  args: [key('key', 'RO access'), ...SCAN_ARGS],
  reply: tuple(bulk, arrayOf(bulk)),
  tips: ['nondeterministic_output'],
  run: ({ db }, { key, cursor, pattern, count }) => {
    const found: Bytes[] = []
    const set = db.find(key, ZSET)
    // A listpack holds whole scores as integers and gives them without an exponent.
    const print = set?.encoding() === 'listpack' ? formatHeld : formatDouble
    const next = set?.scan(cursor, count ?? SCAN_COUNT, (member, score) => {
      // Scores are strings here even in RESP3.
      if (scanWants(pattern, member)) found.push(member, print(score))
    })
    return [formatInteger(next ?? 0), found]
  },
  fast: (ctx, argv) => scanAbsent(ctx, argv, ZSET),
})

const formatHeld = (score: number): Bytes =>
  Number.isInteger(score) && Math.abs(score) <= 2 ** 62 ? formatInteger(BigInt(score)) : formatDouble(score)
