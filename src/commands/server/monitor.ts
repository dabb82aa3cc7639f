/** MONITOR: every command that runs, as it runs. */
import { err } from '../../base/errors.ts'
import { NO_REPLY, OK } from '../../base/reply.ts'
import { command } from '../command.ts'
import { ok } from '../shape.ts'

const NEEDS_A_CONNECTION = err("MONITOR isn't allowed for DENY BLOCKING client")

/** MONITOR */
export const monitor = command({
  name: 'MONITOR',
  group: 'server',
  since: '1.0.0',
  summary: 'Shows the connection every command that runs from now on, until RESET.',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: [],
  reply: ok,
  run: ({ client, server, denyBlocking }) => {
    if (denyBlocking) throw NEEDS_A_CONNECTION
    // Who monitors already is not even answered.
    if (client.monitors) return NO_REPLY
    server.monitors.add(client)
    return OK
  },
})
