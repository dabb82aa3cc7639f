/** Checks of a file's shape: its size, its functions' size, its header, its exports and its names. */
import ts from 'typescript'
import { at, type Check, type Finding, type Source, shippedOf, tree, typescriptOf, walk } from './source.ts'

const LINES_PER_FILE = 500
const LINES_PER_FUNCTION = 70

/** Files are under 500 lines, those of the tests included. Data that a program prints has a folder `generated`. */
export const longFiles: Check = (sources) =>
  typescriptOf(sources)
    .filter(({ path }) => !path.includes('/generated/'))
    .filter(({ text }) => text.trimEnd().split('\n').length > LINES_PER_FILE)
    .map(({ path, text }) => `${path}:1 has ${text.trimEnd().split('\n').length} lines, more than ${LINES_PER_FILE}`)

/** Functions, methods and arrows of what ships are under 70 lines. */
export const longFunctions: Check = (sources) =>
  shippedOf(sources).flatMap((source) => {
    const findings: Finding[] = []
    walk(source, (node) => {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return
      const file = tree(source)
      const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line
      const lines = file.getLineAndCharacterOfPosition(node.end).line - first + 1
      if (lines > LINES_PER_FUNCTION) {
        findings.push(at(source, node, `a function of ${lines} lines, more than ${LINES_PER_FUNCTION}`))
      }
    })
    return findings
  })

/** What ships, and the scripts and benchmarks, open with a header comment. */
export const missingHeaders: Check = (sources) =>
  typescriptOf(sources)
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text))
    .map(({ path }) => `${path}:1 has no header comment: what it is, its one idea, its invariants`)

/** No default exports, but in the configuration files whose tools ask for one. */
export const defaultExports: Check = (sources) =>
  typescriptOf(sources)
    .filter(({ path }) => !path.endsWith('.config.ts'))
    .flatMap((source) => {
      const isDefault = (node: ts.Statement) =>
        ts.isExportAssignment(node) ||
        (ts.canHaveModifiers(node) &&
          (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DefaultKeyword))
      return tree(source)
        .statements.filter(isDefault)
        .map((node) => at(source, node, 'a default export'))
    })

const BANNED = ['util', 'utils', 'helper', 'helpers', 'manager', 'managers', 'common', 'misc']
/** A declared name may hold "common" (the longest common subsequence); a file or folder named so is a drawer. */
const BANNED_IN_CODE = BANNED.filter((word) => word !== 'common')

/** Names say what a thing is: files, folders, types, classes and functions avoid the words that say nothing. */
export const bannedNames: Check = (sources) =>
  typescriptOf(sources).flatMap((source) => {
    const findings: Finding[] = []
    const inPath = source.path.split(/[/.-]/).find((word) => BANNED.includes(word))
    if (inPath !== undefined) findings.push(`${source.path}:1 is named "${inPath}"`)
    walk(source, (node) => {
      const name = declaredName(node)
      const inName = name && wordsOf(name).find((word) => BANNED_IN_CODE.includes(word))
      if (inName) findings.push(at(source, node, `"${name}" is named "${inName}"`))
    })
    return findings
  })

function declaredName(node: ts.Node): string | undefined {
  const names =
    ts.isClassDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node)
  return names ? node.name?.text : undefined
}

function wordsOf(name: string): readonly string[] {
  return name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase())
}

/** A TODO names the issue that will do it: `TODO(#12)`. */
export const openEnds: Check = (sources) =>
  typescriptOf(sources)
    .filter(({ path }) => !path.startsWith('test/tidy/'))
    .flatMap(({ path, text }: Source) =>
      text.split('\n').flatMap((line, i) => {
        const match = /(?:\/\/|\*).*\b(TODO|FIXME|HACK)\b(?!\(#\d+\))/.exec(line)
        return match === null ? [] : [`${path}:${i + 1} a ${match[1]} without an issue`]
      }),
    )
