/**
 * Types as they are being inferred: sets of kinds, and sites for what arrays and objects hold.
 *
 * The one idea: a type is a set of bits, so that narrowing is intersection; what an array or object holds stands in the *site*
 * that every alias shares, so that a push through one name is seen through all. The analysis runs until no site and no
 * variable grows any more. Invariants: types and sites only grow; joining two arrays makes their sites one.
 */
import type { KeyKind } from '../handles.ts'
import type { ValueType } from '../ir.ts'
import type { ShapeForm } from '../shapes.ts'

/** The kinds. OPAQUE is an array or object of unknown contents; FAILED has been reported already and fits everywhere. */
export const NULL = 1
export const UNDEFINED = 2
export const BOOLEAN = 4
export const NUMBER = 8
export const ASCII = 16
export const WIDE = 32
export const ARRAY = 64
export const OBJECT = 128
export const OPAQUE = 256
export const KEY = 512
export const FUNCTION = 1024
export const FAILED = 2048

export const NULLISH = NULL | UNDEFINED
export const TEXT = ASCII | WIDE
export const SCALAR = NUMBER | TEXT
export const PRIMITIVE = SCALAR | BOOLEAN
export const JSON_BITS = NULL | PRIMITIVE | ARRAY | OBJECT | OPAQUE

/** An inferred type. */
export interface Type {
  readonly bits: number
  readonly array?: ArraySite | undefined
  readonly object?: ObjectSite | undefined
  readonly key?: KeyKind | undefined
}

/** What the arrays made in one place hold. A tuple until something of unknown position is put in. */
export class ArraySite {
  same: ArraySite | undefined
  item: Type = NEVER
  tuple: Type[] | undefined
}

/** What the objects made in one place hold: known fields, and what is under computed names. */
export class ObjectSite {
  same: ObjectSite | undefined
  readonly fields = new Map<string, Type>()
  rest: Type | undefined
}

export const NEVER: Type = Object.freeze({ bits: 0 })
export const of = (bits: number): Type => ({ bits })
export const FAILURE_TYPE: Type = Object.freeze({ bits: FAILED })

export function arraySite(type: Type): ArraySite | undefined {
  let site = type.array
  while (site?.same !== undefined) site = site.same
  return site
}

export function objectSite(type: Type): ObjectSite | undefined {
  let site = type.object
  while (site?.same !== undefined) site = site.same
  return site
}

/** A type without some of its kinds. */
export function only(type: Type, bits: number): Type {
  const kept = type.bits & (bits | FAILED)
  return kept === type.bits ? type : { ...type, bits: kept }
}

/** Joins types and knows whether anything grew since it was asked. */
export class Joins {
  grew = false

  /** The type of values of either type. */
  join(a: Type, b: Type): Type {
    if (a === b || b.bits === 0) return a
    if (a.bits === 0) return b
    const [left, right] = [arraySite(a), arraySite(b)]
    const [first, second] = [objectSite(a), objectSite(b)]
    // Handles of several kinds have only what every handle has.
    const key = a.key === undefined || b.key === undefined || a.key === b.key ? (a.key ?? b.key) : 'any'
    return {
      bits: a.bits | b.bits,
      array: left && right ? this.#mergeArrays(left, right) : (left ?? right),
      object: first && second ? this.#mergeObjects(first, second) : (first ?? second),
      key,
    }
  }

  /** Joins into what is there already, and remembers whether it grew. */
  grow(old: Type, more: Type): Type {
    const joined = this.join(old, more)
    if (joined.bits === old.bits && !!joined.array === !!old.array && !!joined.object === !!old.object) {
      return joined.key === old.key ? old : this.#grown(joined)
    }
    return this.#grown(joined)
  }

  /** Something of this type is put into the array at an unknown position. */
  put(site: ArraySite, item: Type): void {
    this.#loosen(site)
    site.item = this.grow(site.item, item)
  }

  /** Something of this type stands at this position of the literal that the site is made by. */
  place(site: ArraySite, index: number, item: Type): void {
    if (site.tuple === undefined) {
      site.item = this.grow(site.item, item)
      return
    }
    const old = site.tuple[index]
    if (old === undefined) this.grew = true
    site.tuple[index] = old === undefined ? item : this.grow(old, item)
  }

  /** What any element of the array may be. */
  itemOf(site: ArraySite): Type {
    return (site.tuple ?? []).reduce<Type>((all, item) => this.join(all, item), site.item)
  }

  setField(site: ObjectSite, name: string, type: Type): void {
    const old = site.fields.get(name)
    if (old === undefined) this.grew = true
    site.fields.set(name, old === undefined ? type : this.grow(old, type))
  }

  setRest(site: ObjectSite, type: Type): void {
    if (site.rest === undefined) this.grew = true
    site.rest = site.rest === undefined ? type : this.grow(site.rest, type)
    // A computed name may be any of the known ones.
    for (const [name, field] of site.fields) site.fields.set(name, this.grow(field, type))
  }

  /** What is read under a name: undefined is one of the answers unless every such object has the field. */
  field(site: ObjectSite, name: string): Type {
    const field = site.fields.get(name)
    if (field !== undefined) return field
    return this.join(site.rest ?? NEVER, of(UNDEFINED))
  }

  /** What any field may be. */
  anyField(site: ObjectSite): Type {
    return [...site.fields.values()].reduce<Type>((all, field) => this.join(all, field), site.rest ?? NEVER)
  }

  #grown(type: Type): Type {
    this.grew = true
    return type
  }

  /** A tuple becomes an array of all its items. */
  #loosen(site: ArraySite): void {
    const tuple = site.tuple
    if (tuple === undefined) return
    site.tuple = undefined
    this.grew = true
    for (const item of tuple) site.item = this.grow(site.item, item)
  }

  #mergeArrays(a: ArraySite, b: ArraySite): ArraySite {
    if (a === b) return a
    this.grew = true
    b.same = a
    const [left, right] = [a.tuple, b.tuple]
    if (left !== undefined && right !== undefined && left.length === right.length) {
      for (const [i, item] of right.entries()) left[i] = this.grow(left[i] ?? NEVER, item)
      a.item = this.grow(a.item, b.item)
      return a
    }
    this.#loosen(a)
    this.#loosen(b)
    a.item = this.grow(a.item, b.item)
    return a
  }

  #mergeObjects(a: ObjectSite, b: ObjectSite): ObjectSite {
    if (a === b) return a
    this.grew = true
    b.same = a
    const names = new Set([...a.fields.keys(), ...b.fields.keys()])
    const merged = [...names].map((name) => [name, this.join(this.field(a, name), this.field(b, name))] as const)
    for (const [name, type] of merged) a.fields.set(name, type)
    if (b.rest !== undefined) this.setRest(a, b.rest)
    return a
  }
}

/** The type of values of a shape. Arrays and objects get sites of their own. */
export function typeOfForm(form: ShapeForm, joins: Joins): Type {
  switch (form.kind) {
    case 'string':
      return of(WIDE)
    case 'ascii':
      return of(ASCII)
    case 'number':
      return of(NUMBER)
    case 'boolean':
      return of(BOOLEAN)
    case 'nil':
      return of(NULL)
    case 'json':
      return of(JSON_BITS & ~(ARRAY | OBJECT | ASCII))
    case 'optional':
      return joins.join(typeOfForm(form.of, joins), of(UNDEFINED))
    case 'nullable':
      return joins.join(typeOfForm(form.of, joins), of(NULL))
    case 'checked':
      return typeOfForm(form.of, joins)
    case 'literal':
      return of(form.values.reduce<number>((bits, value) => bits | bitsOf(value), 0))
    case 'array': {
      const site = new ArraySite()
      site.item = typeOfForm(form.of, joins)
      return { bits: ARRAY, array: site }
    }
    case 'tuple': {
      const site = new ArraySite()
      site.tuple = form.items.map((item) => typeOfForm(item, joins))
      return { bits: ARRAY, array: site }
    }
    case 'record': {
      const site = new ObjectSite()
      site.rest = typeOfForm(form.of, joins)
      return { bits: OBJECT, object: site }
    }
    case 'object': {
      const site = new ObjectSite()
      for (const [name, field] of Object.entries(form.fields)) site.fields.set(name, typeOfForm(field, joins))
      return { bits: OBJECT, object: site }
    }
  }
}

/** The kind of a primitive value. */
export function bitsOf(value: null | boolean | number | string): number {
  if (value === null) return NULL
  if (typeof value === 'boolean') return BOOLEAN
  if (typeof value === 'number') return NUMBER
  return /[^\0-\x7f]/.test(value) ? WIDE : ASCII
}

/** A type as the tree shows it. */
export function snapshot(type: Type, joins: Joins, open: readonly unknown[] = []): ValueType {
  const of: ValueType[] = []
  if (type.bits & NULLISH) of.push({ kind: 'null' })
  if (type.bits & BOOLEAN) of.push({ kind: 'boolean' })
  if (type.bits & NUMBER) of.push({ kind: 'number' })
  if (type.bits & WIDE) of.push({ kind: 'text' })
  else if (type.bits & ASCII) of.push({ kind: 'ascii' })
  if (type.bits & OPAQUE) of.push({ kind: 'opaque' })
  if (type.bits & FUNCTION) of.push({ kind: 'function' })
  if (type.bits & KEY) of.push({ kind: 'key', of: type.key ?? 'any' })
  const [array, object] = [arraySite(type), objectSite(type)]
  if (type.bits & ARRAY && array) {
    const inside = [...open, array]
    if (open.includes(array)) of.push({ kind: 'cyclic' })
    else if (array.tuple) of.push({ kind: 'tuple', items: array.tuple.map((item) => snapshot(item, joins, inside)) })
    else of.push({ kind: 'array', of: snapshot(array.item, joins, inside) })
  }
  if (type.bits & OBJECT && object) {
    const inside = [...open, object]
    const fields = [...object.fields].map(([name, field]) => [name, snapshot(field, joins, inside)] as const)
    if (open.includes(object)) of.push({ kind: 'cyclic' })
    else if (object.rest) of.push({ kind: 'record', of: snapshot(joins.anyField(object), joins, inside) })
    else of.push({ kind: 'object', fields: Object.fromEntries(fields) })
  }
  const [first] = of
  return first === undefined ? { kind: 'never' } : of.length === 1 ? first : { kind: 'union', of }
}

/** The words for a type in messages. */
export function worded(type: Type): string {
  const words = [
    [NULL, 'null'],
    [UNDEFINED, 'undefined'],
    [BOOLEAN, 'a boolean'],
    [NUMBER, 'a number'],
    [TEXT, 'text'],
    [ARRAY, 'an array'],
    [OBJECT, 'an object'],
    [OPAQUE, 'JSON of unknown shape'],
    [KEY, 'a key handle'],
    [FUNCTION, 'a function'],
  ] as const
  const found = words.filter(([bit]) => type.bits & bit).map(([, word]) => word)
  return found.length === 0 ? 'nothing' : found.join(' or ')
}
