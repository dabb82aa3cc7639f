/**
 * Messages of a group as an async iterable: one at a time, each settled by whoever has it.
 *
 * The one idea: a consumer whose handler is the loop's next turn. Leaving the loop acknowledges nothing: what was not settled can be
 * claimed by others at once.
 */
import { Consumer } from './consumer.ts'
import type { Delivery } from './delivery.ts'
import { type ConsumeOptions, settingsOf } from './options.ts'
import type { Target } from './target.ts'

/** As for `consume`; how many come ahead is `prefetch`. */
export type MessagesOptions<M = unknown> = Omit<ConsumeOptions<M>, 'ack' | 'concurrency' | 'timeoutMs'>

interface Offer<T> {
  readonly message: Delivery<T>
  readonly taken: () => void
}

/** Messages until the loop is left, or the signal is aborted: then it throws the signal's reason. */
export async function* messagesOf<T>(
  target: Target<T>,
  options: MessagesOptions<Delivery<T>> = {},
): AsyncGenerator<Delivery<T>, void, undefined> {
  const { signal, ...rest } = options
  signal?.throwIfAborted()
  const offers: Offer<T>[] = []
  let look = (): void => {}
  const consumer = new Consumer<T>(target, settingsOf({ ...rest, ack: 'manual' }), ([message]) => {
    return new Promise<void>((taken) => {
      offers.push({ message: message!, taken })
      look()
    })
  })
  let isOver = false
  const over = (): void => {
    isOver = true
    look()
  }
  const ended = consumer.done.finally(over)
  ended.catch(() => undefined)
  signal?.addEventListener('abort', over)
  try {
    while (!isOver) {
      const offer = offers.shift()
      if (offer === undefined) {
        await new Promise<void>((resolve) => (look = resolve))
        continue
      }
      offer.taken()
      yield offer.message
    }
  } finally {
    signal?.removeEventListener('abort', over)
    for (const { message, taken } of offers) {
      void message.retry({ counts: false })
      taken()
    }
    await consumer.abort()
  }
  await ended
  signal?.throwIfAborted()
}
