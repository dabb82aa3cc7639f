/**
 * Commands from a pipe: one per line, without a prompt.
 *
 * The one idea: the lines are bytes, and each is done before the next is read, so that a large file waits in the pipe.
 */
import type { Session } from './session.ts'
import { obey } from './spoken-line.ts'
import type { Terminal } from './terminal.ts'

/** Does what every line says, until one says to leave. */
export async function obeyPipe(session: Session, terminal: Terminal): Promise<void> {
  const preferences = { hints: false }
  for await (const line of linesOf(terminal.stdin)) {
    if (!(await obey(line, session, terminal, preferences))) return
  }
}

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of input) {
    const lines = (rest + Buffer.from(chunk).latin1Slice()).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
