/**
 * Keys in replies: whoever works under a prefix sees them without it.
 *
 * The one idea: a command's shape says where its reply names keys. Commands whose replies name none, nearly all, have
 * nothing to do here.
 */
import type { Bytes } from '../../base/bytes.ts'
import { isArray, MapReply, Pairs, type Reply, SetReply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Shape } from '../../commands/shape.ts'

/** How one name becomes what its caller knows. */
export type Rename = (name: Bytes) => Bytes

type Walk = (reply: Reply, rename: Rename) => Reply

const walks = new WeakMap<Command, Walk | null>()

/** A reply with its keys renamed. */
export function renameKeys(command: Command, reply: Reply, rename: Rename): Reply {
  let walk = walks.get(command)
  if (walk === undefined) walks.set(command, (walk = walkOf(command.spec.reply) ?? null))
  return walk === null ? reply : walk(reply, rename)
}

/** How to find the keys in replies of a shape; undefined when there are none. */
function walkOf(shape: Shape): Walk | undefined {
  const inner = (shape.of ?? []).map(walkOf)
  if (shape.kind === 'keyName') return (reply, rename) => (typeof reply === 'string' ? rename(reply) : reply)
  if (inner.every((walk) => walk === undefined)) return undefined
  const [first, second] = inner
  switch (shape.kind) {
    case 'nullable':
      return first
    case 'array':
    case 'set':
      return (reply, rename) => eachItem(reply, () => first, rename)
    case 'tuple':
      return (reply, rename) => eachItem(reply, (i) => inner[i], rename)
    case 'map':
    case 'pairs':
      return pairsWalk(first, second)
    default:
      throw new Error(`keys inside of a reply's ${shape.kind} can't be told`)
  }
}

/** Pairs are flat, or each stands in an array of its own. */
function pairsWalk(first: Walk | undefined, second: Walk | undefined): Walk {
  const flat: Walk = (reply, rename) => eachItem(reply, (i) => (i % 2 === 0 ? first : second), rename)
  return (reply, rename) =>
    isArray(reply) && reply.length > 0 && isArray(reply[0]!) ? eachItem(reply, () => flat, rename) : flat(reply, rename)
}

function eachItem(reply: Reply, walkAt: (i: number) => Walk | undefined, rename: Rename): Reply {
  const renamed = (items: readonly Reply[]): Reply[] => items.map((item, i) => walkAt(i)?.(item, rename) ?? item)
  if (isArray(reply)) return renamed(reply)
  if (reply instanceof MapReply) return new MapReply(renamed(reply.items))
  if (reply instanceof SetReply) return new SetReply(renamed(reply.items))
  if (reply instanceof Pairs) return new Pairs(renamed(reply.items))
  return reply
}
