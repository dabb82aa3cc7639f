/**
 * What the examples about functions and triggers print.
 */
export const FUNCTIONS: readonly { readonly file: string; readonly lines: readonly string[] }[] = [
  {
    file: 'examples/functions-auto-expire/functions-auto-expire.ts',
    lines: [
      'minutes for Ada: 60',
      'minutes for Bob: 60',
      'settings: kept',
      'inside the transaction the trigger has not run yet: true',
      'after it, it has: true',
    ],
  },
  {
    file: 'examples/functions-expired-keys/functions-expired-keys.ts',
    lines: [
      'free again: key reservation:17 held two seats for Ada',
      'free again: key reservation:18 held one seat for Bob',
      "still reserved: [ 'reservation:19' ]",
    ],
  },
  {
    file: 'examples/functions-enrichment/functions-enrichment.ts',
    lines: [
      "1-0 [ [ 'customer', '1' ], [ 'item', 'engine' ], [ 'name', 'Ada' ] ]",
      "3-0 [ [ 'customer', '1' ], [ 'item', 'punch cards' ], [ 'name', 'Ada' ] ]",
      'failed [',
      "  [ '_stream', 'orders:shop' ],",
      "  [ '_id', '2-0' ],",
      "  [ '_trigger', 'orders.enrich' ],",
      "  [ '_error', 'no customer 7' ],",
      "  [ '_attempts', '1' ],",
      "  [ 'customer', '7' ],",
      "  [ 'item', 'loom' ]",
      ']',
      'orders left: 0 0',
    ],
  },
  {
    file: 'examples/functions-write-behind/functions-write-behind.ts',
    lines: [
      'waiting for the database: 2',
      '[',
      "  { key: 'user:1', name: 'Ada', city: 'London' },",
      "  { key: 'user:2', name: 'Bob', city: 'Paris' }",
      ']',
      "[ { key: 'user:2', name: 'Bob', city: 'Rome' } ]",
    ],
  },
  {
    file: 'examples/functions-cached-count/functions-cached-count.ts',
    lines: ['in London: 250', 'still, from the cache: 250', 'kept for seconds: true', 'counted anew: 251'],
  },
  {
    file: 'examples/functions-rate-limiter/functions-rate-limiter.ts',
    lines: [
      "Ada's request 1: served",
      "Ada's request 2: served",
      "Ada's request 3: served",
      "Ada's request 4: refused",
      "Bob's request 1: served",
    ],
  },
]
