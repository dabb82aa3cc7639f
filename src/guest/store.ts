/**
 * The store as library code reaches it: ports that whoever keeps the libraries implements.
 */
import type { Argv } from '../base/bytes.ts'
import type { Reply } from '../base/reply.ts'

/** Units of the engine. */
export interface Store {
  begin(): void
  end(): void
}

/** On whose behalf commands run: a user, a database, and what the function may do. */
export interface Actor {
  /** Runs a command in the open unit; errors are replies. */
  call(argv: Argv): Reply
  /** Runs a command that may wait. Never rejects. */
  callLater(argv: Argv): Promise<Reply>
  /** Why a section may not begin now; undefined when it may. */
  refusal(): string | undefined
  /** What it acts as: actors of the same identity act alike. */
  identity(): string
  /** One that acts for the same, for as long as it likes; `isReadOnly` keeps it from writing, as NO_WRITES does. */
  fork(isReadOnly?: boolean): Actor
}
