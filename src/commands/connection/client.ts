/** CLIENT: connections, one's own and the others'. */
import { Status } from '../../base/reply.ts'
import { command, container } from '../command.ts'
import { arrayOf, status } from '../shape.ts'
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

const HELP = `CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
CACHING (YES|NO)
    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.
GETREDIR
    Return the client ID we are redirecting to when tracking is enabled.
GETNAME
    Return the name of the current connection.
ID
    Return the ID of the current connection.
INFO
    Return information about the current client connection.
KILL <ip:port>
    Kill connection made from <ip:port>.
KILL <option> <value> [<option> <value> [...]]
    Kill connections. Options are:
    * ADDR (<ip:port>|<unixsocket>:0)
      Kill connections made from the specified address
    * LADDR (<ip:port>|<unixsocket>:0)
      Kill connections made to specified local address
    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)
      Kill connections by type.
    * USER <username>
      Kill connections authenticated by <username>.
    * SKIPME (YES|NO)
      Skip killing current connection (default: yes).
LIST [options ...]
    Return information about client connections. Options:
    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)
      Return clients of specified type.
UNPAUSE
    Stop the current client pause, resuming traffic.
PAUSE <timeout> [WRITE|ALL]
    Suspend all, or just write, clients for <timeout> milliseconds.
REPLY (ON|OFF|SKIP)
    Control the replies sent to the current connection.
SETNAME <name>
    Assign the name <name> to the current connection.
UNBLOCK <clientid> [TIMEOUT|ERROR]
    Unblock the specified blocked client.
TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]
         [OPTIN] [OPTOUT] [NOLOOP]
    Control server assisted client side caching.
TRACKINGINFO
    Report tracking status for the current connection.
NO-EVICT (ON|OFF)
    Protect current client connection from eviction.
HELP
    Prints this help.`
  .split('\n')
  .map((line) => new Status(line))

/** CLIENT HELP */
const help = command({
  name: 'CLIENT|HELP',
  group: 'connection',
  since: '5.0.0',
  summary: 'Describes the subcommands.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  args: [],
  reply: arrayOf(status()),
  run: () => HELP,
})

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
