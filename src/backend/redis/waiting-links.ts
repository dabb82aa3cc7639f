/**
 * WaitingLinks: connections for commands that wait.
 *
 * The one idea: a command that waits has a connection to itself for that time; a few are kept for the next. There is no limit to
 * how many wait, for one that waited for a connection could wait for ever.
 */
import type { Argv } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import type { Link } from './link.ts'

const KEPT = 4

export class WaitingLinks {
  readonly #make: () => Link
  readonly #busy = new Set<Link>()
  readonly #idle: Link[] = []

  constructor(make: () => Link) {
    this.#make = make
  }

  /** Whether somebody waits. */
  get isBusy(): boolean {
    return this.#busy.size > 0
  }

  async call(canRepeat: boolean, argv: Argv, asking = false): Promise<Reply> {
    const link = this.#idle.pop() ?? this.#make()
    this.#busy.add(link)
    try {
      return await link.run(canRepeat, (connection) => connection.send(argv, asking))
    } finally {
      this.#busy.delete(link)
      if (link.current !== undefined && this.#idle.length < KEPT) this.#idle.push(link)
      else link.close()
    }
  }

  close(): void {
    for (const link of [...this.#busy, ...this.#idle]) link.close()
  }
}
