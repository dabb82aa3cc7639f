/** The functions of this engine, or the error that there are none. */
import { err } from '../../base/errors.ts'
import type { Context, FunctionsService } from '../context.ts'

const ABSENT = err('this engine runs no libraries: installFunctions(engine) of geartrain/functions was not called')

export function functionsOf({ server }: Context): FunctionsService {
  if (server.services.functions === undefined) throw ABSENT
  return server.services.functions
}
