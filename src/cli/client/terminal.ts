/**
 * The three streams of a program, and when it waits.
 *
 * The one idea: everything printed goes through here as bytes, so that a reader who leaves (`| head`) ends the program
 * quietly, and a reader who is slow slows it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../base/clock.ts'

/** What is read from. `setRawMode` is there on terminals. */
export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** What is printed to. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
}

export class Terminal {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly clock: Clock

  constructor(stdin: Input, stdout: Output, stderr: Output, clock: Clock) {
    this.stdin = stdin
    this.stdout = stdout
    this.stderr = stderr
    this.clock = clock
    for (const stream of [stdout, stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error
        process.exit(0)
      })
    }
  }

  /** Prints latin1 text; resolves when more is welcome. */
  async print(text: string): Promise<void> {
    if (text === '' || this.stdout.write(Buffer.from(text, 'latin1'))) return
    await new Promise((resolve) => this.stdout.once('drain', resolve))
  }

  /** Complains: one line of latin1 text on stderr. */
  complain(line: string): void {
    this.stderr.write(Buffer.from(`${line}\n`, 'latin1'))
  }

  /** Lets time pass. Unlike the clock's, this timer keeps the program alive: a connection may be lost meanwhile. */
  wait(ms: number): Promise<void> {
    return sleep(ms)
  }

  /** All of stdin, as latin1 text. */
  async readAll(): Promise<string> {
    const chunks: Buffer[] = []
    for await (const chunk of this.stdin) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks).latin1Slice()
  }
}
