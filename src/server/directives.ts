/**
 * Directives, as a redis.conf or a command line gives them: `name value [value …]`.
 *
 * The one idea: both become the same list of lines, each knowing where it came from, so that an error can show it. What a
 * directive means and accepts is the engine's affair.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { text } from '../base/bytes.ts'
import { splitWords } from '../base/split-words.ts'
import { ServerError, systemCode } from './errors.ts'

/** One directive and where it stands. */
export interface DirectiveLine {
  readonly name: string
  readonly values: readonly string[]
  /** `redis.conf, line 3`, or `the command line`. */
  readonly where: string
  /** The line as it was given. */
  readonly line: string
}

/** Files that include files: more than this deep is a circle. */
const DEEPEST = 16

/** Reads a configuration file and what it includes. Throws `ServerError`. */
export function readConfigFile(path: string, depth = 0): DirectiveLine[] {
  if (depth > DEEPEST) throw new ServerError('GEARTRAIN_CONFIG', `'${path}' is included by itself: remove an include.`)
  const lines = contentOf(path).split('\n')
  return lines.flatMap((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return []
    const where = `${path}, line ${index + 1}`
    const words = splitWords(Buffer.from(line, 'utf8').latin1Slice())?.map(text)
    if (words === undefined) throw badDirective({ where, line }, 'Unbalanced quotes in configuration line')
    const [name = '', ...values] = words
    const directive = { name: name.toLowerCase(), values, where, line }
    if (directive.name !== 'include') return [directive]
    if (values.length !== 1) throw badDirective(directive, 'wrong number of arguments')
    return readConfigFile(resolve(dirname(path), values[0]!), depth + 1)
  })
}

/** Reads `--name value [value …] --name …`. Throws `ServerError` for words that belong to no name. */
export function readArguments(words: readonly string[]): DirectiveLine[] {
  const found: { name: string; values: string[] }[] = []
  for (const word of words) {
    if (word.startsWith('--') && word.length > 2) found.push({ name: word.slice(2).toLowerCase(), values: [] })
    else if (found.length > 0) found.at(-1)!.values.push(word)
    else throw new ServerError('GEARTRAIN_CONFIG', `'${word}' belongs to no directive: write --name value.`)
  }
  return found.map(({ name, values }) => ({
    name,
    values,
    where: 'the command line',
    line: [`--${name}`, ...values].join(' '),
  }))
}

/** The error for a line that is not understood, in Redis' words. */
export function badDirective({ where, line }: Pick<DirectiveLine, 'where' | 'line'>, why: string): ServerError {
  return new ServerError('GEARTRAIN_CONFIG', `${why}\n  at ${where}\n  >>> '${line}'`)
}

/** Directives whose lines add up; of all others the last one counts. */
export const ADDING: ReadonlySet<string> = new Set(['save', 'client-output-buffer-limit'])

/** Name -> value, as an engine takes them. */
export function joinDirectives(lines: readonly DirectiveLine[]): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const { name, values } of lines) {
    const value = values.join(' ')
    const before = joined[name]
    // `save ""` takes back what lines before it said.
    joined[name] = ADDING.has(name) && before && value !== '' ? `${before} ${value}` : value
  }
  return joined
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ServerError(
      'GEARTRAIN_CONFIG',
      `The configuration file '${path}' cannot be read (${systemCode(error)}): check the path.`,
      error,
    )
  }
}
