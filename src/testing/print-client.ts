/**
 * The text of the typed client's interface, file by file: one interface a group, and one that has them all.
 */
import { methodCommands } from '../client/command-methods.ts'
import { methodsText } from '../commands/args/typescript.ts'
import type { Command } from '../commands/command.ts'

const NOTE = 'Printed from the grammar by scripts/print-client.ts: change the commands, not this file.'

/** File name -> text, before formatting. */
export function printClient(commands: readonly Command[]): ReadonlyMap<string, string> {
  const runnable = methodCommands(commands)
  const groups = [...new Set(runnable.map((command) => command.spec.group))].sort()
  const files = new Map(
    groups.map((group) => [
      `${group}.ts`,
      fileOf(
        group,
        runnable.filter((command) => command.spec.group === group),
      ),
    ]),
  )
  return files.set('methods.ts', unionOf(groups, files))
}

const interfaceName = (group: string): string =>
  `${group.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())}Methods`

function fileOf(group: string, commands: readonly Command[]): string {
  const body = methodsText([...commands].sort((a, b) => (a.name < b.name ? -1 : 1)))
  const given = ['Entries', 'Text', 'Value'].filter((type) => new RegExp(`\\b${type}\\b`).test(body))
  const imports = [
    ...(given.length === 0 ? [] : [`import type { ${given.join(', ')} } from '../../commands/args/nodes.ts'`]),
    "import type { Returned } from '../returned.ts'",
  ].join('\n')
  return `/** Typed methods of the ${group} commands. ${NOTE} */\n${imports}\n\n/** The ${group} commands as methods. */\nexport interface ${interfaceName(group)}<${parametersOf(body)}> {\n${body}\n}\n`
}

/** `S` only where a reply has strings. */
const parametersOf = (text: string): string => (/\bS\b/.test(text) ? 'M, S' : 'M')

function unionOf(groups: readonly string[], files: ReadonlyMap<string, string>): string {
  const imports = groups.map((group) => `import type { ${interfaceName(group)} } from './${group}.ts'`).join('\n')
  const all = groups
    .map((group) => `${interfaceName(group)}<${parametersOf(files.get(`${group}.ts`)!)}>`)
    .join(',\n    ')
  return `/** Every command as a typed method. ${NOTE} */\n${imports}\n\n/** Every command as a method. */\nexport interface Methods<M, S> extends ${all} {}\n`
}
