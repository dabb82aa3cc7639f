/**
 * Redis' own set of commands: ours where we have them, and names without a body for the rest.
 *
 * The one idea: the words that Redis finds for rules depend on how many commands each category has. With the same
 * commands on both sides these words can be compared as they are.
 */
import { raw } from '../../src/base/bytes.ts'
import { INTERNAL } from '../../src/base/errors.ts'
import { type Reply, SetReply, Status } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { categoriesOf } from '../../src/commands/args/traits.ts'
import { Command, type Flag } from '../../src/commands/command.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import type { OracleServer } from '../oracle/redis-server.ts'

/** Exactly the commands that a redis-server has, by name: it tells them in the order of a hash table. */
export async function redisCommands(server: OracleServer): Promise<Command[]> {
  return inOrder(itemsIn(await askCommand(server)).map(matching))
}

const inOrder = (commands: Command[]): Command[] => commands.sort((a, b) => (a.name < b.name ? -1 : 1))

const ours: ReadonlyMap<string, Command> = new Map(
  allCommands.flatMap((command) => [command, ...command.subcommands.values()]).map((c) => [c.lowerName, c]),
)

function matching(info: Reply): Command {
  const fields = itemsIn(info)
  const subcommands = inOrder(itemsIn(fields[9]!).map(matching))
  const command = ours.get(String(fields[0]))
  if (command === undefined) return placeholder(fields, subcommands)
  return subcommands.length === 0 ? command : new Command(command.spec, command.execute, byWord(subcommands))
}

const byWord = (subcommands: readonly Command[]): Map<string, Command> =>
  new Map(subcommands.map((sub) => [sub.name.slice(sub.name.indexOf('|') + 1), sub]))

const SUMMARY = 'A command that only Redis has.'

/** Whether a command is known by name, flags and categories only. */
export const isNameOnly = ({ spec }: Command): boolean => spec.summary === SUMMARY

function placeholder(fields: readonly Reply[], subcommands: readonly Command[]): Command {
  const flags = itemsIn(fields[2]!).map(textOf)
  const categories = itemsIn(fields[6]!).map((category) => textOf(category).slice(1))
  const command = new Command(
    {
      name: String(fields[0]).toUpperCase(),
      // The one group whose readers are not in @read.
      group: categories.includes('scripting') ? 'scripting' : 'generic',
      since: '0',
      summary: SUMMARY,
      flags: flags as Flag[],
      acl: categories,
      args: [],
      override: { arity: Number(fields[1]), keySpecs: [], groupAcl: [] },
      reply: { kind: 'any' },
      run: () => INTERNAL,
    },
    () => INTERNAL,
    byWord(subcommands),
  )
  const made = [...categoriesOf(command)].sort().join()
  if (made !== categories.sort().join()) throw new Error(`${command.name} is in ${made}, not in ${categories.join()}`)
  return command
}

const textOf = (reply: Reply): string => (reply instanceof Status ? reply.text : String(reply))

function itemsIn(reply: Reply): readonly Reply[] {
  if (reply instanceof SetReply) return reply.items
  return Array.isArray(reply) ? (reply as readonly Reply[]) : []
}

async function askCommand(server: OracleServer): Promise<Reply> {
  const socket = await server.connect()
  const decoder = new ReplyDecoder()
  socket.write(encodeCommand([raw('COMMAND')]), 'latin1')
  for await (const chunk of socket) {
    decoder.push(chunk as Buffer)
    const reply = decoder.next()
    if (reply !== undefined) return reply
  }
  throw new Error('redis-server hung up')
}
