/**
 * `geartrain streams`: looking at streams and their groups, and at what hangs in them.
 *
 * The one idea: everything is done by the containers that programs use, over a connection of this program's own.
 */
import { Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../base/clock.ts'
import { isAddress } from './client/target.ts'
import { Terminal } from './client/terminal.ts'
import { RemoteError } from './remote.ts'
import { atDesk, type DeskOptions, declareDesk, type Place } from './streams/desk.ts'
import { printInfo } from './streams/info.ts'
import { type LagOptions, printLag } from './streams/lag.ts'
import { claim, type PendingOptions, printPending } from './streams/pending.ts'
import { type ReplayOptions, replay } from './streams/replay.ts'
import { type Filter, filterOf, type TailOptions, tail } from './streams/tail.ts'
import { placeOf } from './streams/times.ts'

const theProcess: Place = {
  terminal: () => new Terminal(process.stdin, process.stdout, process.stderr, systemClock),
  environment: process.env,
}

const EXAMPLES = `
The first word may be an address: redis://[[user]:password@]host[:port][/db], rediss:// for TLS, unix:/path.

  geartrain streams info
  geartrain streams lag orders --watch
  geartrain streams tail orders --where status=failed --json
  geartrain streams pending orders billing --idle 60000
  geartrain streams claim orders billing rescue --idle 60000
  geartrain streams replay orders --from 2018-01-01 --to 2018-01-02T12:00 --into orders:again`

/** The subcommand. Throws `RemoteError` for what cannot be done. */
export function streamsCommand(place: Place = theProcess): Command {
  const parts = [infoCommand, lagCommand, tailCommand, pendingCommand, claimCommand, replayCommand]
  const streams = new Command('streams').description('look at streams, their groups and what hangs in them')
  for (const part of parts) streams.addCommand(declareDesk(part(place)))
  return streams.addHelpText('after', EXAMPLES)
}

function infoCommand(place: Place): Command {
  return new Command('info')
    .description('lengths, ends and groups of streams; of all without a name')
    .usage('[options] [url] [key …]')
    .argument('[words...]', 'an address, then keys')
    .action((words: string[], options: DeskOptions) => atDesk(place, words, options, printInfo))
}

function lagCommand(place: Place): Command {
  return new Command('lag')
    .description('how far groups are behind; of all streams without a name')
    .usage('[options] [url] [key …]')
    .argument('[words...]', 'an address, then keys')
    .option('--group <name>', 'of this group only')
    .option('--watch [seconds]', 'look again after so long (default: 1)', seconds)
    .action(
      (words: string[], { watch, ...options }: DeskOptions & Omit<LagOptions, 'watch'> & { watch?: number | true }) =>
        atDesk(place, words, options, (desk, keys) =>
          printLag(desk, keys, {
            ...options,
            ...(watch === undefined ? {} : { watch: watch === true ? 1000 : watch }),
          }),
        ),
    )
}

function tailCommand(place: Place): Command {
  return new Command('tail')
    .description('the last entries, and those to come')
    .usage('[options] [url] <key …>')
    .argument('<words...>', 'an address, then keys')
    .option('--from <place>', 'begin here: a date in UTC, how long ago (15m, 2h, 7d), or an id', placeOf)
    .option('--last <number>', 'how many entries that are there to print first', whole, 10)
    .option('--limit <number>', 'end after so many were printed', positive)
    .option('--where <filter>', WHERE, filters, [])
    .action((words: string[], options: DeskOptions & Omit<TailOptions, 'filters'> & { where: readonly Filter[] }) =>
      atDesk(place, words, options, (desk, keys) => {
        if (keys.length === 0) throw new RemoteError('tail which stream? Name its key.')
        return tail(desk, keys, { ...options, filters: options.where })
      }),
    )
}

function pendingCommand(place: Place): Command {
  return new Command('pending')
    .description('what a group has given and nobody has acknowledged')
    .usage('[options] [url] <key> <group>')
    .argument('<words...>', 'an address, then a key and a group')
    .option('--consumer <name>', 'of this consumer only')
    .option('--idle <ms>', 'not given to anyone for so long', whole)
    .option('--count <number>', 'how many to list', positive, 100)
    .action((words: string[], options: DeskOptions & PendingOptions) =>
      atDesk(place, words, options, (desk, given) => {
        const [key, group] = exactly(given, ['key', 'group'])
        return printPending(desk, key!, group!, options)
      }),
    )
}

function claimCommand(place: Place): Command {
  return new Command('claim')
    .description('give pending entries to another consumer: those named, or all that are pending for long')
    .usage('[options] [url] <key> <group> <consumer> [id …]')
    .argument('<words...>', 'an address, then a key, a group, a consumer, and ids')
    .option('--idle <ms>', 'only what was not given to anyone for so long', whole)
    .action((words: string[], options: DeskOptions & { idle?: number }) =>
      atDesk(place, words, options, (desk, given) => {
        const [key, group, consumer] = exactly(given.slice(0, 3), ['key', 'group', 'consumer'])
        const idle = options.idle === undefined ? {} : { idle: options.idle }
        return claim(desk, [key!, group!, consumer!], { ids: given.slice(3), ...idle })
      }),
    )
}

function replayCommand(place: Place): Command {
  return new Command('replay')
    .description('a stretch of time once more: printed, or added to another stream')
    .usage('[options] [url] <key> --from <date> [--to <date>]')
    .argument('<words...>', 'an address, then a key')
    .requiredOption('--from <place>', 'a date in UTC, how long ago (15m, 2h, 7d), or an id', placeOf)
    .option('--to <place>', 'the same (default: the last entry there is)', placeOf)
    .option('--into <key>', 'add the entries to this stream, with new ids')
    .option('--speed <factor>', 'so many times as fast as they came (default: at once)', factor)
    .option('--where <filter>', WHERE, filters, [])
    .action((words: string[], options: DeskOptions & Omit<ReplayOptions, 'filters'> & { where: readonly Filter[] }) =>
      atDesk(place, words, options, (desk, given) => {
        const [key] = exactly(given, ['key'])
        return replay(desk, key!, { ...options, filters: options.where })
      }),
    )
}

const WHERE = 'field=value, field!=value (a star stands for anything), or field; may be said again: all have to hold'

const filters = (text: string, before: readonly Filter[]): readonly Filter[] => [...before, filterOf(text)]

/** As many words as there are names for. */
function exactly(words: readonly string[], names: readonly string[]): readonly string[] {
  if (words.length === names.length) return words
  const wrong = words.find(isAddress)
  if (wrong !== undefined) throw new RemoteError(`the address ${wrong} stands first, and once.`)
  throw new RemoteError(
    `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} needed, and ${words.length} were given.`,
  )
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it is no whole number.')
  return Number(text)
}

function positive(text: string): number {
  const number = whole(text)
  if (number < 1) throw new InvalidArgumentError('it is at least 1.')
  return number
}

/** Seconds on the command line, milliseconds inside. */
function seconds(text: string): number {
  return factor(text) * 1000
}

function factor(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number > 0 && Number.isFinite(number)))
    throw new InvalidArgumentError('it is no number above 0.')
  return number
}
