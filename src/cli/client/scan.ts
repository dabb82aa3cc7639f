/**
 * `--scan`: every key, one per line; and the walk over all keys that other modes share.
 */
import { type Bytes, bytes } from '../../base/bytes.ts'
import { isArray, type Reply, ReplyError } from '../../base/reply.ts'
import { quote } from '../../testing/cli-notation.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** Which keys. */
export interface ScanOptions {
  readonly pattern?: Bytes | undefined
  readonly count?: number | undefined
  readonly type?: string | undefined
}

/** A server's answer that ends a mode; the message is for people. */
export class ServerRefusal extends Error {
  readonly code = 'GEARTRAIN_REFUSAL'
}

/** Throws what the server refuses. */
export function accepted(reply: Reply, what: string): Reply {
  if (reply instanceof ReplyError) throw new ServerRefusal(`${what}${reply.message}`)
  return reply
}

/** The keys of the database in the server's portions. Keys may come twice, as SCAN may say them twice. */
export async function* portions(
  session: Session,
  { pattern, count, type }: ScanOptions,
): AsyncGenerator<readonly Bytes[]> {
  const connection = session.connection
  const rest = [
    ...(pattern === undefined ? [] : [bytes('MATCH'), pattern]),
    ...(count === undefined ? [] : [bytes('COUNT'), bytes(`${count}`)]),
    ...(type === undefined ? [] : [bytes('TYPE'), bytes(type)]),
  ]
  for (let cursor: Reply = bytes('0'); connection !== undefined; ) {
    const reply = accepted(await connection.ask([bytes('SCAN'), bytes(String(cursor)), ...rest]), 'SCAN error: ')
    const [next, keys] = isArray(reply) ? reply : []
    if (next === undefined || keys === undefined || !isArray(keys)) throw new ServerRefusal('SCAN gave no keys')
    yield keys.filter((key) => typeof key === 'string')
    if (next === '0') return
    cursor = next
  }
}

/** Prints the keys, quoted for people and as they are for a pipe. */
export async function listKeys(
  session: Session,
  terminal: Terminal,
  options: ScanOptions,
  intervalMs: number,
): Promise<void> {
  const isQuoted = session.format.mode === 'standard'
  for await (const keys of portions(session, options)) {
    await terminal.print(keys.map((key) => `${isQuoted ? quote(key) : key}\n`).join(''))
    if (intervalMs > 0) await terminal.wait(intervalMs)
  }
}
