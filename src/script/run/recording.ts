/**
 * Recording: the replies that a run got, so that the same script can run once more without a store.
 *
 * The one idea: a script is a function of its arguments and of the replies it gets. Played again to the interpreter of its
 * tree, they say on which line the function failed; and in shadow mode, whether function and tree do the same.
 */
import type { Argv } from '../../base/bytes.ts'
import type { Reply } from '../../base/reply.ts'
import type { LogLevel } from '../handles.ts'
import type { World } from './world.ts'

/** So many replies are kept: beyond, a failure has no line. */
const MOST = 100_000

/** The second run asked for something else than the first. */
export class Diverged extends Error {}

/** A world that remembers what it answered. */
export class Recording implements World {
  readonly #world: World
  readonly #calls: { readonly argv: Argv; readonly reply: Reply }[] = []
  #nowMs: number | undefined
  #overflowed = false

  constructor(world: World) {
    this.#world = world
  }

  call(argv: Argv): Reply {
    const reply = this.#world.call(argv)
    if (this.#calls.length < MOST) this.#calls.push({ argv, reply })
    else this.#overflowed = true
    return reply
  }

  nowMs(): number {
    this.#nowMs ??= this.#world.nowMs()
    return this.#nowMs
  }

  log(level: LogLevel, message: string): void {
    this.#world.log(level, message)
  }

  /** Whether everything is remembered. */
  get isWhole(): boolean {
    return !this.#overflowed
  }

  /** The same answers again; throws `Diverged` when other questions are asked. */
  replay(): World & { readonly rest: number } {
    let at = 0
    const calls = this.#calls
    const nowMs = this.#nowMs
    return {
      get rest() {
        return calls.length - at
      },
      call(argv) {
        const known = calls[at++]
        if (known === undefined || !isSame(known.argv, argv)) {
          throw new Diverged(
            `the function sent ${known?.argv.join(' ') ?? 'nothing'}, its tree sends ${argv.join(' ')}`,
          )
        }
        return known.reply
      },
      nowMs() {
        if (nowMs === undefined) throw new Diverged('the function did not ask for the time, its tree does')
        return nowMs
      },
      log() {},
    }
  }
}

function isSame(a: Argv, b: Argv): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i])
}
