/** MULTI, EXEC and DISCARD: commands kept back and run as one unit. */
import { err } from '../../base/errors.ts'
import { OK } from '../../base/reply.ts'
import { command } from '../command.ts'
import { any, arrayOf, nullable, ok } from '../shape.ts'

const EXEC_ALONE = err('EXEC without MULTI')
const DISCARD_ALONE = err('DISCARD without MULTI')

/** MULTI */
export const multi = command({
  name: 'MULTI',
  group: 'transactions',
  since: '1.2.0',
  summary: 'Begins a transaction: the commands that follow wait for EXEC.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  args: [],
  reply: ok,
  run: ({ client, server }) => {
    server.transactions.begin(client)
    return OK
  },
})

/** EXEC */
export const exec = command({
  name: 'EXEC',
  group: 'transactions',
  since: '1.2.0',
  summary: 'Runs the commands queued since MULTI, unless a watched key has changed.',
  complexity: 'What the queued commands cost',
  flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
  args: [],
  reply: nullable(arrayOf(any)),
  run: ({ client, server }) => {
    if (client.transaction === undefined) throw EXEC_ALONE
    return server.transactions.exec(client)
  },
})

/** DISCARD */
export const discard = command({
  name: 'DISCARD',
  group: 'transactions',
  since: '2.0.0',
  summary: 'Drops the commands queued since MULTI and forgets the watched keys.',
  complexity: 'O(N), N commands queued',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  args: [],
  reply: ok,
  run: ({ client, server }) => {
    if (client.transaction === undefined) throw DISCARD_ALONE
    server.transactions.discard(client)
    return OK
  },
})
