/**
 * ClusterSession: a connection of one's own to one node of a cluster.
 *
 * The one idea: the first line with keys says which node; from then on the session stays there, for what it watches or listens to
 * is there. Lines with keys elsewhere are refused, as by a server on which they aren't.
 */
import type { Argv } from '../../../base/bytes.ts'
import { type PushReply, type Reply, ReplyError } from '../../../base/reply.ts'
import type { Command } from '../../../commands/command.ts'
import type { BatchOptions, BatchReply, Line, Session } from '../../backend.ts'
import { closed } from '../lost.ts'
import { CROSSSLOT, slotOfLines } from './routing.ts'
import type { NodeName } from './slot-map.ts'

/** Opens a session on the node of a slot, on the one that a redirection named, or on any. */
export type OpenOn = (slot: number | undefined, moved: NodeName | undefined) => Promise<Session>

const MOST_MOVES = 5

export class ClusterSession implements Session {
  onPush: ((message: PushReply) => void) | undefined = undefined
  onEnd: ((cause: Error) => void) | undefined = undefined
  readonly #open: OpenOn
  #bound: Promise<Session> | undefined
  /** Nothing has been answered yet, so that it may still go elsewhere. */
  #isFresh = true
  #closed = false

  constructor(open: OpenOn) {
    this.#open = open
  }

  async call(command: Command | undefined, argv: Argv): Promise<Reply> {
    const slot = slotOfLines([argv])
    if (slot instanceof ReplyError) return slot
    return this.#on(slot, async (session) => session.call(command, argv))
  }

  async batch(lines: readonly Line[], options: BatchOptions): Promise<BatchReply> {
    const slot = slotOfLines(lines.map(({ argv }) => argv))
    if (!(slot instanceof ReplyError)) return this.#on(slot, async (session) => session.batch(lines, options))
    return options.atomic ? slot : lines.map(() => CROSSSLOT)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.onEnd = undefined
    const session = await this.#bound?.catch(() => undefined)
    await session?.close()
  }

  async #on<T extends Reply | BatchReply>(slot: number | undefined, run: (session: Session) => Promise<T>): Promise<T> {
    for (let moves = 0; ; moves++) {
      if (this.#closed) throw closed()
      this.#bound ??= this.#bind(slot, undefined)
      const session = await this.#bound
      if (this.#closed) throw closed()
      const answer = await run(session)
      const moved = answer instanceof ReplyError ? /^MOVED \d+ (\S+:\d+)/.exec(answer.message)?.[1] : undefined
      if (moved === undefined || !this.#isFresh || moves === MOST_MOVES) {
        this.#isFresh = false
        return answer
      }
      session.onEnd = undefined
      await session.close()
      this.#bound = this.#bind(slot, moved)
    }
  }

  async #bind(slot: number | undefined, moved: NodeName | undefined): Promise<Session> {
    const session = await this.#open(slot, moved)
    session.onPush = (message) => this.onPush?.(message)
    session.onEnd = (cause) => this.onEnd?.(cause)
    if (this.#closed) await session.close()
    return session
  }
}
