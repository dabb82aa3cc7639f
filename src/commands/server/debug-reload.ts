/** DEBUG RELOAD and LOADAOF: through the files and back, as a restart does. */
import { type Argv, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import type { Reply } from '../../base/reply.ts'
import type { Context } from '../context.ts'
import { NO_FOLDER } from './persistence-service.ts'

const BAD_OPTION = err('DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.')

/** Reads the options, in any order, and has it done. */
export function reload({ server }: Context, words: Argv): Reply {
  const options = new Set<string>(words.map(upper))
  const merge = options.delete('MERGE')
  const flush = !options.delete('NOFLUSH')
  const save = !options.delete('NOSAVE')
  if (options.size > 0) throw BAD_OPTION
  const { snapshots } = server.services
  if (snapshots === undefined) throw NO_FOLDER
  return snapshots.reload({ save, flush, merge })
}

/** Has everything read again from the log. */
export function loadLog({ server }: Context): Reply {
  const { persistence } = server.services
  if (persistence === undefined) throw NO_FOLDER
  return persistence.reloadLog()
}
