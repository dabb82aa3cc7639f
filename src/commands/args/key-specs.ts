/** Key specs from the grammar: where a command's keys stand and what it does to them, in Redis' own terms. */
import { type Bytes, upper } from '../../base/bytes.ts'
import { parseSafe } from '../../base/integers.ts'
import type { Node } from './nodes.ts'

/** One key spec of COMMAND INFO. */
export interface KeySpec {
  /** `RO access`, `RW update` … as Redis prints them. */
  readonly flags: readonly string[]
  readonly begin:
    | { readonly index: number }
    | { readonly keyword: string; readonly from: number }
    /**
     * Printed as unknown. `after` finds the one key that stands behind the last such word (SORT's STORE); `skips` are
     * options whose words are not looked at.
     */
    | { readonly unknown: true; readonly after?: string; readonly skips?: Readonly<Record<string, number>> }
  readonly find:
    | { readonly lastKey: number; readonly step: number; readonly limit: number }
    | { readonly numAt: number; readonly firstAt: number; readonly step: number }
    | undefined
  /** Finds the keys where words follow no rule of this kind (MIGRATE); undefined when the words don't fit. */
  readonly where?: (argv: readonly Bytes[]) => readonly number[] | undefined
}

const flagsOf = (access: string): string[] => access.split(' ')

/** Derives key specs; stops at the first optional node, since nothing after it has a fixed place. */
export function keySpecsOf(grammar: readonly Node[], from: number): KeySpec[] {
  const specs: KeySpec[] = []
  let at = from
  for (let i = 0; i < grammar.length; i++) {
    const node = grammar[i]!
    const spec = specOf(node, at, grammar.length - i - 1)
    if (spec !== undefined) specs.push(spec)
    if (node.optional || !FIXED.has(node.kind)) break
    at++
  }
  return specs
}

const FIXED = new Set<Node['kind']>(['key', 'bytes', 'integer', 'int64', 'double', 'timeout', 'cursor', 'choice'])

function specOf(node: Node, at: number, after: number): KeySpec | undefined {
  if (node.kind === 'key') {
    return { flags: flagsOf(node.access!), begin: { index: at }, find: { lastKey: 0, step: 1, limit: 0 } }
  }
  if (node.kind === 'numkeys') {
    return { flags: flagsOf(node.access!), begin: { index: at }, find: { numAt: 0, firstAt: 1, step: 1 } }
  }
  const inner = node.inner?.[0]
  if (inner?.kind !== 'key') return undefined
  const flags = flagsOf(inner.access!)
  if (node.kind === 'many') {
    return { flags, begin: { index: at }, find: { lastKey: -1 - after, step: 1, limit: 0 } }
  }
  if (node.kind === 'tail') {
    return { flags, begin: { index: at }, find: { lastKey: -1, step: node.inner!.length, limit: 0 } }
  }
  return undefined
}

/**
 * The positions of a command's keys among its words, in order; undefined when the words don't fit the specs. Of a line
 * that fits nearly (a count with blanks around it) Redis knows the keys and no longer what is done to them: then specs
 * come without flags.
 */
export function keyPositions(
  specs: readonly KeySpec[],
  argv: readonly Bytes[],
): { at: number; spec: KeySpec }[] | undefined {
  const found: { at: number; spec: KeySpec }[] = []
  let isVague = false
  for (const spec of specs) {
    if (spec.where !== undefined) {
      const places = spec.where(argv)
      if (places === undefined) return undefined
      for (const at of places) found.push({ at, spec })
      continue
    }
    const first = firstIndex(spec, argv)
    // An option at the end of the line has no key.
    if (first === undefined || first >= argv.length) continue
    if (spec.find === undefined) {
      found.push({ at: first, spec })
    } else {
      const range = rangeOf(spec.find, first, argv)
      if (range === undefined) return undefined
      if (range.isVague) isVague = true
      for (let at = range.first; at <= range.last; at += range.step) found.push({ at, spec })
    }
  }
  return isVague ? vaguely(found) : found
}

/** Counted keys come first then, and nothing is known of what is done to them. */
function vaguely(found: readonly { at: number; spec: KeySpec }[]): { at: number; spec: KeySpec }[] {
  const isCounted = ({ spec }: { spec: KeySpec }): boolean => spec.find !== undefined && 'numAt' in spec.find
  const ordered = [...found.filter(isCounted), ...found.filter((key) => !isCounted(key))]
  return ordered.map(({ at, spec }) => ({ at, spec: { ...spec, flags: [] } }))
}

function firstIndex(spec: KeySpec, argv: readonly Bytes[]): number | undefined {
  if ('index' in spec.begin) return spec.begin.index < argv.length ? spec.begin.index : undefined
  if ('unknown' in spec.begin) return lastAfter(spec.begin, argv)
  const { keyword, from } = spec.begin
  if (from >= 0) {
    for (let i = from; i < argv.length; i++) if (upper(argv[i]!) === keyword) return i + 1
    return undefined
  }
  for (let i = argv.length + from; i > 0; i--) if (upper(argv[i]!) === keyword) return i + 1
  return undefined
}

type Unknown = Extract<KeySpec['begin'], { readonly unknown: true }>

function lastAfter({ after, skips = {} }: Unknown, argv: readonly Bytes[]): number | undefined {
  if (after === undefined) return undefined
  let found: number | undefined
  for (let i = 2; i + 1 < argv.length; i++) {
    const word = upper(argv[i]!)
    if (word === after) found = i + 1
    i += word === after ? 1 : (skips[word] ?? 0)
  }
  return found
}

type Find = NonNullable<KeySpec['find']>

function rangeOf(find: Find, first: number, argv: readonly Bytes[]) {
  if ('numAt' in find) {
    const word = argv[first + find.numAt]
    if (word === undefined) return undefined
    const exact = parseSafe(word)
    const from = first + find.firstAt
    const last = from + ((exact ?? leadingInteger(word)) - 1) * find.step
    if (from > last || last >= argv.length) return undefined
    return { first: from, last, step: find.step, isVague: exact === undefined }
  }
  const last = lastIndex(find, first, argv.length)
  return first <= last && last < argv.length ? { first, last, step: find.step, isVague: false } : undefined
}

/** The number that a word begins with, as C's atoi reads it. */
const leadingInteger = (word: Bytes): number => Number(/^[ \t-\r]*([+-]?\d+)/.exec(word)?.[1] ?? 0)

function lastIndex(find: { lastKey: number; limit: number }, first: number, count: number): number {
  if (find.lastKey >= 0) return first + find.lastKey
  if (find.limit > 1) return first + Math.floor((count - first) / find.limit) + find.lastKey
  return count + find.lastKey
}
