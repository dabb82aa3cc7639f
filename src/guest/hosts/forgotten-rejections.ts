/**
 * Forgotten rejections: a promise of a library that is rejected while nobody listens must not end the process.
 *
 * The one idea: Node asks its listeners about every unheard rejection. Ours, which comes with the first realm, answers
 * for promises of realms, and throws all others on, as Node would have done without a listener.
 */

/** The prototypes of the realms' promises. */
const forgiven = new WeakSet<object>()
let isListening = false

function onRejection(reason: unknown, promise: Promise<unknown>): void {
  if (forgiven.has(Object.getPrototypeOf(promise))) return
  // Others who listen decide for themselves.
  if (process.listenerCount('unhandledRejection') === 1) throw reason
}

/** Forgives rejections of one realm's promises, for good: a library that is gone may still have some. */
export function forgiveRejections(realmPromise: PromiseConstructor): void {
  if (!isListening) process.on('unhandledRejection', onRejection)
  isListening = true
  forgiven.add(realmPromise.prototype)
}
