/**
 * The syntax line: a command's grammar as people read it.
 *
 * The one idea: `<A | B>` is one of, `[x]` may be left out, `x [x ...]` repeats. A positional argument that may be left
 * out encloses what follows it, since what follows can only be said when it is there: `[count [WITHVALUES]]`.
 */
import type { Command } from '../command.ts'
import { type Node, spread } from './nodes.ts'

/** `LMPOP numkeys key [key ...] <LEFT | RIGHT> [COUNT count]`; a container is its name. */
export function syntaxOf(command: Command): string {
  return [command.name.replace('|', ' '), ...inOrder(spread(command.spec.args))].join(' ')
}

function inOrder(nodes: readonly Node[]): string[] {
  const parts: string[] = []
  for (let i = 0; i < nodes.length; ) {
    const node = nodes[i]!
    if (node.oneOf !== undefined) {
      const members = nodes.slice(i).filter((other) => other.oneOf === node.oneOf)
      parts.push(`[${members.map(bare).join(' | ')}]`)
      i += members.length
      continue
    }
    const rest = nodes.slice(i + 1)
    if (node.kind === 'optional' && rest.every((other) => other.optional)) {
      parts.push(`[${[bare(node), ...inOrder(rest)].join(' ')}]`)
      return parts
    }
    parts.push(node.optional ? `[${bare(node)}]` : bare(node))
    i++
  }
  return parts
}

/** A node without the brackets that say that it may be left out. */
function bare(node: Node): string {
  const inner = (node.inner ?? []).map(bare).join(' ')
  switch (node.kind) {
    case 'choice':
      return `<${node.choices!.join(' | ')}>`
    case 'flag':
      return node.token!
    case 'option': {
      const said = `${node.token!} ${inner}`
      return node.repeat === 'collect' ? repeated(said) : said
    }
    case 'optional':
      // Its own brackets hold the alternatives together.
      return node.inner![0]!.kind === 'choice' ? inner.slice(1, -1) : inner
    case 'numkeys':
      return `numkeys ${least(singular(node.name), Number(node.rule?.min ?? 1))}`
    case 'many':
    case 'tail':
      return least(inner, node.least ?? 1)
    case 'halves':
      return [node.token!, ...node.inner!.map((half) => repeated(bare(half)))].join(' ')
    case 'counted':
      return `${node.token!} ${node.label!} ${repeated(inner)}`
    case 'sequence': {
      const said = node.inner!.map(bare).join(' | ')
      return `[${node.inner!.length > 1 ? `<${said}>` : said} ...]`
    }
    case 'words':
      return least(node.name, node.least ?? 0)
    default:
      return node.label ?? node.name
  }
}

const repeated = (said: string): string => `${said} [${said} ...]`
const least = (said: string, count: number): string => (count === 0 ? `[${repeated(said)}]` : repeated(said))

/** The name of one of many: `keys` -> `key`. */
export const singular = (name: string): string => (name.endsWith('s') ? name.slice(0, -1) : name)
