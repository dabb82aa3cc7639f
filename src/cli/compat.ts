/**
 * `geartrain compat --against redis://host:port`: every command of that server, and whether ours is the same.
 */
import { Command } from 'commander'
import { bytes } from '../base/bytes.ts'
import { isArray, Verbatim } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import { infoAsOf, infoOf } from '../commands/server/command-info.ts'
import { compareTables, type Standing } from './command-tables.ts'
import { askRemote, parseAddress, RemoteError } from './remote.ts'
import { style } from './style.ts'

interface CompatOptions {
  readonly against: string
  readonly json?: boolean
}

export function compatCommand(): Command {
  return new Command('compat')
    .description("compare our commands with another server's: same, differs, missing")
    .requiredOption('--against <url>', 'that server: redis://[[user]:password@]host:port')
    .option('--json', 'as JSON')
    .action(async ({ against, json }: CompatOptions) => {
      const { version, commands } = await commandsOf(against)
      const whole = compareTables(allCommands.map(infoOf), commands)
      // Options that came after that server's version are no difference, unless it has them all the same.
      const asOf = compareTables(
        allCommands.map((command) => infoAsOf(command, version)),
        commands,
      )
      const standings = whole.map((standing, i) => (standing.is === 'differs' ? asOf[i]! : standing))
      process.stdout.write(
        json ? `${JSON.stringify(summary(against, standings), null, 2)}\n` : report(against, standings),
      )
    })
}

/** A server's commands, and its version: options that came later than it are no difference. */
async function commandsOf(against: string) {
  const url = parseAddress(against)
  const [commands, info] = await askRemote(url, [[bytes('COMMAND')], [bytes('INFO'), bytes('server')]])
  if (commands === undefined || !isArray(commands)) throw new RemoteError(`${url.host} gave no list of commands.`)
  const text = info instanceof Verbatim ? info.text : ''
  const version = /^redis_version:(\S+)/m.exec(text)?.[1]
  if (version === undefined) throw new RemoteError(`${url.host} does not say its version (INFO server).`)
  return { version, commands }
}

function summary(against: string, standings: readonly Standing[]) {
  const count = (is: Standing['is']): number => standings.filter((standing) => standing.is === is).length
  return {
    against: against.replace(/\/\/[^@/]*@/, '//'),
    same: count('same'),
    differs: count('differs'),
    missing: count('missing'),
    commands: standings,
  }
}

function report(against: string, standings: readonly Standing[]): string {
  const { bold, dim, green, red } = style(process.stdout)
  const paint = { same: green, differs: red, missing: dim }
  const lines = standings.flatMap(({ name, is, fields }) => [
    `${paint[is](is.padEnd(8))} ${name}`,
    ...fields.map(
      ({ field, ours, theirs }) =>
        `           ${field}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`,
    ),
  ])
  const { same, differs, missing, against: where } = summary(against, standings)
  return `${lines.join('\n')}\n\n${bold(where)}: ${same} same, ${differs} differ, ${missing} missing\n`
}
