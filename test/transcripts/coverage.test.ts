/**
 * Every command, and every word of its grammar, is said in some transcript.
 *
 * Words count in lines that run that command, in any case.
 */
import { describe, expect, test } from 'vitest'
import { allCommands } from '../../src/commands/all.ts'
import type { Node } from '../../src/commands/args/nodes.ts'
import type { Command } from '../../src/commands/command.ts'
import { transcripts } from './files.ts'

const everything = allCommands.flatMap((command) => [command, ...command.subcommands.values()])

/** The words said to each command, by its name; those of a subcommand by `CONFIG|GET`. */
function wordsSaid(lines: readonly (readonly string[])[]): Map<string, Set<string>> {
  const said = new Map<string, Set<string>>()
  for (const argv of lines) {
    const [name = '', sub = '', ...rest] = argv.map((word) => word.toUpperCase())
    const add = (command: string, words: readonly string[]): void => {
      const known = said.get(command) ?? new Set()
      for (const word of words) known.add(word)
      said.set(command, known)
    }
    add(name, [sub, ...rest])
    add(`${name}|${sub}`, rest)
  }
  return said
}

function wordsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap(({ token, choices = [], inner = [] }) => [
    ...(token === undefined ? [] : [token]),
    ...choices,
    ...wordsOf(inner),
  ])
}

/** What is never said: `SET KEEPTTL`, or `SET` where the command itself is never run. */
function unsaid(commands: readonly Command[], lines: readonly (readonly string[])[]): string[] {
  const said = wordsSaid(lines)
  return commands.flatMap(({ name, spec }) => {
    const words = said.get(name)
    if (words === undefined) return [name]
    return [...new Set(wordsOf(spec.args))].filter((word) => !words.has(word.toUpperCase())).map((w) => `${name} ${w}`)
  })
}

describe('the transcripts', () => {
  test('say every command and every word of its grammar', () => {
    const lines = transcripts.flatMap(({ steps }) => steps.map(({ argv }) => argv))
    expect(unsaid(everything, lines)).toEqual([])
  })

  test('are found wanting where a word is missing', () => {
    const set = everything.filter(({ name }) => name === 'SETEX' || name === 'LPOS')
    expect(unsaid(set, [['lpos', 'k', 'v', 'rank', '1', 'MAXLEN', '1']])).toEqual(['SETEX', 'LPOS COUNT'])
  })
})
