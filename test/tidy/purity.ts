/** Checks of what code may do: types without holes, one clock, one source of chance, one source per command. */
import ts from 'typescript'
import { at, type Check, type Finding, matching, type Source, shippedOf, tree, walk } from './source.ts'

/** Where the types of what ships have holes, by kind. `as const` and `satisfies` are not holes. */
export interface Holes {
  readonly any: readonly Finding[]
  /** Strings taken for bytes: `as Bytes`. */
  readonly brand: readonly Finding[]
  readonly cast: readonly Finding[]
  readonly doubleCast: readonly Finding[]
}

/** Finds every `any`, every cast, and every cast of a cast. */
export function holes(sources: readonly Source[]): Holes {
  const found: Record<keyof Holes, Finding[]> = { any: [], brand: [], cast: [], doubleCast: [] }
  for (const source of shippedOf(sources)) {
    walk(source, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) found.any.push(at(source, node, 'any'))
      if (!isCast(node)) return
      const what = `as ${node.type.getText(tree(source))}`
      if (isCast(node.expression)) found.doubleCast.push(at(source, node, what))
      else found[what === 'as Bytes' ? 'brand' : 'cast'].push(at(source, node, what))
    })
  }
  return found
}

function isCast(node: ts.Node): node is ts.AsExpression {
  return ts.isAsExpression(node) && !ts.isConstTypeReference(node.type)
}

/** What reads the clock or chance, and what to use in its place. */
const IMPURE: Readonly<Record<string, string>> = {
  'Date.now': 'the injected Clock',
  'performance.now': 'the injected Clock',
  'process.hrtime': 'the injected Clock',
  'process.hrtime.bigint': 'the injected Clock',
  setTimeout: 'Clock.at',
  setInterval: 'Clock.at',
  'Math.random': 'the injected Random',
  randomBytes: 'the injected Random',
  randomUUID: 'the injected Random',
  randomInt: 'the injected Random',
  'crypto.getRandomValues': 'the injected Random',
}
const PURE_SOURCES = ['src/base/clock.ts', 'src/base/random.ts']

/** Time and chance are read in base/clock.ts and base/random.ts, nowhere else. */
export const clockAndChance: Check = (sources) =>
  shippedOf(sources)
    .filter(({ path }) => !PURE_SOURCES.includes(path))
    .flatMap((source) => {
      const findings: Finding[] = []
      walk(source, (node) => {
        const name = impureName(source, node)
        if (name !== undefined) findings.push(at(source, node, `${name}: use ${IMPURE[name] ?? 'the injected Clock'}`))
      })
      return findings
    })

function impureName(source: Source, node: ts.Node): string | undefined {
  if (ts.isNewExpression(node)) {
    const isNow = node.expression.getText(tree(source)) === 'Date' && (node.arguments?.length ?? 0) === 0
    return isNow ? 'new Date()' : undefined
  }
  if (!ts.isCallExpression(node)) return undefined
  const callee = node.expression.getText(tree(source))
  return Object.hasOwn(IMPURE, callee) ? callee : undefined
}

/** The files of src/commands/ that describe each command, by the command's name. */
export function commandSources(sources: readonly Source[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>()
  for (const source of shippedOf(sources).filter(({ path }) => path.startsWith('src/commands/'))) {
    walk(source, (node) => {
      const name = commandName(source, node)
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), at(source, node, name)])
    })
  }
  return found
}

/** The name given to `command({ name: 'LMPOP', … })`, or to one of its kin (`container`, `subcommand`). */
function commandName(source: Source, node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !/^\w*(command|container)$/i.test(node.expression.getText(tree(source)))) return
  const [spec] = node.arguments
  if (spec === undefined || !ts.isObjectLiteralExpression(spec)) return undefined
  for (const property of spec.properties) {
    if (!ts.isPropertyAssignment(property) || property.name.getText(tree(source)) !== 'name') continue
    if (ts.isStringLiteral(property.initializer)) return property.initializer.text.toUpperCase()
  }
  return undefined
}

/** A command is described once. */
export const repeatedCommands: Check = (sources) =>
  [...commandSources(sources)].filter(([, places]) => places.length > 1).flatMap(([, places]) => places)

// Written so that this file does not match itself.
const MACHINE_PATH = /(?<![\w.])\/(?:work|tmp|root|Users|home)\/[\w.-]+/
const REGISTRY_HOST = /registry\.(?:npmjs|yarnpkg|npmmirror)\b|"resolved": "http/
const SIBLING = /\.\.\/shared\b/

/** No tracked file knows the machine it was written on, the registry it was installed from, or folders beside ours. */
export const machineTraces: Check = (sources) =>
  sources
    .filter(({ path }) => !path.startsWith('test/tidy/'))
    .flatMap((source) => [
      ...matching(source, MACHINE_PATH, (match) => `a machine's path: ${match}`),
      ...matching(source, REGISTRY_HOST, (match) => `a registry's host: ${match}`),
      ...matching(source, SIBLING, (match) => `a folder beside the project: ${match}`),
    ])
