/** GEOADD: places as scores of a sorted set. */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import { formatDouble } from '../../base/doubles.ts'
import { SYNTAX } from '../../base/errors.ts'
import { scoreOf } from '../../structures/geohash.ts'
import { bytes, double, flag, key, late, oneOf, tail } from '../args/nodes.ts'
import { argvOf, command } from '../command.ts'
import { int } from '../shape.ts'
import { zadd } from '../sorted-set/add.ts'
import { readPlace } from './place.ts'

const OPTIONS = new Set<Bytes>(['NX', 'XX', 'CH'].map(raw))

/** The ZADD that does the same; also what a log repeats. Places are read before ZADD looks the key up. */
function asZadd(key: Bytes, words: Argv): Argv {
  let at = 0
  while (at < words.length && OPTIONS.has(upper(words[at]!))) at++
  const options = words.slice(0, at).map(upper)
  const has = (name: string): boolean => options.includes(raw(name))
  if ((words.length - at) % 3 !== 0 || (has('NX') && has('XX'))) throw SYNTAX
  const pairs: Bytes[] = []
  for (let i = at; i < words.length; i += 3) {
    pairs.push(formatDouble(scoreOf(readPlace(words[i]!, words[i + 1]!))), words[i + 2]!)
  }
  return argvOf('ZADD', key, ...options, ...pairs)
}

/** GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...] */
export const geoadd = command({
  name: 'GEOADD',
  group: 'geo',
  since: '3.2.0',
  summary: 'Puts members at places, on conditions; answers how many are new, with CH how many moved too.',
  complexity: 'O(M*log(N)), M members named, N members held',
  flags: ['write', 'denyoom'],
  args: [
    key('key', 'RW update'),
    late('places', [
      ...oneOf('condition', flag('NX'), flag('XX')),
      flag('CH'),
      tail('places', [double('longitude'), double('latitude'), bytes('member')]),
    ]),
  ],
  reply: int,
  run: (ctx, { key, places }) => zadd.execute(ctx, asZadd(key, places)),
  effects: (_ctx, argv) => [asZadd(argv[1]!, argv.slice(2))],
})
