/**
 * Snapshots in memory: the data of an engine, kept aside to go back to.
 *
 * The one idea: values are copied, both when they are kept and when they come back, so a snapshot serves any number of
 * times. Going back is one unit: nobody sees the keyspace half empty, and everyone who watches, tracks or waits for keys
 * hears of it. Deadlines are instants: those that have passed meanwhile take their keys.
 */
import { type Argv, type Bytes, raw } from '../base/bytes.ts'
import type { Value } from '../keyspace/value.ts'
import { dumpPayload } from '../rdb/dump.ts'
import type { Engine } from './engine.ts'

interface Kept {
  readonly key: Bytes
  readonly value: Value
  readonly deadline: number | undefined
  readonly stamp: number | undefined
}

/** The keys of every database of an engine, with values and deadlines. What is not data (libraries, users) is not in it. */
export class KeyspaceSnapshot {
  readonly #engine: Engine
  readonly #databases: readonly (readonly Kept[])[]

  constructor(engine: Engine) {
    this.#engine = engine
    engine.begin()
    this.#databases = engine.keyspace.databases.map((db) => {
      const kept: Kept[] = []
      for (const key of db.keys()) {
        const value = db.editAny(key)
        if (value === undefined) continue
        kept.push({ key, value: copyOf(value), deadline: db.deadline(key), stamp: db.stampOf(key) })
      }
      return kept
    })
    engine.end()
  }

  /** Puts the data back as it was, whatever there is now. */
  restore(): void {
    const engine = this.#engine
    const { reports } = engine.keyspace
    engine.begin()
    engine.flushed()
    reports.effect(0, [raw('FLUSHALL')])
    this.#databases.forEach((kept, index) => {
      const db = engine.keyspace.databases[index]!
      engine.flushing(index)
      db.clear()
      for (const { key, value, deadline, stamp } of kept) {
        db.put(key, copyOf(value))
        if (deadline !== undefined) db.expireAt(key, deadline)
        if (stamp !== undefined) db.setStamp(key, stamp)
        db.touched(key)
        if (reports.wantsEffects) reports.effect(index, restoring(key, value, deadline))
      }
    })
    engine.end()
    engine.idle()
  }
}

/** What makes the key again, for who follows effects. */
const restoring = (key: Bytes, value: Value, deadline = 0): Argv => [
  raw('RESTORE'),
  key,
  raw(`${deadline}`),
  dumpPayload(value),
  raw('ABSTTL'),
]

const copyOf = (value: Value): Value => (typeof value === 'object' ? value.copy() : value)
