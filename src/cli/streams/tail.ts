/**
 * `geartrain streams tail`: entries as they come, filtered.
 *
 * The one idea: each stream is followed from a place of its own, so that nothing is missed between two reads; entries of several
 * streams are printed as they arrive.
 */
import type { Message } from '../../containers/message.ts'
import { Asked, type Desk } from './desk.ts'
import { momentOf, plain } from './info.ts'
import type { Place } from './times.ts'

/** Whether an entry is wanted. */
export type Filter = (message: Message) => boolean

/** What to print. */
export interface TailOptions {
  /** Begins here, in place of the last few entries. */
  readonly from?: Place
  /** How many entries there are to print first. */
  readonly last: number
  /** Ends after so many were printed. */
  readonly limit?: number
  readonly filters: readonly Filter[]
}

/** Reads `field=value` (a star stands for anything), `field!=value`, or `field` (which has to be there). */
export function filterOf(text: string): Filter {
  const [, field = text, operator, value = ''] = /^(.*?)(!?=)(.*)$/s.exec(text) ?? []
  if (operator === undefined) return ({ fields }) => fields.some(([name]) => name === field)
  const parts = value.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  const wanted = new RegExp(`^${parts.join('.*')}$`, 's')
  const has: Filter = ({ fields }) => fields.some(([name, found]) => name === field && wanted.test(found))
  return operator === '=' ? has : (message) => !has(message)
}

/** Follows streams until the program is asked to end, or the limit is reached. */
export async function tail(desk: Desk, keys: readonly string[], options: TailOptions): Promise<void> {
  const done = new AbortController()
  const signal = AbortSignal.any([desk.signal, done.signal])
  const nowMs = await desk.nowMs()
  let left = options.limit ?? Number.POSITIVE_INFINITY
  const follow = async (key: string): Promise<void> => {
    const stream = desk.db.stream(key)
    const last = await stream.lastId()
    const early = options.from
      ? stream.walk({ from: options.from(nowMs), to: last })
      : (await stream.range({ reverse: true, count: Math.max(1, options.last), to: last }))
          .slice(0, options.last)
          .reverse()
    for await (const message of inTurn(early, stream.follow({ after: last, signal }))) {
      if (!options.filters.every((fits) => fits(message))) continue
      await printMessage(desk, message)
      if (--left <= 0) done.abort(new Asked())
      signal.throwIfAborted()
    }
  }
  const all = await Promise.allSettled(
    keys.map((key) =>
      follow(key).catch((error: unknown) => {
        done.abort(error)
        throw error
      }),
    ),
  )
  for (const one of all) if (one.status === 'rejected') throw one.reason
}

async function* inTurn<T>(first: Iterable<T> | AsyncIterable<T>, second: AsyncIterable<T>): AsyncGenerator<T> {
  yield* first
  yield* second
}

/** One entry: a line for people, or one of JSON. */
export async function printMessage(desk: Desk, message: Message<unknown>): Promise<void> {
  if (desk.isJson) return desk.line(plain(message))
  const fields = message.fields.map(([name, value]) => `${name}=${shown(value)}`).join(' ')
  await desk.print(`${momentOf(message.id)}  ${message.stream}  ${message.id}  ${fields}\n`)
}

/** Values with blanks, quotes or control characters are quoted; what would fill the screen is cut off. */
function shown(value: string): string {
  const cut = value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  return /^[^\s"\p{Cc}]+$/u.test(cut) ? cut : JSON.stringify(cut)
}

const LONGEST = 200
