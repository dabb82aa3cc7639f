/** Arity from the grammar: exact when nothing repeats or is optional, else minus the least number of words. */
import { type Node, spread } from './nodes.ts'

function leastWords(node: Node): number {
  if (node.optional) return 0
  switch (node.kind) {
    case 'numkeys':
      return 2
    case 'many':
    case 'words':
    case 'sequence':
      return node.least ?? 0
    case 'tail':
      return node.inner!.length
    case 'halves':
    case 'counted':
      return 3
    case 'option':
      return 1 + node.inner!.length
    default:
      return 1
  }
}

const VARIADIC = new Set<Node['kind']>(['numkeys', 'many', 'tail', 'halves', 'counted', 'words', 'sequence'])

/** Redis' arity: counts the command's own words (`from`: 1, or 2 for a subcommand). */
export function arityOf(grammar: readonly Node[], from: number): number {
  const nodes = spread(grammar)
  const least = nodes.reduce((sum, node) => sum + leastWords(node), from)
  return nodes.some((node) => node.optional || VARIADIC.has(node.kind)) ? -least : least
}
