/**
 * MappedCallback: a callback of a library that was made from other sources: places in its errors are those of the sources.
 */
import { types } from 'node:util'
import { type Bytes, bytes, text } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import type { CallManner, FireOutcome, GuestCallback, TriggerData } from '../../guest/host.ts'
import type { Actor } from '../../guest/store.ts'
import type { Place, SourceMap } from './source-map.ts'

/** A place in the text of a library, as stacks name it. */
const PLACE = /\blibrary\.js:(\d+):(\d+)/g

/** The way from a place in the text that runs to one in the sources: maps, one after the other. */
export type MapChain = readonly SourceMap[]

/** An error's text with the places of the sources. */
export function mappedText(message: string, maps: MapChain): string {
  return message.replace(PLACE, (given, line: string, column: string) => {
    let place: Place = { source: 'library.js', line: Number(line), column: Number(column) }
    for (const map of maps) {
      const found = map.find(place.line, place.column)
      if (found === undefined) return given
      place = found
    }
    return `${place.source}:${place.line}:${place.column}`
  })
}

export class MappedCallback implements GuestCallback {
  readonly isAsync: boolean
  readonly #callback: GuestCallback
  readonly #maps: MapChain

  constructor(callback: GuestCallback, maps: MapChain) {
    this.isAsync = callback.isAsync
    this.#callback = callback
    this.#maps = maps
  }

  call(actor: Actor, words: readonly Bytes[], manner: CallManner): Reply | Promise<Reply> {
    return this.#mapped(this.#callback.call(actor, words, manner))
  }

  fire(actor: Actor, data: TriggerData, isKept?: boolean): FireOutcome | Promise<FireOutcome> {
    return this.#mapped(this.#callback.fire(actor, data, isKept))
  }

  #mapped<T extends Reply | undefined>(outcome: T | Promise<T>): T | ReplyError | Promise<T | ReplyError> {
    const mapped = (reply: T): T | ReplyError =>
      reply instanceof ReplyError ? new ReplyError(bytes(mappedText(text(reply.message), this.#maps))) : reply
    return types.isPromise(outcome) ? outcome.then(mapped) : mapped(outcome)
  }
}
