/**
 * Transcripts: what clients said and what they were answered, in redis-cli's notation.
 *
 * The one idea: a transcript is a list of steps. A step is one action (a command of a client, or a while that passes) and
 * all that each client receives because of it. The first line is `# title`; marks follow (`@resp2`, `@resp3`, `@ours why`);
 * then `A> command` with its reply below, `(blocked)` where it waits, `A:` above a reply that comes later, `A!` above
 * a pushed message, `~ 5s` where time passes. `@ours why` between steps means the next step alone. Of expected lines,
 * `?` stands for any one reply, `/regex/` for one that matches, both also behind the number of an element.
 */
import { type Argv, bytes } from '../base/bytes.ts'
import { splitWords } from '../base/split-words.ts'

/** Where expected lines stand: under the command, under `A:`, or under `A!`. */
export type Place = 'reply' | 'late' | 'push'

/** What one client receives, at one place of a step. */
export interface Expectation {
  readonly client: string
  readonly place: Place
  readonly lines: string[]
  /** The client waits: nothing comes yet. */
  blocked: boolean
}

/** One action and what comes of it. */
export interface Step {
  /** The line of the file, from 1. */
  readonly line: number
  readonly text: string
  /** Who says it; undefined where time passes. */
  readonly client: string | undefined
  readonly argv: Argv
  readonly waitMs: number
  /** Why redis-server is not asked this. */
  readonly ours: string | undefined
  readonly expected: Expectation[]
}

/** A transcript as read. */
export interface Transcript {
  readonly title: string
  /** The only protocol it is true of. */
  readonly protocol: 2 | 3 | undefined
  /** Why redis-server is not asked any of it. */
  readonly ours: string | undefined
  readonly steps: readonly Step[]
}

/** Reads a transcript. Throws `Error` with the line that it cannot read. */
export function parseTranscript(source: string): Transcript {
  const reader = new Reader()
  const lines = bytes(source).split('\n')
  lines.forEach((line, i) => {
    try {
      reader.read(line, i + 1)
    } catch (error) {
      throw new Error(`line ${i + 1}: ${error instanceof Error ? error.message : error}`)
    }
  })
  return reader.transcript()
}

const COMMAND = /^([A-Z])> (.*)$/
const ELSEWHERE = /^([A-Z])([:!])$/
const WHILE = /^~ (\d+(?:\.\d+)?)(ms|s)$/
const MARK = /^@(\w+) *(.*)$/

class Reader {
  #title: string | undefined
  #protocol: 2 | 3 | undefined
  #ours: string | undefined
  #nextOurs: string | undefined
  readonly #steps: Step[] = []
  #open: Expectation | undefined

  transcript(): Transcript {
    if (this.#title === undefined) throw new Error('a transcript begins with "# title"')
    return { title: this.#title, protocol: this.#protocol, ours: this.#ours, steps: this.#steps }
  }

  read(line: string, number: number): void {
    const mark = MARK.exec(line)
    const said = COMMAND.exec(line)
    const passed = WHILE.exec(line)
    const elsewhere = ELSEWHERE.exec(line)
    if (line.startsWith('# ')) this.#title ??= line.slice(2)
    else if (mark !== null) this.#mark(mark[1]!, mark[2]!)
    else if (said !== null) this.#command(line, number, said[1]!, said[2]!)
    else if (passed !== null) this.#while(line, number, Number(passed[1]) * (passed[2] === 's' ? 1000 : 1))
    else if (elsewhere !== null) this.#expect(elsewhere[1]!, elsewhere[2] === ':' ? 'late' : 'push')
    else if (line !== '') this.#said(line)
  }

  #said(line: string): void {
    if (this.#open === undefined) throw new Error(`belongs to no client: ${line}`)
    if (line === '(blocked)') this.#open.blocked = true
    else this.#open.lines.push(line)
  }

  #mark(name: string, why: string): void {
    if (name === 'resp2' || name === 'resp3') this.#protocol = name === 'resp2' ? 2 : 3
    else if (name !== 'ours') throw new Error(`unknown mark @${name}`)
    else if (why === '') throw new Error('@ours needs a reason')
    else if (this.#steps.length === 0) this.#ours = why
    else this.#nextOurs = why
  }

  #command(text: string, line: number, client: string, words: string): void {
    const argv = splitWords(words)
    if (argv === undefined) throw new Error(`unbalanced quotes: ${words}`)
    this.#step({ line, text, client, argv, waitMs: 0 })
    this.#expect(client, 'reply')
  }

  #while(text: string, line: number, waitMs: number): void {
    this.#step({ line, text, client: undefined, argv: [], waitMs })
    this.#open = undefined
  }

  #step(step: Omit<Step, 'ours' | 'expected'>): void {
    this.#steps.push({ ...step, ours: this.#nextOurs, expected: [] })
    this.#nextOurs = undefined
  }

  #expect(client: string, place: Place): void {
    const step = this.#steps.at(-1)
    if (step === undefined) throw new Error('nothing was said yet')
    this.#open = { client, place, lines: [], blocked: false }
    step.expected.push(this.#open)
  }
}
