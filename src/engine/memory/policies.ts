/** Policies: the words of `maxmemory-policy`, and what each means. */

/** Which keys may go, and which of them goes first. */
export interface Policy {
  /** Only keys that have a deadline may go. */
  readonly volatile: boolean
  readonly order: 'lru' | 'lfu' | 'ttl' | 'random'
}

const policy = (volatile: boolean, order: Policy['order']): Policy => ({ volatile, order })

/** Policies by name; `noeviction` takes nothing, so it has none. */
export const POLICIES: Readonly<Record<string, Policy | undefined>> = {
  'volatile-lru': policy(true, 'lru'),
  'volatile-lfu': policy(true, 'lfu'),
  'volatile-random': policy(true, 'random'),
  'volatile-ttl': policy(true, 'ttl'),
  'allkeys-lru': policy(false, 'lru'),
  'allkeys-lfu': policy(false, 'lfu'),
  'allkeys-random': policy(false, 'random'),
  noeviction: undefined,
}
