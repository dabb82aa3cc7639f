/**
 * Arguments of registrations: read one by one, with the original's texts, thrown as strings.
 */
import { type Callback, isCallback } from './intrinsics.ts'
import { isStringObject } from './natives.ts'

/** What is said of an argument that is not what is wanted there. */
export const conversion = (position: number, type: string, why: string): string =>
  `Can not convert value at position ${position} into ${type}. ${why}.`

/** A string, or a String object. */
export function stringAt(args: readonly unknown[], position: number): string {
  const value = present(args, position, 'string')
  if (typeof value !== 'string' && !isStringObject(value)) {
    throw conversion(position, 'string', 'Value is not string')
  }
  return String(value)
}

/** An argument that must be there. */
export function present(args: readonly unknown[], position: number, type: string): unknown {
  if (args.length <= position) throw conversion(position, type, 'Wrong number of arguments given')
  return args[position]
}

/** A function; `text` is thrown for anything else. */
export function callbackAt(args: readonly unknown[], position: number, text: string): Callback {
  const value = present(args, position, 'function')
  if (!isCallback(value)) throw text
  return value
}

/** An options object with no properties but `known`; undefined when the argument is not given. */
export function optionsAt(
  args: readonly unknown[],
  position: number,
  known: readonly string[],
): ((name: string) => unknown) | undefined {
  if (args.length <= position) return undefined
  const options = args[position]
  if (typeof options !== 'object' || options === null) {
    throw conversion(position, 'object', 'Given argument must be an object')
  }
  const unknown = Object.keys(options).filter((name) => !known.includes(name))
  if (unknown.length > 0) throw `Unknown properties given: ${unknown.join(',')}`
  return (name) => Reflect.get(options, name) ?? undefined
}

/** The text of a property; undefined when there is none. */
export function textOption(option: ((name: string) => unknown) | undefined, name: string): string | undefined {
  const value = option?.(name)
  if (value === undefined) return undefined
  if (typeof value !== 'string' && !isStringObject(value)) throw `Failed getting field ${name}, Value is not string`
  return String(value)
}
