/**
 * Batches in this thread: lines run in one turn, so nobody comes between them; an atomic batch is one unit besides.
 */
import { type Argv, raw } from '../../base/bytes.ts'
import { NilArray, ReplyError } from '../../base/reply.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Session as EngineSession } from '../../engine/session.ts'
import { BackendError, type BatchOptions, type BatchReply, type Line } from '../backend.ts'

const MULTI: Argv = [raw('MULTI')]
const EXEC: Argv = [raw('EXEC')]

/** Runs the lines of a batch. One that would have to wait is answered as if its time were up. */
export function runBatch(
  engine: Engine,
  session: EngineSession,
  lines: readonly Line[],
  { atomic }: BatchOptions,
): BatchReply {
  const denied = session.denyBlocking
  session.denyBlocking = true
  try {
    if (!atomic) return lines.map(({ command, argv }) => engine.issue(session, command, argv) ?? null)
    engine.execute(session, MULTI)
    for (const { command, argv } of lines) engine.issue(session, command, argv)
    const reply = engine.execute(session, EXEC)
    if (reply instanceof ReplyError || Array.isArray(reply)) return reply
    return reply instanceof NilArray ? null : []
  } finally {
    session.denyBlocking = denied
  }
}

/** What calls get of a database, or a session, that was closed. */
export const closed = (): BackendError => new BackendError('CLOSED', 'The database is closed.')
