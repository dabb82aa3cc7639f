/**
 * An example, run as a program of its own as its first comment says, and what it prints.
 *
 * The one idea: it is run as its users would, as JavaScript in a folder where the package is installed (what `dist/` holds), for
 * Node 20 takes no TypeScript and a loader would have to reach into the threads that an example starts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import ts from 'typescript'

const PATIENCE_MS = 30_000

/** An empty folder with the package and an example in it. */
export class InstalledExample {
  readonly #folder = mkdtempSync(join(tmpdir(), 'geartrain-example-'))
  readonly #program: string

  constructor(file: string) {
    mkdirSync(join(this.#folder, 'node_modules'))
    symlinkSync(resolve('.'), join(this.#folder, 'node_modules', 'geartrain'))
    this.#program = join(this.#folder, basename(file).replace(/\.ts$/, '.mjs'))
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true }
    writeFileSync(this.#program, ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText)
  }

  run(words: readonly string[]): ExampleProcess {
    return new ExampleProcess(this.#program, words)
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export class ExampleProcess {
  /** What it has printed. */
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>
  #complaints = ''
  #hear: () => void = () => undefined

  constructor(program: string, words: readonly string[]) {
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#closed = once(child, 'close')
    child.stderr.on('data', (chunk) => (this.#complaints += chunk))
    createInterface(child.stdout).on('line', (line) => {
      this.lines.push(line)
      this.#hear()
    })
    child.once('close', () => this.#hear())
  }

  /** The nth line that matches, when it is there; throws when the program has ended without it. */
  async line(pattern: RegExp, nth = 1): Promise<string> {
    const limit = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const found = this.lines.filter((line) => pattern.test(line))[nth - 1]
      if (found !== undefined) return found
      if (this.#hasEnded || limit.aborted) {
        throw new Error(`no line ${nth} of ${pattern} in:\n${this.lines.join('\n')}\n${this.#complaints}`)
      }
      await new Promise<void>((resolve) => {
        this.#hear = resolve
        limit.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it at once, wherever it is. */
  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill('SIGKILL')
    await this.#closed
  }

  /** Waits until it has ended by itself; gives its exit code. */
  async ended(): Promise<number | null> {
    await this.#closed
    return this.#child.exitCode
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}
