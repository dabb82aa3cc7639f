/**
 * `geartrain cli [url] [command…]`: a client, for those who have no redis-cli.
 *
 * The one idea: options decide which of a few modes runs; each is a file in `client/`. What redis-cli prints, this prints,
 * byte for byte where both know the reply.
 */
import { Command } from 'commander'
import { type Argv, type Bytes, bytes, raw } from '../base/bytes.ts'
import { systemClock } from '../base/clock.ts'
import { systemRandom } from '../base/random.ts'
import { splitWords } from '../base/split-words.ts'
import { findBigKeys } from './client/big-keys.ts'
import { ConnectionLost } from './client/connection.ts'
import { watchLatency } from './client/latency.ts'
import { insertAll } from './client/mass-insertion.ts'
import { type ClientOptions, declareOptions } from './client/options.ts'
import { obeyPipe } from './client/piped-lines.ts'
import type { Mode } from './client/render.ts'
import { converse } from './client/repl.ts'
import { listKeys, type ScanOptions, ServerRefusal } from './client/scan.ts'
import { Session } from './client/session.ts'
import { watchStatistics } from './client/stat.ts'
import { isAddress, targetOf } from './client/target.ts'
import { Terminal } from './client/terminal.ts'
import { RemoteError } from './remote.ts'

/** Where the program runs: its streams and environment, and who hears its exit status. */
export interface Host {
  readonly terminal: () => Terminal
  readonly environment: NodeJS.ProcessEnv
  readonly ended: (status: number) => void
}

const theProcess: Host = {
  terminal: () => new Terminal(process.stdin, process.stdout, process.stderr, systemClock),
  environment: process.env,
  ended: (status) => {
    process.exitCode = status
  },
}

/** The subcommand. Throws `RemoteError` for what cannot be understood. */
export function cliCommand(host: Host = theProcess): Command {
  const cli = new Command('cli')
    .description('talk to a server: ours, Redis, Valkey')
    .usage('[options] [url] [options] [command [argument …]]')
    .argument('[words...]', 'an address, then a command')
    .passThroughOptions()
  return declareOptions(cli).action(async (words: readonly string[], _: unknown, command: Command) => {
    const rest = afterAddress(command, words)
    host.ended(await run(command.opts<ClientOptions>(), rest, host))
  })
}

/** Takes an address off the front; options may follow it. */
function afterAddress(command: Command, words: readonly string[]): readonly string[] {
  const [first, ...rest] = words
  if (first === undefined || !isAddress(first)) return words
  command.setOptionValue('url', first)
  const { operands, unknown } = command.parseOptions(rest)
  if (operands.length === 0 && unknown.length > 0) {
    if (unknown[0] === '--help') command.help()
    command.error(`error: unknown option '${unknown[0]}'`)
  }
  return [...operands, ...unknown]
}

/** Runs the mode that the options name. Resolves with the exit status. */
async function run(options: ClientOptions, words: readonly string[], host: Host): Promise<number> {
  checkTogether(options, words)
  const target = targetOf(options, host.environment)
  const terminal = host.terminal()
  const isSaid = options.password !== undefined || options.pass !== undefined
  if (options.authWarning && (isSaid || (options.url !== undefined && target.password !== undefined))) {
    terminal.complain(WARNING)
  }
  const session = new Session(terminal, target, {
    format: {
      mode: modeOf(options, terminal),
      delimiter: bytes(options.delimiter),
      replyDelimiter: bytes(options.replyDelimiter),
    },
    protocol: !options[2] && (options[3] || options.json || options.quotedJson) ? 3 : 2,
    showPushes: options.showPushes ?? terminal.stdout.isTTY === true,
    stopAtErrors: options.exitOnError === true,
    intervalMs: options.interval,
  })
  if (!isMode(options) && words.length === 0) return talk(session, terminal, options, host.environment)
  try {
    const argv = await argvOf(words, options, terminal)
    if (!(await session.connect())) return 1
    if (isMode(options)) return await runMode(options, session, terminal)
    const isDone = await session.issue(argv, options.repeat)
    return isDone && !(options.exitOnError && session.sawError) ? 0 : 1
  } catch (error) {
    if (error instanceof InvalidQuotes) await terminal.print(`${error.message}\n`)
    else if (error instanceof ConnectionLost) terminal.complain(`Error: ${error.message}`)
    else if (error instanceof ServerRefusal) terminal.complain(error.message)
    else throw error
    return 1
  } finally {
    session.close()
    terminal.stdin.pause()
  }
}

const WARNING = "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe."

function isMode({ pipe, scan, bigkeys, stat, latency }: ClientOptions): boolean {
  return [pipe, scan, bigkeys, stat, latency].includes(true)
}

function modeOf({ raw, csv, json, quotedJson }: ClientOptions, { stdout }: Terminal): Mode {
  if (quotedJson) return 'quoted-json'
  if (json) return 'json'
  if (csv) return 'csv'
  return (raw ?? stdout.isTTY !== true) ? 'raw' : 'standard'
}

/** Options that say nothing without another one are refused, never passed over. */
function checkTogether(options: ClientOptions, words: readonly string[]): void {
  const modes = ['pipe', 'scan', 'bigkeys', 'stat', 'latency'] as const
  const chosen = modes.filter((mode) => options[mode])
  if (chosen.length > 1) throw new RemoteError(`--${chosen[0]} and --${chosen[1]} exclude each other.`)
  if (chosen.length === 1 && words.length > 0) throw new RemoteError(`--${chosen[0]} takes no command.`)
  if (words.length === 0) {
    for (const name of ['repeat', 'stdin', 'stdinTag', 'quotedInput'] as const) {
      if (options[name] !== undefined) throw new RemoteError(`${FLAGS[name]} is about a command, and there is none.`)
    }
  }
  const lists = options.scan || options.bigkeys
  if (!lists && (options.pattern ?? options.quotedPattern ?? options.count) !== undefined) {
    throw new RemoteError('--pattern, --quoted-pattern and --count are for --scan and --bigkeys.')
  }
  if (!options.scan && options.type !== undefined) throw new RemoteError('--type is for --scan.')
}

const FLAGS = { repeat: '-r', stdin: '-x', stdinTag: '-X', quotedInput: '--quoted-input' } as const

/** A prompt on a terminal, else lines from the pipe. */
async function talk(
  session: Session,
  terminal: Terminal,
  options: ClientOptions,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    if (terminal.stdin.isTTY === true) {
      await converse(session, terminal, environment)
      return 0
    }
    if (!(await session.connect())) return 1
    await obeyPipe(session, terminal)
    return options.exitOnError && session.sawError ? 1 : 0
  } finally {
    session.close()
    terminal.stdin.pause()
  }
}

async function runMode(options: ClientOptions, session: Session, terminal: Terminal): Promise<number> {
  const keys: ScanOptions = { pattern: patternOf(options), count: options.count, type: options.type }
  if (options.pipe) return insertAll(session, terminal, systemRandom, options.pipeTimeout)
  if (options.scan) await listKeys(session, terminal, keys, options.interval)
  else if (options.bigkeys) await findBigKeys(session, terminal, keys, options.interval)
  else if (options.stat) await watchStatistics(session, terminal, options.interval || SECOND_MS)
  else await watchLatency(session, terminal, options.interval || SECOND_MS)
  return 0
}

const SECOND_MS = 1000

function patternOf({ pattern, quotedPattern }: ClientOptions): Bytes | undefined {
  if (quotedPattern !== undefined) return unquoted(quotedPattern)
  return pattern === undefined ? undefined : bytes(pattern)
}

/** The words of the command, with what comes from stdin in its place. */
async function argvOf(words: readonly string[], options: ClientOptions, terminal: Terminal): Promise<Argv> {
  const argv = words.map(options.quotedInput ? unquoted : bytes)
  if (options.stdin) return [...argv, raw(await terminal.readAll())]
  if (options.stdinTag === undefined) return argv
  const at = words.indexOf(options.stdinTag)
  if (at < 0) throw new ServerRefusal('Using -X option but stdin tag not match.')
  return argv.with(at, raw(await terminal.readAll()))
}

function unquoted(text: string): Bytes {
  const [word, ...rest] = splitWords(bytes(text)) ?? []
  if (word === undefined || rest.length > 0) throw new InvalidQuotes('Invalid quoted string')
  return word
}

/** A quoted argument that is none. As in redis-cli, it is told on stdout. */
class InvalidQuotes extends Error {
  readonly code = 'GEARTRAIN_QUOTES'
}
