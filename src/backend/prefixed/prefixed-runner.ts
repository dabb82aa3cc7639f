/** A runner under a prefix: lines get it on their way down, replies lose it on their way up. */
import type { Argv } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { BatchOptions, BatchReply, Line, Runner, ScriptWay } from '../backend.ts'
import type { Prefixing } from './prefixing.ts'

/** Any runner, seen through a prefix. */
export class PrefixedRunner implements Runner {
  readonly #runner: Runner
  readonly #prefixing: Prefixing

  constructor(runner: Runner, prefixing: Prefixing) {
    this.#runner = runner
    this.#prefixing = prefixing
  }

  /** The same as without a prefix: keys of scripts stand in their lines. */
  get scripts(): ScriptWay | undefined {
    return this.#runner.scripts
  }

  call(command: Command | undefined, argv: Argv): Reply | Promise<Reply> {
    const answer = this.#runner.call(command, this.#prefixing.down(command, argv))
    return answer instanceof Promise ? answer.then((reply) => this.up(command, reply)) : this.up(command, answer)
  }

  batch(lines: readonly Line[], options: BatchOptions): BatchReply | Promise<BatchReply> {
    const answer = this.#runner.batch(this.#prefixing.lines(lines), options)
    return answer instanceof Promise
      ? answer.then((replies) => this.#prefixing.replies(lines, replies))
      : this.#prefixing.replies(lines, answer)
  }

  /** A reply as it is seen under the prefix. */
  protected up(command: Command | undefined, reply: Reply): Reply {
    return this.#prefixing.up(command, reply)
  }
}
