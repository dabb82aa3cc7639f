/** What ends a transfer. */

/** A source that cannot be read, or a target that cannot be written. */
export class TransferError extends Error {
  readonly code = 'GEARTRAIN_TRANSFER'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'TransferError'
  }
}
