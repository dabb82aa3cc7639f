/** Typed methods of the connection commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The connection commands as methods. */
export interface ConnectionMethods<M, S> {
  /** `CLIENT GETNAME`: Tells the name of the connection. */
  client_getname(): Returned<M, S | null>
  /** `CLIENT GETREDIR`: Tells which connection hears of keys in the place of this one: 0 is itself, -1 that it does not track. */
  client_getredir(): Returned<M, number>
  /** `CLIENT HELP`: Describes the subcommands. */
  client_help(): Returned<M, string[]>
  /** `CLIENT ID`: Tells the number of the connection. */
  client_id(): Returned<M, number>
  /** `CLIENT INFO`: Prints the connection's line of CLIENT LIST. */
  client_info(): Returned<M, S>
  /** `CLIENT KILL [ip:port] [ID client-id] [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>]`: Closes the connection with an address, or all that fit every filter. */
  client_kill(options: {
    ipPort: Value
    id?: number
    type?: 'NORMAL' | 'MASTER' | 'SLAVE' | 'REPLICA' | 'PUBSUB'
    user?: Value
    addr?: Value
    laddr?: Value
    skipme?: 'YES' | 'NO'
  }): Returned<M, 'OK'>
  client_kill(options?: {
    ipPort?: Value
    id?: number
    type?: 'NORMAL' | 'MASTER' | 'SLAVE' | 'REPLICA' | 'PUBSUB'
    user?: Value
    addr?: Value
    laddr?: Value
    skipme?: 'YES' | 'NO'
  }): Returned<M, number>
  /** `CLIENT LIST [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB> | ID client-id [client-id ...]]`: Prints a line for each connection, for those of a type, or for those with given numbers. */
  client_list(options?: {
    type?: 'NORMAL' | 'MASTER' | 'SLAVE' | 'REPLICA' | 'PUBSUB'
    id?: number | readonly number[]
  }): Returned<M, S>
  /** `CLIENT NO-EVICT <ON | OFF>`: Keeps the connection from being closed to free memory, or no longer. */
  client_no_evict(enabled: 'ON' | 'OFF'): Returned<M, 'OK'>
  /** `CLIENT NO-TOUCH <ON | OFF>`: Has the commands of the connection not count as uses of keys, but for TOUCH, or count again. */
  client_no_touch(enabled: 'ON' | 'OFF'): Returned<M, 'OK'>
  /** `CLIENT PAUSE timeout [WRITE | ALL]`: Lets the commands of all connections wait for some milliseconds, or only those that write. */
  client_pause(timeout: number, options?: { mode?: 'WRITE' | 'ALL' }): Returned<M, 'OK'>
  /** `CLIENT SETINFO <LIB-NAME | LIB-VER> value`: Names the library behind the connection, or its version; an empty value takes it away. */
  client_setinfo(attribute: 'LIB-NAME' | 'LIB-VER', value: Value): Returned<M, 'OK'>
  /** `CLIENT SETNAME connection-name`: Names the connection; an empty name takes it away. */
  client_setname(connectionName: Value): Returned<M, 'OK'>
  /** `CLIENT TRACKINGINFO`: Tells whether and how the connection tracks keys. */
  client_trackinginfo(): Returned<M, { flags: Set<S>; redirect: number; prefixes: S[] }>
  /** `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`: Ends the wait of a blocked connection, as on timeout or with an error. */
  client_unblock(clientId: number, options?: { reason?: 'TIMEOUT' | 'ERROR' }): Returned<M, number>
  /** `CLIENT UNPAUSE`: Ends what CLIENT PAUSE began. */
  client_unpause(): Returned<M, 'OK'>
  /** `ECHO message`: Answers the message. */
  echo(message: Value): Returned<M, S>
  /** `PING [message]`: Answers PONG, or the message. */
  ping(options: { message: Value }): Returned<M, S>
  ping(options?: { message?: Value }): Returned<M, 'PONG'>
}
