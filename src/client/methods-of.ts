/**
 * The typed methods over anything that runs commands: words are encoded by the grammar, replies are read by their shape.
 *
 * The one idea: one function per command, made from the table; the printed interface says what it takes and gives.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { raw, text } from '../base/bytes.ts'
import { BigNumber, Double, NilArray, Pairs, type Reply, ReplyError, Status, Verbatim } from '../base/reply.ts'
import { encodeArgs, type Given } from '../commands/args/encode.ts'
import { methodName } from '../commands/args/typescript.ts'
import type { Command } from '../commands/command.ts'
import type { Shape } from '../commands/shape.ts'
import type { Methods } from './methods/methods.ts'

/** Runs one command; an error comes as a rejection or a `ReplyError`. */
export type Send = (argv: Argv) => Promise<Reply>

/** An error that the store answered. */
export class CommandError extends Error {
  /** The first word of the text: `ERR`, `WRONGTYPE` … */
  readonly code: string
  constructor(error: ReplyError) {
    super(text(error.message))
    this.name = 'CommandError'
    this.code = error.code
  }
}

/** Every command as a typed method; throws `CommandError` for an error reply. */
export function methodsOf(commands: readonly Command[], send: Send): Methods {
  const runnable = commands.flatMap((command) => [
    ...(command.subcommands.size === 0 ? [command] : []),
    ...command.subcommands.values(),
  ])
  const entries = runnable.map((command) => [methodName(command), methodOf(command, send)] as const)
  // The interface is printed from this very table, and a test holds the two together.
  return Object.fromEntries(entries) as object as Methods
}

function methodOf(command: Command, send: Send): (...given: Given[]) => Promise<unknown> {
  const name: readonly Bytes[] = command.name.split('|').map(raw)
  const { args, reply } = command.spec
  return async (...given) => {
    const answer = await send(encodeArgs(name, args, given))
    if (answer instanceof ReplyError) throw new CommandError(answer)
    return read(answer, reply)
  }
}

/** A reply as the value that its shape promises. */
function read(reply: Reply, shape: Shape): unknown {
  if (reply === null || reply instanceof NilArray) return null
  const of = shape.of ?? []
  switch (shape.kind) {
    case 'nullable':
      return read(reply, of[0]!)
    case 'either':
      return plain(reply)
    case 'map':
      return new Map(pairsIn(reply).map(([key, value]) => [read(key, of[0]!), read(value, of[1]!)]))
    case 'set':
      return new Set(itemsIn(reply).map((item) => read(item, of[0]!)))
    case 'pairs':
      return pairsIn(reply).map(([a, b]) => [read(a, of[0]!), read(b, of[1]!)])
    case 'array':
      return itemsIn(reply).map((item) => read(item, of[0]!))
    case 'tuple':
      return itemsIn(reply).map((item, i) => read(item, of[i] ?? { kind: 'any' }))
    case 'record':
      return Object.fromEntries(
        pairsIn(reply).map(([key, value]) => {
          const name = String(plain(key))
          return [name, read(value, of[shape.names!.indexOf(name)] ?? { kind: 'any' })]
        }),
      )
    default:
      return plain(reply)
  }
}

/** A reply of a shape that nothing more is known of. */
function plain(reply: Reply): unknown {
  if (typeof reply === 'string') return text(reply)
  if (reply === null || reply instanceof NilArray) return null
  if (typeof reply !== 'object') return reply
  if (reply instanceof Status || reply instanceof Verbatim) return text(reply.text)
  if (reply instanceof Double) return reply.value
  if (reply instanceof BigNumber) return BigInt(reply.digits)
  if (reply instanceof ReplyError) return new CommandError(reply)
  if (reply instanceof Pairs) return pairsIn(reply).map(([a, b]) => [plain(a), plain(b)])
  return itemsIn(reply).map(plain)
}

function itemsIn(reply: Reply): readonly Reply[] {
  if (reply === null || typeof reply !== 'object') return []
  if ('items' in reply) return reply.items
  return Array.isArray(reply) ? reply : []
}

function pairsIn(reply: Reply): [Reply, Reply][] {
  const items = itemsIn(reply)
  return items.flatMap((item, i) => (i % 2 === 0 ? [[item, items[i + 1]!] as [Reply, Reply]] : []))
}
