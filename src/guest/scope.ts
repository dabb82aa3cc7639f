/**
 * Scope: one loaded library as the runtime sees it: where its code runs, whether it is in a section, what it waits for.
 *
 * The one idea: the runtime is the same on every host; what differs stands behind `Place`, which knows how to run code for
 * as long as a section may last, and how background code gets a section of its own.
 */
import type { Reply } from '../base/reply.ts'
import { ReplyReader } from './from-reply.ts'
import type { Callback, Intrinsics } from './intrinsics.ts'
import type { Actor } from './store.ts'

/** Where the runtime and the library's code run. */
export interface Place {
  readonly intrinsics: Intrinsics
  /** Runs guest code in one go, for as long as a section may last. Throws what it throws, or `TERMINATED`. */
  section<A, T>(run: (given: A) => T, given: A): T
  /** Runs guest code in the background, after the current unit; the promise is the guest's own. */
  background(run: () => unknown, actor: Actor): Promise<unknown>
  /** Counts one call into the store as work of the running code. */
  spend(): void
  /** Runs a command of the open section, counted; gives its reply as a value. Throws what `argvFrom` and the reader throw. */
  perform(actor: Actor, words: readonly unknown[], reader: ReplyReader): unknown
  /** Runs `run` as a unit for `actor`, from the background. Throws a string when it may not begin. */
  unit<T>(scope: Scope, actor: Actor, run: () => T): T
  /** `error-verbosity`: with 2, errors carry their stack. */
  verbosity(): number
  /** False when this callback of a key trigger can be seen to read nothing of its data but the event and the key. */
  seesKeyRaw(callback: Callback): boolean
}

export class Scope {
  readonly place: Place
  readonly intrinsics: Intrinsics
  /** Readers of replies: strings as text, strings as buffers. */
  readonly decoded: ReplyReader
  readonly raw: ReplyReader
  /** Whether the library's code is in a section: nothing else runs, and it may touch data. */
  locked = false
  /** The library was deleted. What it still waits for may settle; it gets no further section. */
  removed = false
  /** Commands issued by `callAsync` and not answered yet. */
  readonly pending = new Set<{ readonly words: string }>()
  /** The library's name. */
  readonly library: string
  /** Cluster functions by name: with one shard they are called right here. */
  readonly clusterFunctions = new Map<string, Callback>()

  constructor(place: Place, library: string) {
    this.library = library
    this.place = place
    this.intrinsics = place.intrinsics
    this.decoded = new ReplyReader(place.intrinsics, false)
    this.raw = new ReplyReader(place.intrinsics, true)
  }

  /** Runs guest code as a section. The unit is open. */
  section<A, T>(run: (given: A) => T, given: A): T {
    // A trigger may fire inside a section, when it asked for the writes of libraries.
    const outer = this.locked
    this.locked = true
    try {
      return this.place.section(run, given)
    } finally {
      this.locked = outer
    }
  }

  /** The promise for what a reply will be to the guest. `answer` never rejects. */
  later(answer: Promise<Reply>, read: (reply: Reply) => unknown): Promise<unknown> {
    return new this.intrinsics.Promise<unknown>((resolve, reject) => {
      void answer.then((reply) => {
        try {
          resolve(read(reply))
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}
