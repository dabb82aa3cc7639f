/**
 * StreamWalk: finding streams that are there already, when a trigger is new, a replica was promoted or a pause is over.
 *
 * The one idea: the walk goes by SCAN in small steps, each a unit of its own, and only notes what it finds. A walk that is
 * asked for while one goes on takes its place: everything is looked at again.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Cancel } from '../../base/clock.ts'
import { typeOf } from '../../keyspace/value.ts'
import type { TriggerWorld } from './trigger-world.ts'

/** Keys that one step looks at. */
const STEP = 1000

export class StreamWalk {
  readonly #world: TriggerWorld
  readonly #found: (db: number, key: Bytes) => void
  #db = 0
  #cursor = 0
  #cancel: Cancel | undefined = undefined

  /** `found` is called inside a unit, for each stream. */
  constructor(world: TriggerWorld, found: (db: number, key: Bytes) => void) {
    this.#world = world
    this.#found = found
  }

  /** Walks over all keys, from now on. */
  start(): void {
    this.stop()
    this.#db = 0
    this.#cursor = 0
    this.#next()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #next(): void {
    const { databases } = this.#world.engine.keyspace
    while (this.#db < databases.length && databases[this.#db]!.size === 0) this.#db++
    if (this.#db === databases.length) return
    const { clock } = this.#world.engine
    this.#cancel = clock.at(clock.now(), () => {
      this.#cancel = undefined
      this.#world.asUnit(() => this.#step())
      this.#next()
    })
  }

  #step(): void {
    const db = this.#world.engine.keyspace.databases[this.#db]
    if (db === undefined) return
    this.#cursor = db.scan(this.#cursor, STEP, (key, value) => {
      if (typeOf(value) === 'stream') this.#found(db.index, key)
    })
    if (this.#cursor === 0) this.#db++
  }
}
