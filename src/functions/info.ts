/**
 * What INFO says of libraries, in the words of the original.
 *
 * The one idea: INFO goes to monitoring systems, so a library stands there under the SHA-256 of its name.
 */
import { createHash } from 'node:crypto'
import type { Fields } from '../engine/info-commands.ts'
import type { Library } from './library.ts'

/** What the sections belong to. */
export const INFO_NAME = 'redisgears_2'

/** One line for each library. */
export function libraryFields(libraries: Iterable<Library>): Fields {
  return Array.from(libraries, (library) => [`${INFO_NAME}_${hashOf(library.name)}`, countsOf(library)] as const)
}

const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex')

function countsOf({ registered, guest, apiVersion }: Library): string {
  const { functions, keySpaceTriggers, streamTriggers, clusterFunctions } = registered
  const async = functions.filter(({ isAsync }) => isAsync).length
  const counts: readonly (readonly [string, number | string])[] = [
    ['function_count(sync)', functions.length - async],
    ['function_count(async)', async],
    ['notification_consumers_count', keySpaceTriggers.length],
    ['stream_consumers_count', streamTriggers.length],
    ['cluster_functions_count', clusterFunctions.length],
    ['api_version', apiVersion],
    ['pending_jobs_count', guest.pendingJobs],
    ['pending_async_calls_count', guest.pendingCalls.length],
  ]
  return counts.map(([name, value]) => `${name}=${value}`).join(',')
}
