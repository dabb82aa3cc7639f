/**
 * Reply shapes: how a reply looks to a caller of the typed API. Read by the client printer, never at run time by handlers.
 */
import type { Bytes } from '../base/bytes.ts'

/** A reply's shape as data. `T` is the TypeScript type that callers see. */
export interface Shape<T = unknown> {
  readonly kind:
    | 'bulk'
    | 'keyName'
    | 'status'
    | 'integer'
    | 'double'
    | 'boolean'
    | 'null'
    | 'array'
    | 'tuple'
    | 'nullable'
    | 'either'
    | 'record'
    | 'row'
    | 'map'
    | 'set'
    | 'pairs'
    | 'any'
  readonly of?: readonly Shape[]
  /** Field names of a record or row, status texts of a status. */
  readonly names?: readonly string[]
  /** For `either`: the option that selects each alternative after the first. For `row`: the one that adds each field. */
  readonly when?: readonly string[]
  readonly types?: T
}

const leaf = <T>(kind: Shape['kind']): Shape<T> => ({ kind })

export const bulk = leaf<Bytes>('bulk')
/** A bulk that names a key: under a prefix callers see it without. Not inside of `when`, which needs the call's options. */
export const keyName = leaf<Bytes>('keyName')
/** A 64-bit integer: number while safe, else bigint. */
export const int = leaf<number>('integer')
export const dbl = leaf<number>('double')
export const any = leaf<unknown>('any')
export const ok: Shape<'OK'> = { kind: 'status', names: ['OK'] }
export const status = (...names: string[]): Shape<string> => ({ kind: 'status', names })
export const arrayOf = <T>(item: Shape<T>): Shape<T[]> => ({ kind: 'array', of: [item] })
export const setOf = <T>(item: Shape<T>): Shape<Set<T>> => ({ kind: 'set', of: [item] })
export const tuple = (...of: Shape[]): Shape<unknown[]> => ({ kind: 'tuple', of })
export const nullable = <T>(of: Shape<T>): Shape<T | null> => ({ kind: 'nullable', of: [of] })
/** Pairs of (member, value): an array of tuples to callers. */
export const pairsOf = (a: Shape, b: Shape): Shape<unknown[]> => ({ kind: 'pairs', of: [a, b] })
export const mapOf = (a: Shape, b: Shape): Shape<Map<unknown, unknown>> => ({ kind: 'map', of: [a, b] })
/** A map with known keys. */
export const record = (fields: Readonly<Record<string, Shape>>): Shape<Record<string, unknown>> => ({
  kind: 'record',
  names: Object.keys(fields),
  of: Object.values(fields),
})
/**
 * A list of which some items are there only when asked for: `row('member', bulk, { withdist: ['distance', dbl] })`. An object
 * to callers; the items come in the order of the options here.
 */
export const row = (name: string, first: Shape, asked: Readonly<Record<string, readonly [string, Shape]>>): Shape => ({
  kind: 'row',
  names: [name, ...Object.values(asked).map(([field]) => field)],
  when: Object.keys(asked),
  of: [first, ...Object.values(asked).map(([, shape]) => shape)],
})
/**
 * `base`, unless the named option is given: `when(bulk, { count: arrayOf(bulk) })`. Of several that are given the last one here
 * counts; `a+b` is for both. Names are those that callers use.
 */
export const when = (base: Shape, alternatives: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'either',
  when: Object.keys(alternatives),
  of: [base, ...Object.values(alternatives)],
})
