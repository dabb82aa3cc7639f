/**
 * Every command as a method, for whoever can send one.
 *
 * The one idea: methods are made once from the table and stand on a prototype. What becomes of a call (a promise, a value
 * at once, a place in a queue) is decided by one method of the object, `send`; the printed interface says what it takes and
 * gives.
 */
import { type Argv, type Bytes, raw } from '../base/bytes.ts'
import { encoderOf, type Options, optionsOf } from '../commands/args/encode.ts'
import { methodName } from '../commands/args/names.ts'
import { type Node, spread } from '../commands/args/nodes.ts'
import type { Given } from '../commands/args/word.ts'
import type { Command } from '../commands/command.ts'
import { isOfConnections } from './of-connections.ts'
import { asBuffers, asText, isString, type Read, readerOf } from './reading.ts'
import { bytesOf } from './texts.ts'

/** One command as a sender needs it. */
export interface Method {
  readonly command: Command
  readonly read: Read
  /** Strings among its replies become text and nothing else. */
  readonly givesText: boolean
}

/** Sends calls of methods. */
export interface Sender {
  send(method: Method, argv: Argv, options: Options | undefined): unknown
  /** What a call gives whose arguments can't be sent. */
  refuse(error: unknown): unknown
}

/** What strings in replies are. */
export type Strings = 'text' | 'buffers'

/** Walks: a database has iterators for them. */
const WALKS: ReadonlySet<string> = new Set(['SCAN', 'HSCAN', 'SSCAN', 'ZSCAN'])

/** The commands that are methods, subcommands in place of their containers. */
export function methodCommands(commands: readonly Command[]): readonly Command[] {
  return commands
    .flatMap((command) => [...(command.subcommands.size === 0 ? [command] : []), ...command.subcommands.values()])
    .filter(({ name }) => !isOfConnections(name) && !WALKS.has(name))
}

/** Puts a method for each command on a prototype. */
export function installMethods(prototype: Sender, commands: readonly Command[], strings: Strings): void {
  for (const command of methodCommands(commands)) {
    const { reply } = command.spec
    const isText = strings === 'text'
    const read = readerOf(reply, isText ? asText : asBuffers, command.name)
    const value = methodOf({ command, read, givesText: isText && isString(reply) })
    Object.defineProperty(prototype, methodName(command), { value, writable: true, configurable: true })
  }
}

/** Nodes that any string is a word for. */
const SINGLE = new Set<Node['kind']>(['key', 'bytes'])

type Call = (this: Sender, ...given: Given[]) => unknown

function methodOf(method: Method): Call {
  const { command } = method
  const name = command.name.split('|').map(raw)
  const nodes = spread(command.spec.args)
  const encode = encoderOf(name, nodes)
  const required = nodes.filter((node) => !node.optional)
  const hasOptions = required.length < nodes.length
  const all: Call = function (...given) {
    let argv: Argv
    try {
      argv = encode(given)
    } catch (error) {
      return this.refuse(error)
    }
    return this.send(method, argv, hasOptions ? optionsOf(given[required.length]) : undefined)
  }
  if (name.length > 1 || !required.every(({ kind }) => SINGLE.has(kind))) return all
  return shortCall(method, name[0]!, required.length, all) ?? all
}

/** Calls of one or two strings without options, written out: most of all calls, in half the time. */
function shortCall(method: Method, name: Bytes, words: number, all: Call): Call | undefined {
  if (words === 1) {
    return function (first, options) {
      if (typeof first !== 'string' || options !== undefined) return all.call(this, first, options)
      return this.send(method, [name, bytesOf(first)], undefined)
    }
  }
  if (words !== 2) return undefined
  return function (first, second, options) {
    if (typeof first !== 'string' || typeof second !== 'string' || options !== undefined) {
      return all.call(this, first, second, options)
    }
    return this.send(method, [name, bytesOf(first), bytesOf(second)], undefined)
  }
}
