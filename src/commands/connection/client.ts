/** CLIENT: connections, one's own and the others'. */
import { container } from '../command.ts'
import { helpOf } from '../help.ts'
import { clientKill, clientList, clientUnblock } from './client-others.ts'
import { clientPause, clientUnpause } from './client-pause.ts'
import {
  clientGetname,
  clientId,
  clientInfo,
  clientNoEvict,
  clientNoTouch,
  clientReply,
  clientSetinfo,
  clientSetname,
} from './client-self.ts'
import { clientCaching, clientGetredir, clientTracking, clientTrackinginfo } from './client-tracking.ts'

/** CLIENT HELP */
const help = helpOf('CLIENT', { group: 'connection', since: '5.0.0' }, [
  ['CACHING (YES|NO)', 'Whether the keys of the next command are tracked, with OPTIN or OPTOUT.'],
  ['GETREDIR', 'The client that hears of changes in place of this one.'],
  ['GETNAME', 'The name of this connection.'],
  ['ID', 'The number of this connection.'],
  ['INFO', 'What is known of this connection.'],
  ['KILL <ip:port>', 'End the connection that comes from <ip:port>.'],
  [
    'KILL <option> <value> [<option> <value> [...]]',
    'End connections. Which:',
    '* ADDR (<ip:port>|<unixsocket>:0)',
    '  those that come from there',
    '* LADDR (<ip:port>|<unixsocket>:0)',
    '  those that came in there',
    '* TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
    '  those of this type',
    '* USER <username>',
    '  those signed in under this name',
    '* SKIPME (YES|NO)',
    "  whether one's own is spared (it is, when not said)",
  ],
  [
    'LIST [options ...]',
    'What is known of all connections. Options:',
    '* TYPE (NORMAL|MASTER|REPLICA|PUBSUB)',
    '  those of this type',
  ],
  ['UNPAUSE', 'Let paused clients go on.'],
  ['PAUSE <timeout> [WRITE|ALL]', 'Hold all commands back, or those that write, for <timeout> milliseconds.'],
  ['REPLY (ON|OFF|SKIP)', 'Whether this connection is answered.'],
  ['SETNAME <name>', 'Name this connection.'],
  ['UNBLOCK <clientid> [TIMEOUT|ERROR]', 'End the wait of a blocked client.'],
  [
    'TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]',
    '     [OPTIN] [OPTOUT] [NOLOOP]',
    'Whether this client hears of changes to keys that it has read.',
  ],
  ['TRACKINGINFO', 'How this connection is tracked.'],
  ['NO-EVICT (ON|OFF)', 'Whether this connection is spared when buffers take too much memory.'],
])

/** CLIENT */
export const client = container({
  name: 'CLIENT',
  group: 'connection',
  since: '2.4.0',
  summary: "Connections, one's own and the others'.",
  subcommands: [
    clientId,
    clientGetname,
    clientSetname,
    clientSetinfo,
    clientInfo,
    clientList,
    clientKill,
    clientUnblock,
    clientReply,
    clientNoEvict,
    clientNoTouch,
    clientTracking,
    clientTrackinginfo,
    clientCaching,
    clientGetredir,
    clientPause,
    clientUnpause,
    help,
  ],
  // Redis puts the container itself into no category.
  override: { groupAcl: [] },
})
