/**
 * Scope: one loaded library as the runtime sees it: where its code runs, whether it is in a section, what it waits for.
 */

import { ReplyReader } from './from-reply.ts'
import type { Guest } from './host.ts'
import type { Intrinsics } from './intrinsics.ts'
import type { Store } from './store.ts'

export class Scope {
  readonly guest: Guest
  readonly store: Store
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

  constructor(guest: Guest, store: Store) {
    this.guest = guest
    this.store = store
    this.intrinsics = guest.intrinsics
    this.decoded = new ReplyReader(guest.intrinsics, false)
    this.raw = new ReplyReader(guest.intrinsics, true)
  }

  /** Runs guest code as a section. The caller has opened the unit. */
  section<T>(run: () => T): T {
    this.locked = true
    try {
      return this.guest.section(run)
    } finally {
      this.locked = false
    }
  }
}
