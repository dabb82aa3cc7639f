/** Typed methods of the connection commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The connection commands as methods. */
export interface ConnectionMethods {
  /** `AUTH [username] password`: Signs the connection in. */
  auth(password: Text, options?: { username?: Text }): Promise<'OK'>
  /** `CLIENT GETNAME`: Tells the name of the connection. */
  client_getname(): Promise<string | null>
  /** `CLIENT HELP`: Describes the subcommands. */
  client_help(): Promise<string[]>
  /** `CLIENT ID`: Tells the number of the connection. */
  client_id(): Promise<number>
  /** `CLIENT INFO`: Prints the connection's line of CLIENT LIST. */
  client_info(): Promise<string>
  /** `CLIENT KILL [ip:port] [ID client-id] [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>]`: Closes the connection with an address, or all that fit every filter. */
  client_kill(options: {
    ipPort: Text
    clientId?: number
    type?: 'NORMAL' | 'MASTER' | 'SLAVE' | 'REPLICA' | 'PUBSUB'
    username?: Text
    addr?: Text
    laddr?: Text
    skipme?: 'YES' | 'NO'
  }): Promise<'OK'>
  client_kill(options?: {
    ipPort?: Text
    clientId?: number
    type?: 'NORMAL' | 'MASTER' | 'SLAVE' | 'REPLICA' | 'PUBSUB'
    username?: Text
    addr?: Text
    laddr?: Text
    skipme?: 'YES' | 'NO'
  }): Promise<number>
  /** `CLIENT LIST [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB> | ID client-id [client-id ...]]`: Prints a line for each connection, for those of a type, or for those with given numbers. */
  client_list(options?: {
    type?: 'NORMAL' | 'MASTER' | 'SLAVE' | 'REPLICA' | 'PUBSUB'
    ids?: readonly number[]
  }): Promise<string>
  /** `CLIENT NO-EVICT <ON | OFF>`: Keeps the connection from being closed to free memory, or no longer. */
  client_no_evict(enabled: 'ON' | 'OFF'): Promise<'OK'>
  /** `CLIENT REPLY <ON | OFF | SKIP>`: Turns replies off, on again, or off for one command. */
  client_reply(mode: 'ON' | 'OFF' | 'SKIP'): Promise<'OK'>
  /** `CLIENT SETNAME connection-name`: Names the connection; an empty name takes it away. */
  client_setname(connectionName: Text): Promise<'OK'>
  /** `CLIENT UNBLOCK client-id [TIMEOUT | ERROR]`: Ends the wait of a blocked connection, as on timeout or with an error. */
  client_unblock(clientId: number, options?: { reason?: 'TIMEOUT' | 'ERROR' }): Promise<number>
  /** `ECHO message`: Answers the message. */
  echo(message: Text): Promise<string>
  /** `HELLO [protover [AUTH username password] [SETNAME clientname]]`: Chooses the protocol, and signs in and names the connection if asked to. */
  hello(options?: { protover?: number; auth?: readonly [Text, Text]; clientname?: Text }): Promise<{
    server: string
    version: string
    proto: number
    id: number
    mode: string
    role: string
    modules: unknown[]
  }>
  /** `PING [message]`: Answers PONG, or the message. */
  ping(options: { message: Text }): Promise<string>
  ping(options?: { message?: Text }): Promise<'PONG'>
  /** `QUIT`: Closes the connection once all replies are sent. */
  quit(): Promise<'OK'>
  /** `RESET`: Puts the connection back to the state of a new one. */
  reset(): Promise<'RESET'>
  /** `SELECT index`: Chooses the database that the connection works on. */
  select(index: number): Promise<'OK'>
}
