/**
 * SORT and SORT_RO: the elements of a list, set or sorted set in order, or what other keys hold under their names.
 *
 * The one idea: a window (LIMIT) over rows; a row is an element with its weight. Weights are loaded for every element,
 * even beyond the window, since one that is no number fails the whole command. BY a pattern without `*` means
 * "don't sort": rows keep the order of their list or sorted set.
 */
import { type Bytes, EMPTY } from '../../base/bytes.ts'
import { err, WRONGTYPE } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import type { Database } from '../../keyspace/database.ts'
import { EVENT } from '../../keyspace/reports.ts'
import { ZSET } from '../../keyspace/value.ts'
import { List } from '../../structures/list.ts'
import { bytes, flag, integer, key, lastOf, option, optionOf, options } from '../args/nodes.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { arrayOf, bulk, int, nullable, when } from '../shape.ts'
import { sortedBy, sortedPlain } from './sort-order.ts'
import { lookUpPattern } from './sort-pattern.ts'
import { checkPatterns } from './sort-permission.ts'

/** What the words of SORT say. */
interface Request {
  readonly key: Bytes
  readonly by?: Bytes | undefined
  readonly limit?: readonly [offset: number, count: number] | undefined
  readonly get?: readonly Bytes[] | undefined
  readonly desc?: true | undefined
  readonly alpha?: true | undefined
  readonly destination?: Bytes | undefined
}

const NOT_SORTABLE_AS_NUMBERS = err("One or more scores can't be converted into double")

/** The window that LIMIT opens on `size` rows. */
function windowOf(limit: Request['limit'], size: number): { from: number; to: number } {
  if (limit === undefined) return { from: 0, to: size }
  const [offset, count] = limit
  const from = Math.min(Math.max(offset, 0), size)
  return { from, to: count < 0 ? size : Math.min(from + count, size) }
}

/** The elements of what is sorted: lists from the head, sorted sets by rank, sets in their own order. */
function elementsOf(db: Database, key: Bytes): { readonly elements: Bytes[]; readonly type: 'list' | 'set' | 'zset' } {
  const value = db.findAny(key)
  if (value === undefined) return { elements: [], type: 'list' }
  if (typeof value === 'object' && 'type' in value) {
    if (value.type === 'list') return { elements: value.slice(0, value.size - 1), type: 'list' }
    if (value.type === 'set') return { elements: value.members(), type: 'set' }
    if (value.type === 'zset') {
      // No change of data, but OBJECT ENCODING tells of it, as in Redis.
      db.edit(key, ZSET)?.expand()
      const elements: Bytes[] = []
      value.forEach((member) => {
        elements.push(member)
      })
      return { elements, type: 'zset' }
    }
  }
  throw WRONGTYPE
}

/** The sorted elements within the window. */
function rowsOf({ db, client }: Context, request: Request): Bytes[] {
  const { elements, type } = elementsOf(db, request.key)
  const { from, to } = windowOf(request.limit, elements.length)
  const descending = request.desc === true
  const unsorted = request.by !== undefined && !request.by.includes('*')
  if (unsorted && type === 'set' && (request.destination !== undefined || client.denyBlocking)) {
    // A set has no order that a log or a script could repeat.
    return sortedPlain(elements, true, descending)!.slice(from, to)
  }
  if (unsorted) return (descending && type !== 'set' ? elements.reverse() : elements).slice(from, to)
  const alpha = request.alpha === true
  const { by } = request
  const sorted =
    by === undefined
      ? sortedPlain(elements, alpha, descending)
      : sortedBy(elements, (element) => lookUpPattern(db, by, element), alpha, descending, type === 'set')
  if (sorted === undefined) throw NOT_SORTABLE_AS_NUMBERS
  return sorted.slice(from, to)
}

/** What the rows give: themselves, or what each GET finds for them. */
function outputOf(db: Database, rows: readonly Bytes[], get: readonly Bytes[] | undefined): (Bytes | undefined)[] {
  if (get === undefined) return [...rows]
  const found: (Bytes | undefined)[] = []
  for (const row of rows) for (const pattern of get) found.push(lookUpPattern(db, pattern, row))
  return found
}

function store({ db }: Context, destination: Bytes, found: readonly (Bytes | undefined)[]): number {
  if (found.length > 0) {
    const list = new List()
    for (const element of found) list.pushTail(element ?? EMPTY)
    db.put(destination, list)
    db.touched(destination)
    db.event(EVENT.list, 'sortstore', destination)
  } else if (db.remove(destination)) {
    db.touched(destination)
    db.event(EVENT.generic, 'del', destination)
  }
  return found.length
}

function run(ctx: Context, request: Request): Reply {
  const found = outputOf(ctx.db, rowsOf(ctx, request), request.get)
  if (request.destination !== undefined) return store(ctx, request.destination, found)
  return found.map((element) => element ?? null)
}

const OPTIONS = [
  option('BY', bytes('by', 'pattern')),
  optionOf('limit', 'LIMIT', [integer('offset'), integer('count')]),
  options('GET', bytes('get', 'pattern')),
  ...lastOf('order', flag('ASC'), flag('DESC')),
  flag('ALPHA'),
] as const

const common = {
  group: 'generic',
  complexity: 'O(N+M*log(M)), N elements, M of them sorted',
  acl: ['set', 'sortedset', 'list', 'dangerous'],
} as const

const SOURCE = { flags: ['RO', 'access'], begin: { index: 1 }, find: { lastKey: 0, step: 1, limit: 0 } }
/** BY and GET: which keys they read depends on the elements. */
const PATTERNS = { flags: ['RO', 'access'], begin: { unknown: true }, find: undefined } as const
const STORED = {
  flags: ['OW', 'update'],
  begin: { unknown: true, after: 'STORE', skips: { LIMIT: 2, GET: 1, BY: 1 } },
  find: undefined,
} as const

/** SORT key [BY by] [LIMIT offset count] [GET get [GET get ...]] [ASC | DESC] [ALPHA] [STORE destination] */
export const sort = command({
  ...common,
  name: 'SORT',
  since: '1.0.0',
  summary: 'Sorts the elements of a list, set or sorted set; gives or stores them, or values found by their names.',
  flags: ['write', 'denyoom', 'movablekeys'],
  args: [key('key', 'RO access'), ...OPTIONS, option('STORE', key('destination', 'OW update'))],
  reply: when(arrayOf(nullable(bulk)), { store: int }),
  // The grammar can't say which keys BY, GET and STORE reach.
  override: { keySpecs: [SOURCE, PATTERNS, STORED] },
  fast: checkPatterns,
  run,
})

/** SORT_RO key [BY by] [LIMIT offset count] [GET get [GET get ...]] [ASC | DESC] [ALPHA] */
export const sortRo = command({
  ...common,
  name: 'SORT_RO',
  since: '7.0.0',
  summary: 'Sorts the elements of a list, set or sorted set; gives them, or values found by their names.',
  flags: ['readonly', 'movablekeys'],
  args: [key('key', 'RO access'), ...OPTIONS],
  reply: arrayOf(nullable(bulk)),
  // As for SORT.
  override: { keySpecs: [SOURCE, PATTERNS] },
  fast: checkPatterns,
  run,
})
