/**
 * Ending in order: SIGTERM and SIGINT ask for it, a second one insists.
 */

/** Calls `end` at the first signal; the second ends the process at once. Returns what takes the handlers off. */
export function onEndSignals(end: (signal: NodeJS.Signals) => void): () => void {
  let asked = false
  const handle = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1)
    asked = true
    end(signal)
  }
  process.on('SIGTERM', handle)
  process.on('SIGINT', handle)
  return () => {
    process.off('SIGTERM', handle)
    process.off('SIGINT', handle)
  }
}
