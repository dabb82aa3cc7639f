/**
 * `geartrain compat --against redis://host:port`: every command of that server, and whether ours is the same.
 */
import { Command } from 'commander'
import { bytes } from '../base/bytes.ts'
import { isArray, type Reply } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import { infoOf } from '../commands/server/command-info.ts'
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
      const standings = compareTables(allCommands.map(infoOf), await commandsOf(against))
      process.stdout.write(
        json ? `${JSON.stringify(summary(against, standings), null, 2)}\n` : report(against, standings),
      )
    })
}

async function commandsOf(against: string): Promise<readonly Reply[]> {
  const url = parseAddress(against)
  const [reply] = await askRemote(url, [[bytes('COMMAND')]])
  if (reply === undefined || !isArray(reply)) throw new RemoteError(`${url.host} gave no list of commands.`)
  return reply
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
