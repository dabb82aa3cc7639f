/**
 * FirstRejection: the rejection that isolated-vm hears of first, so that it never looks at one of the library's.
 *
 * The one idea: when an entry is over, isolated-vm copies the first rejection that nobody has handled, outside of every limit
 * of time: a getter of the reason that never ends would hold up the engine for good. So the first one is ours, a number,
 * and the others are dropped with it. That costs 3 µs for every entry; who can make no promise is spared: a library whose
 * text has neither `async` nor `import`, for as long as it has touched nothing that makes promises or code.
 *
 * Invariant: a rejection of ours is made before the library can make one, and kept while it may be the first.
 */

import { FORGOTTEN } from './bridge.ts'

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect
const Native = Promise
const { reject } = Promise
/** How many are kept: code that is cut leaves its own unheard, and the next entry is heard. */
const KEPT = 8

export class FirstRejection {
  #isNeeded = false
  #made = 0
  readonly #kept = new Array<unknown>(KEPT).fill(undefined)

  /** An entry begins, or goes on after others have been. */
  begin(): void {
    if (!this.#isNeeded) return
    this.#kept[this.#made] = apply(reject, Native, [FORGOTTEN])
    this.#made = (this.#made + 1) % KEPT
  }

  /** The library may make promises from now on. */
  need(): void {
    if (this.#isNeeded) return
    this.#isNeeded = true
    this.begin()
  }

  /** Takes notice of what makes promises, or code that could: before the library has any of it. */
  watch(global: object): void {
    const generator = getPrototypeOf(function* () {})
    for (const [holder, name] of [
      [global, 'Promise'],
      [global, 'Function'],
      [Function.prototype, 'constructor'],
      [generator, 'constructor'],
      [Array, 'fromAsync'],
    ] as const) {
      if (holder !== null) this.#watch(holder, name)
    }
  }

  #watch(holder: object, name: string): void {
    const found = getOwnPropertyDescriptor(holder, name)
    if (found === undefined) return
    const need = (): void => this.need()
    defineProperty(holder, name, {
      get() {
        need()
        return found.value
      },
      set(this: object, value: unknown) {
        defineProperty(this, name, { value, writable: true, enumerable: this !== holder, configurable: true })
      },
      enumerable: false,
      configurable: true,
    })
  }
}

/** Whether a text has words that make promises without a name: they cannot be spelled otherwise. */
export const makesPromises = (source: string): boolean => /async|import/.test(source)
