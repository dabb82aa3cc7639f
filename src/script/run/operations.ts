/**
 * One method of a handle, performed: from arguments to words, from replies to the result.
 *
 * The one idea: this is the table of methods, executed. Handles in process and the interpreter of the tree both come here,
 * and the Lua printer prints the same steps: check, write the words, send, read, and for a long spread again and again.
 */
import { type Bytes, bytes, raw } from '../../base/bytes.ts'
import { isKnownAscii } from '../../base/known-text.ts'
import { scalarText } from '../boundary.ts'
import { ShapeError } from '../errors.ts'
import { CHUNK, commandLine, type Method, type OptionValues, type Param, type PlainLine } from '../methods.ts'
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
  const { many, plain } = method
  if (plain !== undefined && given.length === plain.args) return performPlain(world, name, method, plain, key, given)
  const { args, options } = sortedArguments(method, given, name)
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

/** As `perform`, of a line that stands ready: a fifth of the time. */
function performPlain(
  world: World,
  name: string,
  { params, reply }: Method,
  { words }: PlainLine,
  key: string,
  given: readonly unknown[],
): unknown {
  for (let i = 0; i < given.length; i++) checked(params[i]!, given[i], name)
  const argv = new Array<Bytes>(words.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    argv[i] = typeof word === 'string' ? word : bytesOf(word < 0 ? key : given[word], name)
  }
  return resultOf(reply, world.call(argv), [])
}

function bytesOf(value: unknown, name: string): Bytes {
  return typeof value === 'string' && isKnownAscii(value) ? raw(value) : bytes(wordOf(value, name))
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
  const { kind } = param
  if (kind === 'scalar' && (typeof value === 'string' || typeof value === 'number')) return value
  const refused = (wanted: string, got: string) => new ShapeError(`${name}(${param.name})`, wanted, got)
  if (value === undefined || value === null) {
    if (param.absent !== undefined || kind === 'mode') return undefined
    throw refused('there', 'null')
  }
  if (kind === 'number' && typeof value !== 'number') throw refused('a number', `a ${typeof value}`)
  if (kind === 'text' && typeof value !== 'string') throw refused('text', `a ${typeof value}`)
  if (kind === 'scalar') throw refused('text or a number', `a ${typeof value}`)
  if (kind === 'pairs' && (typeof value !== 'object' || Array.isArray(value))) {
    throw refused('an object', Array.isArray(value) ? 'an array' : `a ${typeof value}`)
  }
  return value
}

function optionsOf(value: unknown, name: string): OptionValues {
  if (value === undefined || value === null) return NONE
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ShapeError(`${name}(options)`, 'an object', typeof value)
  return Object.assign(Object.create(null), value)
}
