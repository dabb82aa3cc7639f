/** WATCH and UNWATCH: keys whose change makes EXEC do nothing. */
import { OK } from '../../base/reply.ts'
import { key, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import { ok } from '../shape.ts'

const FLAGS = ['noscript', 'loading', 'stale', 'fast', 'allow_busy'] as const

/** WATCH key [key ...] */
export const watch = command({
  name: 'WATCH',
  group: 'transactions',
  since: '2.2.0',
  summary: 'Watches keys: when one changes before EXEC, the transaction is not run.',
  complexity: 'O(N), N keys',
  flags: FLAGS,
  args: [many('keys', key('key', 'RO'))],
  reply: ok,
  run: ({ client, server }, { keys }) => {
    server.transactions.watch(client, keys)
    return OK
  },
})

/** UNWATCH */
export const unwatch = command({
  name: 'UNWATCH',
  group: 'transactions',
  since: '2.2.0',
  summary: 'Forgets the watched keys.',
  complexity: 'O(N), N keys watched',
  flags: FLAGS,
  args: [],
  reply: ok,
  run: ({ client, server }) => {
    server.transactions.unwatch(client)
    return OK
  },
})
