/** BGREWRITEAOF: the log written anew from the data. */
import { command } from '../command.ts'
import { status } from '../shape.ts'
import { NO_FOLDER } from './persistence-service.ts'

/** BGREWRITEAOF */
export const bgrewriteaof = command({
  name: 'BGREWRITEAOF',
  group: 'server',
  since: '1.0.0',
  summary: 'Writes the append-only log anew, as short as the data allows, while everyone is served.',
  complexity: 'O(1), and in the background O(N), N bytes of the data',
  flags: ['admin', 'noscript', 'no_async_loading'],
  args: [],
  reply: status('Background append only file rewriting started', 'Background append only file rewriting scheduled'),
  run: ({ server }) => {
    const { persistence } = server.services
    if (persistence === undefined) throw NO_FOLDER
    return persistence.rewriteLog()
  },
})
