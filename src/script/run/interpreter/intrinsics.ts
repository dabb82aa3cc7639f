/**
 * The operations that every backend brings, as JavaScript has them.
 *
 * The one idea: JavaScript's meaning is the law, so each is JavaScript's own, with null for undefined.
 */
import type { Position } from '../../errors.ts'
import type { Intrinsic } from '../../ir.ts'
import { arrayIn, isObject, known, numberIn, objectIn, textIn } from './frame.ts'

type Operation = (args: readonly unknown[], at: Position) => unknown

const ofNumbers =
  (run: (...numbers: number[]) => unknown): Operation =>
  (args, at) =>
    run(...args.map((arg) => numberIn(arg, at)))

/** An argument that may be left out. */
const maybe = (value: unknown, at: Position): number | undefined =>
  value === null || value === undefined ? undefined : numberIn(value, at)

const onText =
  (run: (text: string, args: readonly unknown[], at: Position) => unknown): Operation =>
  ([receiver, ...args], at) =>
    run(textIn(receiver, at), args, at)

const onArray =
  (run: (array: unknown[], args: readonly unknown[], at: Position) => unknown): Operation =>
  ([receiver, ...args], at) =>
    run(arrayIn(receiver, at), args, at)

const onObject =
  (run: (object: Record<string, unknown>, args: readonly unknown[], at: Position) => unknown): Operation =>
  ([receiver, ...args], at) =>
    run(objectIn(receiver, at), args, at)

/** JavaScript's `typeof`; a script's null is asked for by `=== null` only. */
function typeName(value: unknown): string {
  return value === null ? 'object' : typeof value
}

const MATH = {
  'math.floor': ofNumbers(Math.floor),
  'math.ceil': ofNumbers(Math.ceil),
  'math.trunc': ofNumbers(Math.trunc),
  'math.round': ofNumbers(Math.round),
  'math.abs': ofNumbers(Math.abs),
  'math.min': ofNumbers(Math.min),
  'math.max': ofNumbers(Math.max),
  'math.sign': ofNumbers(Math.sign),
  'math.sqrt': ofNumbers(Math.sqrt),
  'number.isInteger': ([value]: readonly unknown[]) => Number.isInteger(value),
  'number.isSafeInteger': ([value]: readonly unknown[]) => Number.isSafeInteger(value),
  'number.isFinite': ([value]: readonly unknown[]) => Number.isFinite(value),
  'number.isNaN': ([value]: readonly unknown[]) => Number.isNaN(value),
  'number.toText': ofNumbers(String),
} satisfies Partial<Record<Intrinsic, Operation>>

const TEXT = {
  'text.length': onText((text) => text.length),
  'text.slice': onText((text, [from, to], at) => text.slice(maybe(from, at), maybe(to, at))),
  'text.substring': onText((text, [from, to], at) => text.substring(maybe(from, at) ?? 0, maybe(to, at))),
  'text.at': onText((text, [index], at) => known(text.at(maybe(index, at) ?? 0))),
  'text.charAt': onText((text, [index], at) => text.charAt(maybe(index, at) ?? 0)),
  'text.indexOf': onText((text, [part, from], at) => text.indexOf(textIn(part, at), maybe(from, at))),
  'text.includes': onText((text, [part, from], at) => text.includes(textIn(part, at), maybe(from, at))),
  'text.startsWith': onText((text, [part, from], at) => text.startsWith(textIn(part, at), maybe(from, at))),
  'text.endsWith': onText((text, [part, to], at) => text.endsWith(textIn(part, at), maybe(to, at))),
  'text.split': onText((text, [separator, limit], at) => text.split(textIn(separator, at), maybe(limit, at))),
  'text.toUpperCase': onText((text) => text.toUpperCase()),
  'text.toLowerCase': onText((text) => text.toLowerCase()),
  'text.trim': onText((text) => text.trim()),
  'text.padStart': onText((text, [length, fill], at) => text.padStart(numberIn(length, at), padding(fill, at))),
  'text.padEnd': onText((text, [length, fill], at) => text.padEnd(numberIn(length, at), padding(fill, at))),
} satisfies Partial<Record<Intrinsic, Operation>>

function padding(fill: unknown, at: Position): string | undefined {
  return fill === null || fill === undefined ? undefined : textIn(fill, at)
}

const ARRAY = {
  'array.length': onArray((array) => array.length),
  'array.push': onArray((array, items) => array.push(...items)),
  'array.pop': onArray((array) => known(array.pop())),
  'array.shift': onArray((array) => known(array.shift())),
  'array.unshift': onArray((array, items) => array.unshift(...items)),
  'array.at': onArray((array, [index], at) => known(array.at(maybe(index, at) ?? 0))),
  'array.slice': onArray((array, [from, to], at) => array.slice(maybe(from, at), maybe(to, at))),
  'array.includes': onArray((array, [item, from], at) => array.includes(item, maybe(from, at))),
  'array.indexOf': onArray((array, [item, from], at) => array.indexOf(item, maybe(from, at))),
  'array.join': onArray((array, [separator], at) => array.join(padding(separator, at))),
  'array.concat': onArray((array, others) => array.concat(...others)),
  'array.reverse': onArray((array) => array.reverse()),
  'array.isArray': ([value]: readonly unknown[]) => Array.isArray(value),
} satisfies Partial<Record<Intrinsic, Operation>>

const OBJECT = {
  'object.keys': onObject((object) => Object.keys(object)),
  'object.values': onObject((object) => Object.values(object)),
  'object.entries': onObject((object) => Object.entries(object)),
  'object.has': onObject((object, [name]) => Object.hasOwn(object, String(name))),
  'object.delete': onObject((object, [name]) => delete object[String(name)]),
} satisfies Partial<Record<Intrinsic, Operation>>

/** Every intrinsic. */
export const INTRINSICS: Readonly<Record<Intrinsic, Operation>> = {
  ...MATH,
  ...TEXT,
  ...ARRAY,
  ...OBJECT,
  typeof: ([value]) => typeName(value),
}

/** The element of an array at an index, or the field of an object; null when there is none. */
export function elementOf(array: unknown[], index: number): unknown {
  return known(array[index])
}

/** The field of an object; only its own, as null when there is none. */
export function fieldOf(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? known(object[name]) : null
}
