/** Above each command stands its syntax line, exactly as the grammar prints it. */
import { describe, expect, test } from 'vitest'
import { allCommands } from '../../src/commands/all.ts'
import { syntaxOf } from '../../src/commands/args/syntax.ts'
import type { Command } from '../../src/commands/command.ts'
import { projectSources, type Source, shippedOf } from './source.ts'

const everything = allCommands.flatMap((command) => [command, ...command.subcommands.values()])

/** The commands whose syntax line is the doc comment of no definition under src/commands/. */
function undocumented(commands: readonly Command[], sources: readonly Source[]): string[] {
  const comments = shippedOf(sources)
    .filter(({ path }) => path.startsWith('src/commands/'))
    .flatMap(({ text }) => [...text.matchAll(/^\/\*\* (.*) \*\/$/gm)].map((match) => match[1]!))
  const written = new Set(comments)
  return commands.map(syntaxOf).filter((line) => !written.has(line))
}

describe('syntax lines', () => {
  test('stand above every command', () => {
    expect(undocumented(everything, projectSources())).toEqual([])
  })

  test('are missed where a word differs', () => {
    const echo = everything.filter(({ name }) => name === 'ECHO')
    const source = (line: string): Source[] => [
      { path: 'src/commands/a.ts', text: `/** ${line} */\nexport const a = 1` },
    ]
    expect(undocumented(echo, source('ECHO message'))).toEqual([])
    expect(undocumented(echo, source('ECHO text'))).toEqual(['ECHO message'])
  })
})
