/**
 * WireBackend: the typed API over this program's own connections, so that it needs no client library and takes the options of
 * `geartrain cli`.
 *
 * The one idea: one connection for what is asked and answered, one more for each who waits. A connection that is lost stays lost:
 * the program ends with it.
 */
import type { Backend, BatchOptions, BatchReply, Features, Line, Session } from '../../backend/backend.ts'
import { type Argv, bytes } from '../../base/bytes.ts'
import { type PushReply, type Reply, ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import { Connection } from '../client/connection.ts'
import { nameOf, type Target } from '../client/target.ts'
import { RemoteError } from '../remote.ts'

export class WireBackend implements Backend {
  readonly sync = undefined
  readonly features: Features
  readonly #target: Target
  readonly #connection: Connection
  readonly #sessions = new Set<WireSession>()

  private constructor(target: Target, connection: Connection) {
    this.features = { name: nameOf(target), kind: 'redis' }
    this.#target = target
    this.#connection = connection
  }

  /** Connects and signs in. Throws `RemoteError` where that is refused, `ConnectionLost` where nobody is there. */
  static async open(target: Target): Promise<WireBackend> {
    return new WireBackend(target, await signedIn(target))
  }

  call(_command: Command | undefined, argv: Argv): Promise<Reply> {
    return this.#connection.ask(argv)
  }

  batch(lines: readonly Line[], options: BatchOptions): Promise<BatchReply> {
    return batchOver(this.#connection, lines, options)
  }

  async session(): Promise<Session> {
    const session: WireSession = new WireSession(await signedIn(this.#target), () => this.#sessions.delete(session))
    this.#sessions.add(session)
    return session
  }

  async close(): Promise<void> {
    for (const session of this.#sessions) await session.close()
    this.#connection.close()
  }
}

/** A connection of one's own. */
class WireSession implements Session {
  onPush: ((message: PushReply) => void) | undefined = undefined
  onEnd: ((cause: Error) => void) | undefined = undefined
  readonly #connection: Connection
  readonly #onClosed: () => void

  constructor(connection: Connection, onClosed: () => void) {
    this.#connection = connection
    this.#onClosed = onClosed
    connection.onPush = (message) => this.onPush?.(message)
  }

  call(_command: Command | undefined, argv: Argv): Promise<Reply> {
    return this.#connection.ask(argv)
  }

  batch(lines: readonly Line[], options: BatchOptions): Promise<BatchReply> {
    return batchOver(this.#connection, lines, options)
  }

  async close(): Promise<void> {
    this.#onClosed()
    this.#connection.close()
  }
}

async function signedIn(target: Target): Promise<Connection> {
  const connection = await Connection.open(target)
  const { user, password, db } = target
  const words = [
    ...(password === undefined ? [] : [['AUTH', ...(user === undefined ? [] : [user]), password]]),
    ...(db === 0 ? [] : [['SELECT', `${db}`]]),
  ]
  for (const line of words) {
    const reply = await connection.ask(line.map(bytes))
    if (!(reply instanceof ReplyError)) continue
    connection.close()
    throw new RemoteError(`${nameOf(target)} answered: ${reply.message}`)
  }
  return connection
}

/** All lines in one go; as one unit, what EXEC answers. */
async function batchOver(
  connection: Connection,
  lines: readonly Line[],
  { atomic }: BatchOptions,
): Promise<BatchReply> {
  const argvs = lines.map(({ argv }) => argv)
  const words = atomic ? [[bytes('MULTI')], ...argvs, [bytes('EXEC')]] : argvs
  const replies = await Promise.all(words.map((argv) => connection.ask(argv)))
  if (!atomic) return replies
  const executed = replies.at(-1)
  if (executed === undefined || executed === null || executed instanceof ReplyError) return executed ?? null
  return Array.isArray(executed) ? executed : null
}
