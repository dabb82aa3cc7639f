/** SHUTDOWN where nobody has said what it means: on an engine in its user's own process. */
import { ReplyError } from '../base/reply.ts'
import type { ShutdownOptions } from '../commands/context.ts'

const NO_SHUTDOWN = new ReplyError('ERR SHUTDOWN is not available on an embedded engine: close the database instead.')
const NOT_STOPPING = new ReplyError('ERR No shutdown in progress.')

/** Throws. */
export function refuseShutdown({ abort }: ShutdownOptions): never {
  throw abort ? NOT_STOPPING : NO_SHUTDOWN
}
