/** One node of a cluster, as something that runs lines: nothing is routed, nothing followed. */
import type { Argv } from '../../../base/bytes.ts'
import { type Reply, ReplyError } from '../../../base/reply.ts'
import type { Command } from '../../../commands/command.ts'
import type { BatchOptions, BatchReply, Line, Runner } from '../../backend.ts'
import { sendable } from '../foreign.ts'
import type { Link } from '../link.ts'
import { isRepeatable } from '../repeatable.ts'

export class NodeRunner implements Runner {
  readonly #link: Link

  constructor(link: Link) {
    this.#link = link
  }

  call(command: Command | undefined, argv: Argv): Promise<Reply> {
    return this.#link.run(isRepeatable(sendable(command, argv)), (connection) => connection.send(argv))
  }

  async batch(lines: readonly Line[], { atomic }: BatchOptions): Promise<BatchReply> {
    const words = lines.map(({ argv }) => argv)
    const replies = await this.#link.run<BatchReply>(false, (connection) =>
      atomic ? connection.transaction(words) : Promise.all(words.map((argv) => connection.send(argv))),
    )
    return replies instanceof ReplyError && !atomic ? lines.map(() => replies) : replies
  }
}
