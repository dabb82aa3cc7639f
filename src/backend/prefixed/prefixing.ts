/**
 * Prefixing: one prefix, added to lines and taken off their replies.
 */
import { type Argv, type Bytes, raw } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import { BackendError, type BatchReply, type Line } from '../backend.ts'
import { channelOut } from './channels.ts'
import { underPrefix } from './prefixed-words.ts'
import { renameKeys } from './reply-keys.ts'

/** Adds and takes away one prefix. */
export class Prefixing {
  readonly prefix: Bytes

  constructor(prefix: Bytes) {
    this.prefix = prefix
  }

  down(command: Command | undefined, argv: Argv): Argv {
    return underPrefix(this.prefix, command, argv)
  }

  up(command: Command | undefined, reply: Reply): Reply {
    if (command === undefined || reply instanceof ReplyError) return reply
    const rename = command.name.startsWith('PUBSUB|') ? this.#channel : this.#key
    return renameKeys(command, reply, rename)
  }

  lines(lines: readonly Line[]): Line[] {
    return lines.map(({ command, argv }) => {
      if (command?.name === 'RANDOMKEY') throw RANDOM_IN_QUEUE
      return { command, argv: this.down(command, argv) }
    })
  }

  replies(lines: readonly Line[], replies: BatchReply): BatchReply {
    if (replies === null || replies instanceof ReplyError) return replies
    return replies.map((reply, i) => this.up(lines[i]!.command, reply))
  }

  readonly #key = (key: Bytes): Bytes => (key.startsWith(this.prefix) ? raw(key.slice(this.prefix.length)) : key)
  readonly #channel = (channel: Bytes): Bytes => channelOut(this.prefix, channel) ?? channel
}

const RANDOM_IN_QUEUE = new BackendError(
  'UNSUPPORTED',
  "RANDOMKEY can't be queued under a key prefix: call it by itself.",
)
