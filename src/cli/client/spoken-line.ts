/**
 * A line as somebody typed it, or as it came from a pipe: what it means, and doing it.
 *
 * The one idea: a line is words in redis-cli's quotes; few of them are for the client itself (help, connect, quit …), a
 * number in front repeats, and everything else is a command for the server.
 */
import { type Argv, raw } from '../../base/bytes.ts'
import { splitWords } from '../../base/split-words.ts'
import { style } from '../style.ts'
import { helpFor } from './help.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** What a user sets with `:set`. */
export interface Preferences {
  hints: boolean
}

const MAX_REPEAT = 2 ** 63
const SLOW_MS = 500
const CLEAR = '\x1b[H\x1b[2J'

/** The words of a line and how often they are to be said; why not, in a word for people. */
export function readLine(line: string): { readonly argv: Argv; readonly times: number } | { readonly error: string } {
  const words = splitWords(line)
  if (words === undefined) return { error: 'Invalid argument(s)' }
  const [first = '', ...rest] = words
  if (rest.length === 0 || !/^[+-]?\d+$/.test(first)) return { argv: words, times: 1 }
  const times = Number(first)
  if (times <= 0 || times >= MAX_REPEAT) return { error: 'Invalid geartrain cli repeat command option value.' }
  return { argv: rest.map(raw), times }
}

/** Does what a line says. False when it says to leave. */
export async function obey(
  line: string,
  session: Session,
  terminal: Terminal,
  preferences: Preferences,
): Promise<boolean> {
  const read = readLine(line)
  if ('error' in read) {
    await terminal.print(`${read.error}\n`)
    return true
  }
  const { argv, times } = read
  const name = argv[0]?.toLowerCase()
  if (name === undefined) return true
  if (name === 'quit' || name === 'exit') return false
  if (name === 'help' || name === '?') await terminal.print(helpFor(argv.slice(1), style(terminal.stdout)))
  else if (name === 'clear' && argv.length === 1) await terminal.print(terminal.stdout.isTTY === true ? CLEAR : '')
  else if (name === 'connect' && argv.length === 3) await connectTo(session, terminal, argv[1]!, argv[2]!)
  else if (name.startsWith(':')) await terminal.print(prefer(argv, preferences))
  else await timed(session, terminal, argv, times)
  return true
}

async function timed(session: Session, terminal: Terminal, argv: Argv, times: number): Promise<void> {
  const started = terminal.clock.now()
  await session.issue(argv, times)
  const elapsed = terminal.clock.now() - started
  if (elapsed >= SLOW_MS && session.format.mode === 'standard') {
    await terminal.print(`(${(elapsed / 1000).toFixed(2)}s)\n`)
  }
}

async function connectTo(session: Session, terminal: Terminal, host: string, port: string): Promise<void> {
  const number = /^\d+$/.test(port) ? Number(port) : 0
  if (number > 0 && number < 65_536) await session.moveTo(host, number)
  else terminal.complain(`'${port}' is no port: connect <host> <port>`)
}

function prefer(argv: Argv, preferences: Preferences): string {
  const [name, what] = argv
  if (name !== ':set') return `unknown geartrain cli internal command '${name}'\n`
  if (what !== 'hints' && what !== 'nohints') return `unknown geartrain cli preference '${what ?? ''}'\n`
  preferences.hints = what === 'hints'
  return ''
}
