/**
 * COMMAND DOCS: a command and the tree of its arguments, from the grammar.
 *
 * The one idea: the tree says what the grammar says, in Redis' words: `oneof` for alternatives, `block` for what stands
 * together, `pure-token` for words that are values themselves. redis-cli prints its hints from it.
 */
import { bytes, raw } from '../../base/bytes.ts'
import { MapReply, type Reply, SetReply, Status } from '../../base/reply.ts'
import type { Command } from '../command.ts'
import type { KeySpec } from './key-specs.ts'
import { type Node, spread } from './nodes.ts'
import { singular } from './syntax.ts'

/** One argument as COMMAND DOCS describes it. */
export interface DocArgument {
  readonly name: string
  readonly type: string
  readonly keySpec?: number
  readonly token?: string
  readonly flags?: readonly string[]
  readonly arguments?: readonly DocArgument[]
}

/** The key specs that no argument was found for yet. */
interface KeyCount {
  next: number
  readonly specs: readonly KeySpec[]
}

/** The next key spec that says the same of its keys as this argument does. */
function keySpecOf(access: string, keys: KeyCount): { readonly keySpec?: number } {
  for (let index = keys.next; index < keys.specs.length; index++) {
    if (keys.specs[index]!.flags.join(' ') !== access) continue
    keys.next = index + 1
    return { keySpec: index }
  }
  return {}
}

/** The arguments of a command, as a tree. */
export function argumentsOf(command: Command): DocArgument[] {
  return list(spread(command.spec.args), { next: 0, specs: command.keySpecs })
}

function list(nodes: readonly Node[], keys: KeyCount): DocArgument[] {
  const found: DocArgument[] = []
  for (let i = 0; i < nodes.length; ) {
    const node = nodes[i]!
    const members = node.oneOf === undefined ? [node] : nodes.slice(i).filter((other) => other.oneOf === node.oneOf)
    i += members.length
    if (
      node.kind === 'optional' &&
      node.oneOf === undefined &&
      i < nodes.length &&
      nodes.every((each, at) => at < i || each.optional)
    ) {
      // What follows can only be said when this is.
      const inner = [...describe(node, keys), ...list(nodes.slice(i), keys)]
      found.push({ name: 'arguments', type: 'block', flags: ['optional'], arguments: inner })
      break
    }
    if (members.length === 1) {
      const flags = node.optional ? ['optional'] : []
      found.push(...describe(node, keys).map((argument) => flagged(argument, flags)))
    } else {
      const inner = members.flatMap((member) => describe(member, keys))
      found.push({ name: node.oneOf!, type: 'oneof', flags: ['optional'], arguments: inner })
    }
  }
  return found
}

function flagged(argument: DocArgument, flags: readonly string[]): DocArgument {
  return flags.length === 0 ? argument : { ...argument, flags: [...new Set([...flags, ...(argument.flags ?? [])])] }
}

const MULTIPLE = ['multiple']

/** A node without the flag that says that it may be left out. */
function describe(node: Node, keys: KeyCount): DocArgument[] {
  const name = node.label ?? node.name
  switch (node.kind) {
    case 'key':
      // A shard's channel stands where a key would, and is none.
      if (node.access === 'not_key') return [{ name, type: 'string' }]
      return [{ name, type: 'key', ...keySpecOf(node.access!, keys) }]
    case 'choice':
      return [{ name, type: 'oneof', arguments: node.choices!.map(pureToken) }]
    case 'flag':
      return [{ name, type: 'pure-token', token: node.token! }]
    case 'option':
      return [option(node, keys)]
    case 'optional':
      return describe(node.inner![0]!, keys)
    case 'numkeys': {
      const flags = node.rule?.min === 0 ? REPEATED : MULTIPLE
      return [
        { name: 'numkeys', type: 'integer' },
        { name: singular(name), type: 'key', ...keySpecOf(node.access!, keys), flags },
      ]
    }
    case 'many':
      return describe(node.inner![0]!, keys).map((argument) =>
        flagged(argument, node.least === 0 ? REPEATED : MULTIPLE),
      )
    case 'tail':
      return [{ name: nameOf(node.inner!), type: 'block', flags: MULTIPLE, arguments: list(node.inner!, keys) }]
    case 'halves': {
      const inner = list(node.inner!, keys).map((argument) => flagged(argument, MULTIPLE))
      return [{ name, type: 'block', token: node.token!, arguments: inner }]
    }
    case 'counted': {
      const inner = describe(node.inner![0]!, keys).map((argument) => flagged(argument, MULTIPLE))
      return [
        {
          name: node.name,
          type: 'block',
          token: node.token!,
          arguments: [{ name: node.label!, type: 'integer' }, ...inner],
        },
      ]
    }
    case 'sequence': {
      const inner = node.inner!.flatMap((member) => describe(member, keys))
      return [{ name, type: 'oneof', flags: REPEATED, arguments: inner }]
    }
    case 'words':
      return [{ name, type: 'string', flags: (node.least ?? 0) === 0 ? REPEATED : MULTIPLE }]
    default:
      return [{ name, type: typeOf(node) }]
  }
}

const REPEATED = ['optional', 'multiple']

function option(node: Node, keys: KeyCount): DocArgument {
  const inner = node.inner!
  const flags = node.repeat === 'collect' ? ['multiple', 'multiple_token'] : []
  if (inner.length > 1) {
    return flagged({ name: node.name, type: 'block', token: node.token!, arguments: list(inner, keys) }, flags)
  }
  return flagged({ ...describe(inner[0]!, keys)[0]!, token: node.token! }, flags)
}

const pureToken = (word: string): DocArgument => ({ name: word.toLowerCase(), type: 'pure-token', token: word })

const nameOf = (nodes: readonly Node[]): string => nodes.map(({ name }) => name).join('_')

function typeOf(node: Node): string {
  const said = node.rule?.doc ?? node.doc
  if (said !== undefined) return said
  switch (node.kind) {
    case 'integer':
    case 'int64':
    case 'cursor':
      return 'integer'
    case 'double':
    case 'timeout':
      return 'double'
    default:
      return 'string'
  }
}

/** A command's entry of COMMAND DOCS. */
export function docsOf(command: Command): MapReply {
  const { spec } = command
  const items: Reply[] = []
  const say = (name: string, value: Reply): void => {
    items.push(raw(name), value)
  }
  say('summary', bytes(spec.summary))
  say('since', raw(spec.since))
  say('group', raw(spec.group))
  if (spec.complexity !== undefined) say('complexity', bytes(spec.complexity))
  if (spec.deprecated !== undefined) {
    say('doc_flags', new SetReply([new Status('deprecated')]))
    say('deprecated_since', raw(spec.deprecated.since))
    say('replaced_by', bytes(spec.deprecated.use))
  }
  const inner = argumentsOf(command)
  if (inner.length > 0) say('arguments', inner.map(argumentReply))
  const { subcommands } = command
  if (subcommands.size > 0) {
    say('subcommands', new MapReply([...subcommands.values()].flatMap((sub) => [raw(sub.lowerName), docsOf(sub)])))
  }
  return new MapReply(items)
}

function argumentReply(argument: DocArgument): Reply {
  const { name, type, keySpec, token, flags, arguments: inner } = argument
  const items: Reply[] = [raw('name'), raw(name), raw('type'), raw(type)]
  if (keySpec !== undefined) items.push(raw('key_spec_index'), keySpec)
  if (token !== undefined) items.push(raw('token'), raw(token))
  if (flags !== undefined) items.push(raw('flags'), new SetReply(flags.map((flag) => new Status(flag))))
  if (inner !== undefined) items.push(raw('arguments'), inner.map(argumentReply))
  return new MapReply(items)
}
