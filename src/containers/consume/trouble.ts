/**
 * Trouble: which errors pass, and which end a consumer.
 *
 * The one idea: what may be better in a moment (a server that restarts, a lost connection) is tried again; what only a person can
 * mend (a key of another type, missing rights, a closed database) is told at once.
 */
import { BackendError } from '../../backend/backend.ts'
import { RedisError } from '../../client/errors.ts'
import { ScriptError } from '../../script/errors.ts'

/** The code of a store's error; undefined for other errors. */
export function codeOf(error: unknown): string | undefined {
  const isStores = error instanceof RedisError || error instanceof ScriptError || error instanceof BackendError
  return isStores ? error.code : undefined
}

const LASTING = new Set(['WRONGTYPE', 'NOAUTH', 'NOPERM', 'WRONGPASS', 'CROSSSLOT', 'CLOSED', 'UNSUPPORTED'])

/** Whether trying again is of no use. */
export function isLasting(error: unknown): boolean {
  const code = codeOf(error)
  return code === undefined || LASTING.has(code)
}

/** Whether the group or its stream is gone. */
export const isNoGroup = (error: unknown): boolean => codeOf(error) === 'NOGROUP'

/** What ended a consumer, or is told of an attempt. */
export class ConsumerError extends Error {
  readonly code: 'TIMEOUT' | 'OVERTAKEN' | 'STOPPED' | 'INVALID' | 'DEAD_LETTER' | 'EXHAUSTED' | 'UNSUPPORTED'
  constructor(code: ConsumerError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ConsumerError'
    this.code = code
  }
}
