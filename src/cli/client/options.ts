/**
 * The options of `geartrain cli`, in redis-cli's names.
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { TargetOptions } from './target.ts'

/** Everything that may be said on the command line. */
export interface ClientOptions extends TargetOptions {
  readonly authWarning: boolean
  readonly 2?: boolean
  readonly 3?: boolean
  readonly repeat?: number
  readonly interval: number
  /** `--raw` says true, `--no-raw` false. */
  readonly raw?: boolean
  readonly csv?: boolean
  readonly json?: boolean
  readonly quotedJson?: boolean
  readonly delimiter: string
  readonly replyDelimiter: string
  readonly showPushes?: boolean
  readonly stdin?: boolean
  readonly stdinTag?: string
  readonly quotedInput?: boolean
  readonly exitOnError?: boolean
  readonly pipe?: boolean
  readonly pipeTimeout: number
  readonly scan?: boolean
  readonly bigkeys?: boolean
  readonly stat?: boolean
  readonly latency?: boolean
  readonly pattern?: string
  readonly quotedPattern?: string
  readonly count?: number
  readonly type?: string
}

const EXAMPLES = `
The first word may be an address: redis://[[user]:password@]host[:port][/db], rediss:// for TLS, unix:/path.
REDISCLI_AUTH in the environment is a password that no process list shows.
Without a command: a prompt on a terminal (type help there), else commands from stdin, one per line.

  geartrain cli SET greeting hello
  geartrain cli redis://127.0.0.1:7000/2 --json HGETALL user:1
  geartrain cli -r 10 -i 0.5 INCR visits
  geartrain cli -x SET page < index.html
  geartrain cli --quoted-input SET '"null-\\x00-separated"' value
  geartrain cli --scan --pattern 'user:*' --count 1000
  geartrain cli --pipe < commands.resp
  geartrain cli --bigkeys`

/** Declares them. */
export function declareOptions(command: Command): Command {
  const sections: readonly ((to: Command) => Command)[] = [declareTarget, declareFormat, declareInput, declareModes]
  return sections.reduce((to, declare) => declare(to), command).addHelpText('after', EXAMPLES)
}

/** Declares the options that say where and as whom, for every subcommand that talks to a server. */
export function declareWhere(command: Command): Command {
  return command
    .helpOption('--help', 'show this')
    .optionsGroup('Where and as whom:')
    .option('-h, --host <name>', "the server's name (default: 127.0.0.1)")
    .option('-p, --port <number>', "the server's port (default: 6379)", port)
    .option('-s, --socket <path>', 'a unix socket, in place of host and port')
    .option('-u, --url <address>', 'an address, as the first word may be')
    .option('-n, --db <number>', 'the database', count)
    .option('-a, --password <password>', 'the password')
    .option('--pass <password>', 'the same')
    .option('--user <name>', 'the user whose password it is')
    .option('--tls', 'encrypt')
    .option('--cacert <file>', 'whom to trust: certificates in PEM')
    .option('--cert <file>', 'our certificate, with --key')
    .option('--key <file>', 'its private key')
    .option('--insecure', 'trust any certificate')
    .option('--sni <name>', 'the name to ask the server for')
}

function declareTarget(command: Command): Command {
  return declareWhere(command)
    .option('--no-auth-warning', 'do not warn of passwords on the command line')
    .option('-2', 'speak RESP2 (default, but for --json)')
    .option('-3', 'speak RESP3')
}

function declareFormat(command: Command): Command {
  return command
    .optionsGroup('How answers are printed:')
    .addOption(new Option('--raw', 'as they are (default where stdout is no terminal)').conflicts(['csv', 'json']))
    .option('--no-raw', 'for people (default on a terminal)')
    .option('--csv', 'as CSV')
    .option('--json', 'as JSON')
    .option('--quoted-json', 'as JSON of ASCII alone: strings as people read them, quoted')
    .option('-d, --delimiter <text>', 'between the elements of an answer, with --raw', '\n')
    .option('-D, --reply-delimiter <text>', 'after each answer, with --raw', '\n')
    .option('--show-pushes <yes|no>', 'print what the server pushes in RESP3 (default: on a terminal)', yesOrNo)
    .option('-e, --exit-on-error', 'an error answer goes to stderr and makes the exit status 1')
}

function declareInput(command: Command): Command {
  return command
    .optionsGroup('How commands are read:')
    .option('-r, --repeat <times>', 'say the command so many times (-1: for ever)', whole)
    .option('-i, --interval <seconds>', 'wait so long between; with --stat, --scan, --bigkeys, too', seconds, 0)
    .option('-x, --stdin', 'read the last argument from stdin')
    .option('-X, --stdin-tag <tag>', 'read the argument that is this word from stdin')
    .option('--quoted-input', 'arguments in quotes are read as in the prompt: "\\x00"')
}

function declareModes(command: Command): Command {
  return command
    .optionsGroup('In place of a command:')
    .option('--pipe', 'send what comes from stdin as it is, and count the answers')
    .addOption(
      new Option('--pipe-timeout <seconds>', 'end when no answer came for so long (0: never)')
        .argParser(seconds)
        .default(30_000, '30'),
    )
    .option('--scan', 'list all keys')
    .option('--pattern <glob>', 'which keys, for --scan and --bigkeys')
    .option('--quoted-pattern <glob>', 'the same, read as in the prompt: "\\x00*"')
    .option('--count <number>', 'how many keys SCAN looks at in one go', count)
    .option('--type <name>', 'keys of this type only, for --scan')
    .option('--bigkeys', 'look for the biggest keys of every type')
    .option('--stat', 'figures of the server, every second or -i')
    .option('--latency', 'how long a PING takes, in milliseconds')
}

function port(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || number > 65_535)
    throw new InvalidArgumentError('a port is a number from 1 to 65535.')
  return number
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it is no whole number.')
  return Number(text)
}

function whole(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('it is no whole number.')
  return Number(text)
}

/** Seconds on the command line, milliseconds inside. */
function seconds(text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0)) throw new InvalidArgumentError('it is no number of seconds.')
  return number * 1000
}

function yesOrNo(text: string): boolean {
  if (!/^(y|yes|n|no)$/i.test(text)) throw new InvalidArgumentError('say yes or no.')
  return /^y/i.test(text)
}
