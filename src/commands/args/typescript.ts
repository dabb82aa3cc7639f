/**
 * TypeScript from the grammar: the reader that prints the typed client's interface.
 *
 * The one idea: required arguments in order, then one object of options; counts disappear. Where the reply depends on an
 * option, the method has an overload for it. Names are the command's own in lower case, `config_get` for a subcommand.
 * One interface serves every caller: `M` is the way replies come (a promise, at once, queued), `S` what strings are.
 */
import type { Command } from '../command.ts'
import type { Shape } from '../shape.ts'
import { camel, isOmissible, methodName, propertyOf } from './names.ts'
import { type Node, spread } from './nodes.ts'
import { syntaxOf } from './syntax.ts'

/** The methods of some commands as the body of an interface. */
export function methodsText(commands: readonly Command[]): string {
  return commands.map(methodText).join('\n')
}

function methodText(command: Command): string {
  const { reply, summary } = command.spec
  const args = spread(command.spec.args)
  const required = args.filter((node) => !node.optional)
  const options = args.filter((node) => node.optional)
  const seen = new Map<string, number>()
  const positional = required.map(
    (node) => `${unique(camel(node.name), seen)}${isOmissible(node) ? '?' : ''}: ${givenType(node)}`,
  )
  const lines = [`  /** \`${syntaxOf(command)}\`: ${summary} */`]
  const signature = (chosen: string | undefined, shape: Shape): void => {
    const last = options.length === 0 ? [] : [optionsParameter(options, chosen)]
    lines.push(
      `  ${methodName(command)}(${[...positional, ...last].join(', ')}): Returned<M, ${replyType(shape, chosen)}>`,
    )
  }
  if (reply.kind === 'either') {
    // The last alternative is the most particular one, so its overload comes first.
    reply
      .when!.map((name, i) => [name, reply.of![i + 1]!] as const)
      .reverse()
      .forEach(([name, shape]) => {
        signature(name, shape)
      })
    signature(undefined, reply.of![0]!)
  } else signature(undefined, reply)
  return lines.join('\n')
}

function optionsParameter(options: readonly Node[], chosen: string | undefined): string {
  const fields = options.map((node) => {
    const property = propertyOf(node)
    const wanted = chosen?.split('+').includes(property) === true
    const given = givenType(node)
    return `${property}${wanted ? '' : '?'}: ${wanted && given === 'boolean' ? 'true' : given}`
  })
  return `options${chosen === undefined ? '?' : ''}: { ${fields.join('; ')} }`
}

/** Words that cannot name a parameter. */
const RESERVED = new Set(['function', 'default', 'in', 'new', 'delete', 'with', 'var', 'class', 'case', 'enum', 'this'])

function unique(wanted: string, seen: Map<string, number>): string {
  const name = RESERVED.has(wanted) ? `${wanted}Name` : wanted
  const count = (seen.get(name) ?? 0) + 1
  seen.set(name, count)
  return count === 1 ? name : `${name}${count}`
}

/** What a caller passes for a node. */
function givenType(node: Node): string {
  const inner = node.inner ?? []
  switch (node.kind) {
    case 'integer':
    case 'double':
    case 'timeout':
      return 'number'
    case 'int64':
      return 'number | bigint'
    case 'choice':
      return node.choices!.map((word) => `'${word}'`).join(' | ')
    case 'flag':
      return 'boolean'
    case 'optional':
      return inner[0]!.choices?.length === 1 ? 'boolean' : givenType(inner[0]!)
    case 'option': {
      if (node.repeat === 'collect') return `${givenType(inner[0]!)} | ${listOf(givenType(inner[0]!))}`
      if (inner.length === 1) return givenType(inner[0]!)
      const all = `readonly [${inner.map(givenType).join(', ')}]`
      return inner[0]!.name === 'operator' ? `${givenType(inner[1]!)} | ${all}` : all
    }
    case 'many':
    case 'counted':
      return `${givenType(inner[0]!)} | ${listOf(givenType(inner[0]!))}`
    case 'sequence':
      return listOf(inner.map(memberType).join(' | '))
    case 'numkeys':
      return 'Text | readonly Text[]'
    case 'halves':
    case 'tail':
      return inner.length === 2
        ? 'Entries'
        : `readonly (readonly [${inner.map(givenType).join(', ')}])[] | readonly Value[]`
    case 'words':
      return 'readonly Value[]'
    case 'key':
      return 'Text'
    default:
      // A late argument: read by the handler, a number all the same.
      return node.doc === 'pattern' ? 'Text' : node.doc === 'unix-time' ? 'Value | Date' : 'Value'
  }
}

/** One operation of a sequence: its token and its words. */
const memberType = ({ token, inner }: Node): string =>
  `readonly [${[`'${token}'`, ...(inner ?? []).map(givenType)].join(', ')}]`

const listOf = (item: string): string => `readonly ${item.includes(' ') ? `(${item})` : item}[]`

/** What a caller gets for a shape. */
function replyType(shape: Shape, chosen?: string): string {
  const of = shape.of ?? []
  switch (shape.kind) {
    case 'bulk':
    case 'keyName':
      return 'S'
    case 'status':
      return shape.names!.map((name) => `'${name}'`).join(' | ') || 'string'
    case 'integer':
    case 'double':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return arrayOf(replyType(of[0]!, chosen))
    case 'tuple':
      return `[${of.map((each) => replyType(each)).join(', ')}]`
    case 'nullable':
      return `${replyType(of[0]!)} | null`
    case 'either':
      return of.map((each) => replyType(each)).join(' | ')
    case 'record':
      return `{ ${shape.names!.map((name, i) => `${property(name)}: ${replyType(of[i]!)}`).join('; ')} }`
    case 'row': {
      const [first, ...asked] = of.map((each) => replyType(each))
      const fields = asked.map((type, i) => `${shape.names![i + 1]!}${shape.when![i] === chosen ? '' : '?'}: ${type}`)
      return `{ ${[`${shape.names![0]!}: ${first}`, ...fields].join('; ')} }`
    }
    case 'map':
      return `Map<${replyType(of[0]!)}, ${replyType(of[1]!)}>`
    case 'set':
      return `Set<${replyType(of[0]!)}>`
    case 'pairs':
      return `[${replyType(of[0]!)}, ${replyType(of[1]!)}][]`
    default:
      return 'unknown'
  }
}

const arrayOf = (item: string): string =>
  item.includes(' | ') && !/^[[{].*[\]}]$/.test(item) ? `(${item})[]` : `${item}[]`
const property = (name: string): string => (/^\w+$/.test(name) ? name : `'${name}'`)
