/**
 * One method of a handle, performed: from arguments to words, from replies to the result.
 *
 * The one idea: this is the table of methods, executed. Handles in process and the interpreter of the tree both come here,
 * and the Lua printer prints the same steps: check, write the words, send, read, and for a long spread again and again.
 */
import { bytes } from '../../base/bytes.ts'
import { scalarText } from '../boundary.ts'
import { ShapeError } from '../errors.ts'
import { CHUNK, commandLine, type Method, type OptionValues, type Param } from '../methods.ts'
import { resultOf } from './replies.ts'
import type { World } from './world.ts'

/** The words of a value given to a command. Throws a ShapeError for what is no text and no number. */
export function wordOf(value: unknown, path: string): string {
  if (typeof value === 'string' || typeof value === 'number') return scalarText(value)
  throw new ShapeError(path, 'text or a number', value === null || value === undefined ? 'null' : `a ${typeof value}`)
}

const NONE: OptionValues = Object.freeze(Object.create(null))

/** Performs a method on the key of this name. `given` are the arguments as they were written, options last. */
export function perform(world: World, name: string, method: Method, key: string, given: readonly unknown[]): unknown {
  const { args, options } = sortedArguments(method, given, name)
  const { many } = method
  const parts = many === undefined ? undefined : spreadOf(method, args)
  if (many === undefined || parts === undefined || (parts.length > 0 && parts.length <= CHUNK)) {
    return send(world, name, method, key, args, options)
  }
  if (parts.length === 0) return ofNothing(world, many.none, key)
  const fixed = args.slice(0, method.params.length - 1)
  const results: unknown[] = []
  for (let from = 0; from < parts.length; from += CHUNK) {
    const chunk = parts.slice(from, from + CHUNK)
    const rest = isPairs(method) ? [Object.fromEntries(chunk.map((pair) => pair as readonly [string, unknown]))] : chunk
    results.push(send(world, name, method, key, [...fixed, ...rest], options))
  }
  if (many.join === 'last') return results.at(-1)
  if (many.join === 'sum') return results.reduce<number>((sum, result) => sum + Number(result), 0)
  return Object.assign(Object.create(null), ...results)
}

const isPairs = ({ params }: Method): boolean => params.at(-1)?.kind === 'pairs'

/** The values of a rest parameter, or the pairs of a `pairs` parameter. */
function spreadOf(method: Method, args: readonly unknown[]): readonly unknown[] {
  return isPairs(method) ? Object.entries(args.at(-1) ?? {}) : args.slice(method.params.length - 1)
}

function ofNothing(world: World, none: string | 0 | 'empty', key: string): unknown {
  if (none === 0) return 0
  if (none === 'empty') return Object.create(null)
  return resultOf('number', world.call([bytes(none), bytes(key)]), [])
}

function send(
  world: World,
  name: string,
  method: Method,
  key: string,
  args: readonly unknown[],
  options: OptionValues,
): unknown {
  const words = commandLine(method, key, args, options, (value) => wordOf(value, name))
  return resultOf(method.reply, world.call(words.map(bytes)), method.reply === 'named' ? args.map(String) : [])
}

/** Checks the arguments against the parameters, and takes the options from among them. */
function sortedArguments(method: Method, given: readonly unknown[], name: string) {
  const args: unknown[] = []
  let options = NONE
  method.params.forEach((param, at) => {
    if (param.rest === true) {
      for (const value of given.slice(at)) args.push(checked(param, value, name))
    } else if (param.kind === 'options') options = optionsOf(given[at], name)
    else args.push(checked(param, given[at], name))
  })
  return { args, options }
}

function checked(param: Param, value: unknown, name: string): unknown {
  const path = `${name}(${param.name})`
  if (value === undefined || value === null) {
    if (param.absent !== undefined || param.kind === 'mode') return undefined
    throw new ShapeError(path, 'there', 'null')
  }
  if (param.kind === 'number' && typeof value !== 'number') throw new ShapeError(path, 'a number', `a ${typeof value}`)
  if (param.kind === 'text' && typeof value !== 'string') throw new ShapeError(path, 'text', `a ${typeof value}`)
  if (param.kind === 'pairs' && (typeof value !== 'object' || Array.isArray(value))) {
    throw new ShapeError(path, 'an object', Array.isArray(value) ? 'an array' : `a ${typeof value}`)
  }
  if (param.kind === 'scalar') wordOf(value, path)
  return value
}

function optionsOf(value: unknown, name: string): OptionValues {
  if (value === undefined || value === null) return NONE
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ShapeError(`${name}(options)`, 'an object', typeof value)
  return Object.assign(Object.create(null), value)
}
