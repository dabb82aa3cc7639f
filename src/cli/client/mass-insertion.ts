/**
 * `--pipe`: bytes from stdin to the server as they are, as fast as it takes them.
 *
 * The one idea: replies are only counted. An ECHO of random bytes at the end proves that every reply before it has arrived.
 */
import { type Bytes, bytes, fromBuffer } from '../../base/bytes.ts'
import type { Random } from '../../base/random.ts'
import { ReplyError } from '../../base/reply.ts'
import { encodeCommand } from '../../resp/request-encoder.ts'
import { type Connection, ConnectionLost } from './connection.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

const MARK_BYTES = 20

interface Counts {
  errors: number
  replies: number
}

/** Sends all of stdin. Resolves with the exit status: 1 when a reply was an error, or did not come. */
export async function insertAll(
  session: Session,
  terminal: Terminal,
  random: Random,
  timeoutMs: number,
): Promise<number> {
  const { connection } = session
  if (connection === undefined) return 1
  const mark = fromBuffer(random.bytes(MARK_BYTES))
  const counts: Counts = { errors: 0, replies: 0 }
  let lastReplyAt = terminal.clock.now()
  let isSent = false
  const counted = countReplies(connection, terminal, mark, counts, () => {
    lastReplyAt = terminal.clock.now()
  })
  const sent = sendAll(connection, terminal.stdin, mark).then(async () => {
    isSent = true
    lastReplyAt = terminal.clock.now()
    if (!connection.isLost) await terminal.print('All data transferred. Waiting for the last reply...\n')
  })
  const silence = untilSilent(
    terminal,
    timeoutMs,
    () => isSent,
    () => lastReplyAt,
  )
  const outcome = await Promise.race([Promise.all([counted, sent]).then(([why]) => why), counted.then(failed), silence])
  if (outcome === '') await terminal.print('Last reply received from server.\n')
  else terminal.complain(outcome)
  await terminal.print(`errors: ${counts.errors}, replies: ${counts.replies}\n`)
  return outcome === '' && counts.errors === 0 ? 0 : 1
}

/** A loss is the end whether or not stdin has ended; the mark cannot arrive before all was sent. */
const failed = (why: string): Promise<string> | string => (why === '' ? new Promise<string>(() => undefined) : why)

async function sendAll(connection: Connection, input: NodeJS.ReadableStream, mark: Bytes): Promise<void> {
  for await (const chunk of input) {
    if (connection.isLost) return
    await connection.write(Buffer.from(chunk))
  }
  // The end of a line in front, for a last inline command without one.
  await connection.write(Buffer.from(`\r\n${encodeCommand([bytes('ECHO'), mark])}`, 'latin1'))
}

/** Counts until the mark comes back; '' then, else why it will not. */
async function countReplies(
  connection: Connection,
  terminal: Terminal,
  mark: Bytes,
  counts: Counts,
  heard: () => void,
): Promise<string> {
  try {
    while (true) {
      const reply = await connection.next()
      heard()
      if (reply === mark) return ''
      counts.replies++
      if (reply instanceof ReplyError) {
        counts.errors++
        terminal.complain(reply.message)
      }
    }
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error
    return `Error: ${error.message}`
  }
}

/** Resolves when nothing came for so long after all was sent; never when there is no limit. */
async function untilSilent(
  terminal: Terminal,
  timeoutMs: number,
  isSent: () => boolean,
  lastReplyAt: () => number,
): Promise<string> {
  if (timeoutMs === 0) return new Promise(() => undefined)
  while (true) {
    const left = isSent() ? lastReplyAt() + timeoutMs - terminal.clock.now() : timeoutMs
    if (left <= 0) return `No replies for ${timeoutMs / 1000} seconds: exiting.`
    // The clock's timer does not keep the program alive once all is over.
    await new Promise<void>((resolve) => terminal.clock.at(terminal.clock.now() + left, resolve))
  }
}
