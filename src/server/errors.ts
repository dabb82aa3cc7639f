/**
 * What can go wrong before a server serves: errors with a stable code, each saying what to do next.
 */
export type ServerErrorCode =
  /** A directive that is unknown, or whose value is not understood. */
  | 'GEARTRAIN_CONFIG'
  /** An address that cannot be listened on. */
  | 'GEARTRAIN_LISTEN'
  /** Certificates or keys that are missing or unreadable. */
  | 'GEARTRAIN_TLS'
  /** A folder whose files cannot be loaded. */
  | 'GEARTRAIN_DATA'

export class ServerError extends Error {
  readonly code: ServerErrorCode
  constructor(code: ServerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ServerError'
    this.code = code
  }
}

/** The system's code of an error (`EADDRINUSE`), or ''. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
