/**
 * What the tidy checks read: the project's own text files, each with its path, and its syntax tree where it is TypeScript.
 *
 * The one idea: a check is a pure function from sources to findings, so that every check can be shown a failing sample
 * that never touches the disk.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import ts from 'typescript'

/** One text file of the project; the path is relative to the root, with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** One thing that is wrong, as `path:line what`. */
export type Finding = string

/** Looks at sources and returns what is wrong, in the order of the sources. */
export type Check = (sources: readonly Source[]) => readonly Finding[]

const BINARY = /\.(png|ico|gif|jpg|woff2?|rdb|aof|gz|tgz)$/

/** Every text file that is tracked, or would be (not ignored). */
export function projectSources(): readonly Source[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' })
  const paths = list.split('\0').filter((path) => path !== '' && !BINARY.test(path))
  const present = paths.filter((path) => existsSync(path) && statSync(path).isFile())
  return present.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

/** The TypeScript files among them, without declarations. */
export function typescriptOf(sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
}

/** The TypeScript that ships: src/ without its tests. */
export function shippedOf(sources: readonly Source[]): readonly Source[] {
  return typescriptOf(sources).filter(({ path }) => path.startsWith('src/') && !path.endsWith('.test.ts'))
}

const trees = new WeakMap<Source, ts.SourceFile>()

/** The syntax tree of a TypeScript source, parsed once. */
export function tree(source: Source): ts.SourceFile {
  let parsed = trees.get(source)
  if (parsed === undefined) {
    parsed = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2023, true)
    trees.set(source, parsed)
  }
  return parsed
}

/** Visits every node of a source, parents before children. */
export function walk(source: Source, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node)
    ts.forEachChild(node, step)
  }
  step(tree(source))
}

/** A finding at a node. */
export function at(source: Source, node: ts.Node, what: string): Finding {
  const { line } = tree(source).getLineAndCharacterOfPosition(node.getStart(tree(source)))
  return `${source.path}:${line + 1} ${what}`
}

/** A finding for every line that a pattern matches; `what` may name the match. */
export function matching(source: Source, pattern: RegExp, what: (match: string) => string): readonly Finding[] {
  return source.text.split('\n').flatMap((line, i) => {
    const match = pattern.exec(line)
    return match === null ? [] : [`${source.path}:${i + 1} ${what(match[0])}`]
  })
}
