/**
 * `env.call`: any command by its name, as far as it can be told what it does.
 *
 * The one idea: our own table of commands says where a command's keys stand and whether it writes; a word at a key's place must
 * be the name of a handle, unless the script says that it computes keys.
 */
import type { CallExpression } from 'acorn'
import { type Bytes, bytes, raw } from '../../base/bytes.ts'
import { keyPositions } from '../../commands/args/key-specs.ts'
import { allCommands, type Command } from '../../commands/index.ts'
import type { Expr, Item } from '../ir.ts'
import type { Front } from './front.ts'
import { itemType } from './library.ts'
import { FAILED, SCALAR, worded } from './types.ts'

/** Checks the name, the words and the keys of a command. */
export function checkCommand(front: Front, node: CallExpression, args: readonly Item[]): void {
  const [name, ...words] = args
  const place = node.arguments[0] ?? node
  if (name?.value.kind !== 'const' || typeof name.value.value !== 'string') {
    front.report(place, 'dynamic-name', "the command's name is a literal", "env.call('SETRANGE', key.name, 0, text)")
    return
  }
  for (const [i, word] of words.entries()) {
    const type = itemType(front, word)
    if (!(type.bits & FAILED) && type.bits & ~SCALAR) {
      front.report(node.arguments[i + 1] ?? node, 'not-a-scalar', `a word is ${worded(type)}, which no command takes`)
    }
  }
  const command = commandNamed(name.value.value, words[0])
  if (front.spec.readOnly === true && (command === undefined || command.isWrite)) {
    front.report(
      place,
      'read-only',
      `${name.value.value} may write, and the script says readOnly`,
      'leave readOnly out',
    )
  }
  if (command?.isBarredInLibraries === true) {
    front.report(place, 'wrong-type', `${name.value.value} cannot be called from a script`)
  }
  checkKeys(front, node, command, args)
}

function checkKeys(front: Front, node: CallExpression, command: Command | undefined, args: readonly Item[]): void {
  const words = args.map(({ value }) => wordOf(value))
  const places =
    command === undefined ? undefined : command.keySpecs.length === 0 ? [] : keyPositions(command.keySpecs, words)
  const hasSpread = args.some(({ spread }) => spread)
  const isKnown = places !== undefined && !(hasSpread && places.length > 0)
  const names = isKnown ? places.map(({ at }) => args[at]?.value) : []
  if (isKnown && names.every((name) => name !== undefined && isDeclared(name))) return
  front.computesKeys = true
  if (front.spec.derivedKeys === true) return
  const message = isKnown ? 'a key of the command is not a declared one' : 'it cannot be told which words are keys'
  front.report(node, 'derived-keys', message, 'give keys as handle.name, or say derivedKeys: true')
}

/** Whether an expression is the name of a declared key. */
function isDeclared(name: Expr): boolean {
  return name.kind === 'keyName' && name.of.kind === 'key'
}

/** A word as far as it is known; keys are where they are whatever they are called. */
function wordOf(value: Expr): Bytes {
  return value.kind === 'const' && value.value !== null ? bytes(String(value.value)) : raw('0')
}

let named: ReadonlyMap<string, Command> | undefined

function commandNamed(name: string, first: Item | undefined): Command | undefined {
  named ??= new Map(allCommands.map((command) => [command.name, command]))
  const command = named.get(name.toUpperCase())
  const word = first?.value.kind === 'const' ? String(first.value.value).toUpperCase() : ''
  return command?.subcommands.get(word) ?? command
}
