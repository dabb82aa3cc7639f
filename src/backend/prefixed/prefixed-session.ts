/**
 * PrefixedSession: a connection of one's own whose keys and channels have a prefix.
 *
 * The one idea: as the backend's other calls, and messages too come up without it; those that are not for this prefix
 * don't come. A pattern is told as its subscriber wrote it.
 */
import { type Argv, type Bytes, raw } from '../../base/bytes.ts'
import { PushReply, Replies, type Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Session } from '../backend.ts'
import { channelOut, channelPatternIn, heardUnder } from './channels.ts'
import { PrefixedRunner } from './prefixed-runner.ts'
import type { Prefixing } from './prefixing.ts'

/** A session, seen through a prefix. */
export class PrefixedSession extends PrefixedRunner implements Session {
  readonly #inner: Session
  readonly #prefixing: Prefixing
  /** Patterns as the store knows them -> as they were given. */
  readonly #patterns = new Map<Bytes, Bytes>()
  #onPush: ((message: PushReply) => void) | undefined = undefined

  constructor(inner: Session, prefixing: Prefixing) {
    super(inner, prefixing)
    this.#inner = inner
    this.#prefixing = prefixing
    inner.onPush = (message) => {
      const heard = this.#heard(message)
      if (heard !== undefined) this.#onPush?.(heard)
    }
  }

  get onPush(): ((message: PushReply) => void) | undefined {
    return this.#onPush
  }

  set onPush(listener) {
    this.#onPush = listener
  }

  get onEnd(): ((cause: Error) => void) | undefined {
    return this.#inner.onEnd
  }

  set onEnd(listener) {
    this.#inner.onEnd = listener
  }

  override call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    if (command?.name === 'PSUBSCRIBE') this.#note(argv)
    return super.call(command, argv)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  #note(argv: Argv): void {
    for (const pattern of argv.slice(1)) this.#patterns.set(channelPatternIn(this.#prefixing.prefix, pattern), pattern)
  }

  protected override up(command: Command | undefined, reply: Reply): Reply {
    if (reply instanceof Replies) return new Replies(reply.items.map((item) => this.up(command, item)))
    if (!(reply instanceof PushReply)) return super.up(command, reply)
    return this.#heard(reply) ?? reply
  }

  /** A push as it is heard under the prefix; undefined when it is about others. */
  #heard(message: PushReply): PushReply | undefined {
    const [kind, first, second, third] = message.items
    if (typeof first !== 'string') return message
    const { prefix } = this.#prefixing
    switch (kind) {
      case 'message':
      case 'smessage': {
        const heard = typeof second === 'string' ? heardUnder(prefix, first, second) : undefined
        return heard && new PushReply([kind, ...heard])
      }
      case 'pmessage': {
        if (typeof second !== 'string' || typeof third !== 'string') return undefined
        const heard = heardUnder(prefix, second, third)
        return heard && new PushReply([raw(kind), this.#patterns.get(first) ?? first, ...heard])
      }
      case 'psubscribe':
      case 'punsubscribe':
        return new PushReply([raw(kind), this.#patterns.get(first) ?? first, second ?? null])
      default:
        return new PushReply([kind ?? null, channelOut(prefix, first) ?? first, second ?? null])
    }
  }
}
