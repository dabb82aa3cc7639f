/**
 * The interactive session: a prompt, lines with editing and history, hints and completion.
 *
 * The one idea: the terminal is in our hands only while a line is being typed. While a command runs it is the system's
 * again, so that Ctrl-C is a signal, which ends the command and not the session.
 */
import { createInterface, type Interface } from 'node:readline'
import { bytes } from '../../base/bytes.ts'
import { complete } from './completion.ts'
import { hintFor } from './hints.ts'
import { HISTORY_LIMIT, History, isSecret } from './history.ts'
import type { Session } from './session.ts'
import { obey, type Preferences } from './spoken-line.ts'
import type { Terminal } from './terminal.ts'

/** Talks with the user until they leave. */
export async function converse(session: Session, terminal: Terminal, environment: NodeJS.ProcessEnv): Promise<void> {
  const preferences: Preferences = { hints: true }
  const history = new History(environment)
  const lines = new TypedLines(terminal, history, preferences, canPaint(terminal, environment))
  const interrupt = (): void => session.interrupt()
  session.show = (text) => lines.show(text)
  process.on('SIGINT', interrupt)
  try {
    await session.connect()
    for (let goOn = true; goOn; ) {
      const line = await lines.next(session.prompt)
      if (line === undefined) break
      history.add(line)
      goOn = await obey(bytes(line), session, terminal, preferences)
    }
  } finally {
    process.off('SIGINT', interrupt)
    lines.close()
    session.close()
  }
}

/** Hints differ from what is typed by their colour alone: without colours there are none. */
function canPaint({ stdout }: Terminal, environment: NodeJS.ProcessEnv): boolean {
  return stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
}

/** Lines as they are typed. */
class TypedLines {
  readonly #terminal: Terminal
  readonly #readline: Interface
  readonly #typed: string[] = []
  #isClosed = false
  #isTyping = false
  #wake: () => void = () => undefined

  constructor(terminal: Terminal, history: History, preferences: Preferences, canPaint: boolean) {
    this.#terminal = terminal
    const { stdin, stdout } = terminal
    this.#readline = createInterface({
      input: stdin,
      output: stdout,
      terminal: stdout.isTTY === true,
      history: history.load(),
      historySize: HISTORY_LIMIT,
      removeHistoryDuplicates: true,
      completer: complete,
    })
    if (canPaint) new HintPainter(this.#readline, terminal, preferences)
    this.#readline.on('history', (lines: string[]) => {
      if (lines[0] !== undefined && isSecret(lines[0])) lines.shift()
    })
    this.#readline.on('line', (line) => {
      this.#typed.push(line)
      this.#wake()
    })
    this.#readline.on('SIGINT', () => this.#cancel())
    this.#readline.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  /** The next line; undefined when the user has left. */
  async next(prompt: string): Promise<string | undefined> {
    if (this.#typed.length === 0 && !this.#isClosed) {
      this.#takeTerminal(true)
      this.#readline.setPrompt(prompt)
      this.#readline.prompt()
      this.#isTyping = true
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#isTyping = false
      if (!this.#isClosed) this.#readline.pause()
      this.#takeTerminal(false)
    }
    return this.#typed.shift()
  }

  /** Prints above the line that is being typed, if one is. */
  show(text: string): void {
    if (this.#isTyping) this.#terminal.stdout.write(`\r${ERASE_BELOW}`)
    this.#terminal.stdout.write(Buffer.from(text, 'latin1'))
    if (this.#isTyping) this.#readline.prompt(true)
  }

  #takeTerminal(take: boolean): void {
    if (this.#readline.terminal) this.#terminal.stdin.setRawMode?.(take)
  }

  close(): void {
    if (!this.#isClosed) this.#readline.close()
  }

  /** Ctrl-C drops the line; with nothing to drop it ends the session. */
  #cancel(): void {
    this.#terminal.stdout.write('^C\n')
    if (this.#readline.line === '') {
      this.#readline.close()
      return
    }
    this.#readline.write(null, { ctrl: true, name: 'e' })
    this.#readline.write(null, { ctrl: true, name: 'u' })
  }
}

const ERASE_BELOW = '\x1b[0J'
const GREY = '\x1b[90m'
const PLAIN = '\x1b[0m'
const ERASE = '\x1b[0K'

/** Writes hints behind the cursor and takes them away before the next key is looked at. */
class HintPainter {
  readonly #readline: Interface
  readonly #terminal: Terminal
  readonly #preferences: Preferences
  #isShown = false

  constructor(readline: Interface, terminal: Terminal, preferences: Preferences) {
    this.#readline = readline
    this.#terminal = terminal
    this.#preferences = preferences
    // Readline has its own listener between these two.
    terminal.stdin.prependListener('keypress', () => this.#erase())
    terminal.stdin.on('keypress', (_, key?: { readonly name?: string }) => {
      if (key?.name !== 'return' && key?.name !== 'enter') this.#draw()
    })
  }

  #erase(): void {
    if (!this.#isShown) return
    this.#isShown = false
    this.#terminal.stdout.write(ERASE)
  }

  #draw(): void {
    const { line, cursor } = this.#readline
    if (!this.#preferences.hints || cursor !== line.length) return
    // A terminal that nobody has sized says 0.
    const room = (this.#terminal.stdout.columns || 80) - this.#readline.getCursorPos().cols - 1
    const hint = hintFor(bytes(line)).slice(0, Math.max(0, room))
    if (hint.trim() === '') return
    this.#isShown = true
    this.#terminal.stdout.write(`${GREY}${hint}${PLAIN}\x1b[${hint.length}D`)
  }
}
