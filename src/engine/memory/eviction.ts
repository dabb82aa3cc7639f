/**
 * Eviction: taking keys by a policy until there is room, or the time for it is up.
 *
 * The one idea: as Redis does it. Nothing is ordered: each key that goes is the best of a pool that a few samples feed,
 * and `maxmemory-samples` says how good that is. Between two looks at the clock 16 keys go; `maxmemory-eviction-tenacity`
 * says for how long clients wait, and what is left is done beside them.
 */
import type { Random } from '../../base/random.ts'
import type { Candidate } from '../../keyspace/candidate.ts'
import type { Database } from '../../keyspace/database.ts'
import type { Keyspace } from '../../keyspace/keyspace.ts'
import type { Lfu } from '../../keyspace/usage.ts'
import { settleAll } from '../../structures/settle.ts'
import { EvictionPool } from './eviction-pool.ts'
import type { Policy } from './policies.ts'

/** Keys taken between two looks at the clock. */
const BATCH = 16
/** An LFU counter's end; worths grow as it falls. */
const MOST_FREQUENT = 255

/** How it ended: below the limit, out of time with keys left to take, or with nothing left to take. */
export type EvictionEnd = 'done' | 'running' | 'failed'

export class Eviction {
  /** undefined is `noeviction`. */
  policy: Policy | undefined = undefined
  samples = 5
  /** maxmemory-eviction-tenacity, 0 to 100. */
  tenacity = 10
  /** Keys taken since the start or CONFIG RESETSTAT. */
  evictedKeys = 0
  readonly #keyspace: Keyspace
  readonly #random: Random
  readonly #lfu: Lfu
  readonly #elapsed: () => number
  readonly #pool = new EvictionPool()
  /** The database whose turn it is under a random policy. */
  #turn = 0

  constructor(keyspace: Keyspace, random: Random, lfu: Lfu, elapsed: () => number) {
    this.#keyspace = keyspace
    this.#random = random
    this.#lfu = lfu
    this.#elapsed = elapsed
  }

  /** What was found under another policy means nothing under this one. */
  choose(policy: Policy | undefined): void {
    this.policy = policy
    this.#pool.clear()
  }

  /** Takes keys until `excess()` is no more above 0. */
  run(excess: () => number): EvictionEnd {
    const { policy } = this
    if (policy === undefined) return 'failed'
    const until = this.#elapsed() + this.#budgetMicros
    for (let taken = 0; excess() > 0; ) {
      if (!this.#evictOne(policy)) return 'failed'
      if (++taken % BATCH !== 0) continue
      this.#settle()
      if (this.#elapsed() > until && excess() > 0) return 'running'
    }
    return 'done'
  }

  /** Microseconds: up to 0.5 ms at the usual tenacity of 10, then 15 % more for each step, and no end at 100. */
  get #budgetMicros(): number {
    const { tenacity } = this
    if (tenacity >= 100) return Number.POSITIVE_INFINITY
    return tenacity <= 10 ? 50 * tenacity : 500 * 1.15 ** (tenacity - 10)
  }

  /** Deleted keys keep their place in a table until it settles. */
  #settle(): void {
    settleAll()
    for (const db of this.#keyspace.databases) db.recount()
  }

  /** Takes one key; false when there is none that may go. */
  #evictOne(policy: Policy): boolean {
    const found = policy.order === 'random' ? this.#byChance(policy) : this.#bySamples(policy)
    if (found === undefined) return false
    found.db.evict(found.key)
    this.evictedKeys++
    return true
  }

  #byChance({ volatile }: Policy): Found | undefined {
    const { databases } = this.#keyspace
    for (let i = 0; i < databases.length; i++) {
      const db = databases[this.#turn++ % databases.length]!
      if (db.candidates(volatile) > 0) return { db, key: db.candidate(this.#random, volatile).key }
    }
    return undefined
  }

  #bySamples(policy: Policy): Found | undefined {
    const { databases } = this.#keyspace
    for (;;) {
      let count = 0
      for (const db of databases) {
        const there = db.candidates(policy.volatile)
        if (there > 0) this.#sample(db, policy, there)
        count += there
      }
      if (count === 0) return undefined
      for (let best = this.#pool.take(); best !== undefined; best = this.#pool.take()) {
        const db = databases[best.db]!
        if (db.isCandidate(best.key, policy.volatile)) return { db, key: best.key }
      }
    }
  }

  #sample(db: Database, policy: Policy, there: number): void {
    for (let i = Math.min(this.samples, there); i > 0; i--) {
      const candidate = db.candidate(this.#random, policy.volatile)
      this.#pool.offer(db.index, candidate.key, this.#worth(policy, candidate))
    }
  }

  #worth({ order }: Policy, { stamp, deadline }: Candidate): number {
    if (order === 'ttl') return -deadline
    return order === 'lfu' ? MOST_FREQUENT - this.#lfu.counterOf(stamp) : this.#keyspace.seconds - stamp
  }
}

interface Found {
  readonly db: Database
  readonly key: Candidate['key']
}
