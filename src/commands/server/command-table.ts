/** COMMAND: what commands there are, and what they are like. */
import { type Argv, type Bytes, lower, raw } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { matchGlob } from '../../base/glob.ts'
import { MapReply, type Reply, SetReply, Status } from '../../base/reply.ts'
import { docsOf } from '../args/docs.ts'
import { keyPositions } from '../args/key-specs.ts'
import { bytes, choice, many, optionOf, words } from '../args/nodes.ts'
import { categoriesOf } from '../args/traits.ts'
import { type Command, command, container } from '../command.ts'
import type { CommandTable } from '../context.ts'
import { helpOf } from '../help.ts'
import { any, arrayOf, bulk, int, mapOf } from '../shape.ts'
import { infoOf } from './command-info.ts'

const UNKNOWN = err('Invalid command specified')
const NO_KEYS = err('The command has no key arguments')
const WRONG_COUNT = err('Invalid number of arguments specified for command')
const WRONG_WORDS = err('Invalid arguments specified for command')

const common = {
  group: 'server',
  acl: ['connection'],
  flags: ['loading', 'stale'],
} as const

const UNORDERED = ['nondeterministic_output_order']

/** COMMAND COUNT */
const count = command({
  ...common,
  name: 'COMMAND|COUNT',
  since: '2.8.13',
  summary: 'Counts the commands.',
  complexity: 'O(1)',
  args: [],
  reply: int,
  run: ({ server }) => server.table.all.length,
})

/** COMMAND INFO [command-name [command-name ...]] */
const info = command({
  ...common,
  name: 'COMMAND|INFO',
  since: '2.8.13',
  summary: 'Tells arity, flags, keys and categories of commands, or of all of them.',
  complexity: 'O(N), N commands asked for',
  tips: UNORDERED,
  args: [many('command-names', bytes('command-name'), 0)],
  reply: arrayOf(any),
  run: ({ server: { table } }, { 'command-names': names }) =>
    names.length === 0
      ? table.all.map(infoOf)
      : names.map((name) => {
          const found = table.named(name)
          return found === undefined ? null : infoOf(found)
        }),
})

/** COMMAND DOCS [command-name [command-name ...]] */
const docs = command({
  ...common,
  name: 'COMMAND|DOCS',
  since: '7.0.0',
  summary: 'Describes commands and their arguments; unknown ones are left out.',
  complexity: 'O(N), N commands asked for',
  tips: UNORDERED,
  args: [many('command-names', bytes('command-name'), 0)],
  reply: mapOf(bulk, any),
  run: ({ server: { table } }, { 'command-names': names }) => {
    const found = names.length === 0 ? table.all : names.map((name) => table.named(name))
    return new MapReply(
      found
        .filter((each) => each !== undefined)
        .flatMap((each): readonly Reply[] => [raw(each.lowerName), docsOf(each)]),
    )
  },
})

/** Every command and subcommand. */
const everything = (table: CommandTable): Command[] => table.all.flatMap((each) => [each, ...each.subcommands.values()])

/** COMMAND LIST [FILTERBY <MODULE | ACLCAT | PATTERN> value] */
const list = command({
  ...common,
  name: 'COMMAND|LIST',
  since: '7.0.0',
  summary: 'Lists the names of commands and subcommands.',
  complexity: 'O(N), N commands there are',
  tips: UNORDERED,
  args: [optionOf('filterby', 'FILTERBY', [choice('by', ['MODULE', 'ACLCAT', 'PATTERN']), bytes('value')], 'error')],
  reply: arrayOf(bulk),
  run: ({ server: { table } }, { filterby }) => {
    const found = filterby === undefined ? everything(table) : filtered(table, filterby[0], filterby[1])
    return found.map((each) => raw(each.lowerName))
  },
})

function filtered(table: CommandTable, by: 'MODULE' | 'ACLCAT' | 'PATTERN', value: Bytes): Command[] {
  // There are no modules.
  if (by === 'MODULE') return []
  const wanted: string = lower(value)
  return everything(table).filter((each) =>
    by === 'ACLCAT' ? categoriesOf(each).includes(wanted) : matchGlob(value, raw(each.lowerName), true),
  )
}

/** The keys of a line, with what the command does to each. */
function keysOf(table: CommandTable, argv: Argv): { key: Bytes; flags: readonly string[] }[] {
  const found = table.find(argv)
  if (found === undefined) throw UNKNOWN
  // Channels of shards stand where keys stand, and are none.
  const specs = found.keySpecs.filter(({ flags }) => !flags.includes('not_key'))
  if (specs.length === 0) throw NO_KEYS
  if (!found.accepts(argv.length)) throw WRONG_COUNT
  const keys = keyPositions(specs, argv) ?? []
  if (keys.length === 0 && !found.flags.has('no_mandatory_keys')) throw WRONG_WORDS
  const varying = found.spec.keyAccess?.(argv).split(' ')
  return keys.map(({ at, spec }) => ({ key: argv[at]!, flags: varying ?? spec.flags }))
}

/** COMMAND GETKEYS command [arg [arg ...]] */
const getkeys = command({
  ...common,
  name: 'COMMAND|GETKEYS',
  since: '2.8.13',
  summary: 'Finds the keys in a command line.',
  complexity: 'O(N), N words',
  args: [bytes('command'), words('arg')],
  // Redis asks for one argument, though there are commands without.
  override: { arity: -4 },
  reply: arrayOf(bulk),
  run: ({ server }, { command: name, arg }) => keysOf(server.table, [name, ...arg]).map(({ key }) => key),
})

/** COMMAND GETKEYSANDFLAGS command [arg [arg ...]] */
const getkeysandflags = command({
  ...common,
  name: 'COMMAND|GETKEYSANDFLAGS',
  since: '7.0.0',
  summary: 'Finds the keys in a command line and tells what the command does to them.',
  complexity: 'O(N), N words',
  args: [bytes('command'), words('arg')],
  // As for GETKEYS.
  override: { arity: -4 },
  reply: arrayOf(any),
  run: ({ server }, { command: name, arg }) =>
    keysOf(server.table, [name, ...arg]).map(({ key, flags }) => [
      key,
      new SetReply(flags.map((flag) => new Status(flag))),
    ]),
})

/** COMMAND HELP */
const help = helpOf('COMMAND', { group: 'server', since: '5.0.0', acl: ['connection'] }, [
  ['(no subcommand)', 'What every command is like.'],
  ['COUNT', 'How many commands there are.'],
  ['LIST', 'The names of all commands.'],
  ['INFO [<command-name> ...]', 'What these commands are like,', 'or all of them', 'when none is named.'],
  ['DOCS [<command-name> ...]', 'What these commands are for,', 'or all of them', 'when none is named.'],
  ['GETKEYS <full-command>', 'The keys in a command line.'],
  ['GETKEYSANDFLAGS <full-command>', 'The same, and what is done to each.'],
])

/** COMMAND */
export const commandTable = container({
  ...common,
  name: 'COMMAND',
  since: '2.8.13',
  summary: 'Tells what all commands are like.',
  tips: UNORDERED,
  subcommands: [count, info, docs, list, getkeys, getkeysandflags, help],
  run: ({ server }) => server.table.all.map(infoOf),
})
