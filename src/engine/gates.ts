/** The gate of the engine: what stands between any client and running a command at once. */

/** Bits of `Engine.gate`; it is 0 for nearly all engines. */
export const ENGINE_GATE = {
  /** Not a primary: writes are refused. */
  role: 1,
  /** More memory is used than `maxmemory` allows: each command evicts, or may be refused. */
  memory: 2,
  /** CLIENT PAUSE: commands wait. */
  pause: 4,
  /** What is written could not be kept: writes are refused. */
  disk: 8,
} as const
