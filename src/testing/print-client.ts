/**
 * The text of the typed client's interface, file by file: one interface a group, and one that has them all.
 */
import { methodsText } from '../commands/args/typescript.ts'
import type { Command } from '../commands/command.ts'

const NOTE = 'Printed from the grammar by scripts/print-client.ts: change the commands, not this file.'

/** File name -> text, before formatting. */
export function printClient(commands: readonly Command[]): ReadonlyMap<string, string> {
  const runnable = commands.flatMap((command) => [
    ...(command.subcommands.size === 0 ? [command] : []),
    ...command.subcommands.values(),
  ])
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
  return files.set('methods.ts', unionOf(groups))
}

const interfaceName = (group: string): string =>
  `${group.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())}Methods`

function fileOf(group: string, commands: readonly Command[]): string {
  const body = methodsText([...commands].sort((a, b) => (a.name < b.name ? -1 : 1)))
  const imports = /\bText\b/.test(body) ? "import type { Text } from '../../commands/args/nodes.ts'\n\n" : ''
  return `/** Typed methods of the ${group} commands. ${NOTE} */\n${imports}/** The ${group} commands as methods. */\nexport interface ${interfaceName(group)} {\n${body}\n}\n`
}

function unionOf(groups: readonly string[]): string {
  const imports = groups.map((group) => `import type { ${interfaceName(group)} } from './${group}.ts'`).join('\n')
  const all = groups.map(interfaceName).join(',\n    ')
  return `/** Every command as a typed method. ${NOTE} */\n${imports}\n\n/** Every command as a method. */\nexport interface Methods extends ${all} {}\n`
}
