/**
 * `geartrain cli` in this process and as a program, and Debian's redis-cli, all fed alike.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { Readable, Writable } from 'node:stream'
import { Command, CommanderError } from 'commander'
import { systemClock } from '../../src/base/clock.ts'
import { cliCommand } from '../../src/cli/cli.ts'
import { obeyPipe } from '../../src/cli/client/piped-lines.ts'
import type { Format, Mode } from '../../src/cli/client/render.ts'
import { Session, type SessionOptions } from '../../src/cli/client/session.ts'
import { targetOf } from '../../src/cli/client/target.ts'
import { Terminal } from '../../src/cli/client/terminal.ts'
import { RemoteError } from '../../src/cli/remote.ts'

/** What a run printed, as latin1 text, and how it ended. */
export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly status: number
}

/** Our program, as it is started from its sources. */
export const PROGRAM = ['--import', 'tsx', 'src/cli/main.ts', 'cli']

/** Runs our command in this process, from its words to its exit status; `input` is its stdin, as latin1 text. */
export async function runOurs(words: readonly string[], input = '', environment: NodeJS.ProcessEnv = {}): Promise<Run> {
  const terminal = new Script(input)
  let status = -1
  const ended = (code: number): void => {
    status = code
  }
  const command = cliCommand({ terminal: () => terminal, environment, ended })
  const program = new Command('geartrain').enablePositionalOptions().addCommand(command)
  for (const one of [program, command]) {
    one.exitOverride().configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    })
  }
  try {
    await program.parseAsync(['cli', ...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof RemoteError || error instanceof CommanderError)) throw error
    status = error instanceof CommanderError ? error.exitCode : 1
    // Commander has said why.
    if (error instanceof RemoteError) terminal.complain(error.message)
  }
  return { stdout: terminal.out, stderr: terminal.err, status }
}

/** Runs redis-cli. */
export const runTheirs = (words: readonly string[], input = ''): Promise<Run> => runProgram('redis-cli', words, input)

/** Runs a program to its end. */
export function runProgram(program: string, words: readonly string[], input: string): Promise<Run> {
  const env = { ...process.env, REDISCLI_AUTH: undefined }
  return new Promise((resolve) => {
    const options = { encoding: 'latin1', timeout: 50_000, maxBuffer: 1 << 26, env } as const
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ stdout, stderr, status })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(Buffer.from(input, 'latin1'))
  })
}

/** A terminal that is none: gives bytes and keeps what is printed. */
export class Script extends Terminal {
  readonly printed: Buffer[]
  readonly complained: Buffer[]

  constructor(input: string | readonly Buffer[] = '') {
    const printed: Buffer[] = []
    const complained: Buffer[] = []
    const chunks = typeof input === 'string' ? [Buffer.from(input, 'latin1')] : input
    super(Readable.from(chunks), collector(printed), collector(complained), systemClock)
    this.printed = printed
    this.complained = complained
  }

  get out(): string {
    return Buffer.concat(this.printed).latin1Slice()
  }

  get err(): string {
    return Buffer.concat(this.complained).latin1Slice()
  }
}

function collector(chunks: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      done()
    },
  })
}

export const formatOf = (mode: Mode): Format => ({ mode, delimiter: '\n', replyDelimiter: '\n' })

/** A session in this process. */
export function sessionAt(terminal: Terminal, port: number, options: Partial<SessionOptions> = {}): Session {
  return new Session(terminal, targetOf({ port }, {}), {
    format: formatOf('standard'),
    protocol: 2,
    showPushes: false,
    stopAtErrors: false,
    intervalMs: 0,
    ...options,
  })
}

/** Says lines in this process and gives what was printed. */
export async function sayLines(port: number, lines: string, options: Partial<SessionOptions> = {}): Promise<string> {
  const terminal = new Script(lines)
  const session = sessionAt(terminal, port, options)
  await session.connect()
  await obeyPipe(session, terminal)
  session.close()
  return terminal.out
}

const PATIENCE_MS = 15_000

/** Our program on a pseudo terminal that util-linux's `script` makes. */
export class Pty {
  readonly #child: ChildProcess
  #printed = ''
  readonly ended: Promise<number | null>

  constructor(command: string, env: NodeJS.ProcessEnv) {
    const shown = { ...process.env, TERM: 'xterm', COLUMNS: '120', NO_COLOR: undefined, ...env }
    // `exec`: a shell that stays between them (dash does, bash doesn't) would take Ctrl-C for its own end too.
    this.#child = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], { env: shown })
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#printed += chunk.latin1Slice()))
    this.ended = new Promise((resolve) => this.#child.once('exit', (status) => resolve(status)))
  }

  static cli(words: string, env: NodeJS.ProcessEnv = {}): Pty {
    return new Pty(`${process.execPath} ${PROGRAM.join(' ')} ${words}`, env)
  }

  /** Types. */
  type(text: string): void {
    this.#child.stdin?.write(text)
  }

  /** Waits for text and gives everything printed up to it, without the terminal's own sequences; then forgets that. */
  async until(text: string): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS
    while (!this.#printed.includes(text)) {
      const isOver = this.#child.exitCode !== null || Date.now() > deadline
      if (isOver) throw new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(this.#printed)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const end = this.#printed.indexOf(text) + text.length
    const seen = this.#printed.slice(0, end)
    this.#printed = this.#printed.slice(end)
    return seen
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}
