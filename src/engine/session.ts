/**
 * Session: one client's view of the engine, which is the context its commands run in.
 *
 * The one idea: made once per client, so that running a command sets nothing up.
 */
import type { Bytes } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import type { Client } from '../commands/client.ts'
import type { Context, ServerPorts } from '../commands/context.ts'
import type { Database } from '../keyspace/database.ts'
import type { Keyspace } from '../keyspace/keyspace.ts'

/** What `execute` gives instead of a reply when the client was parked: its outlet gets the reply later. */
export const PARKED = undefined

export class Session implements Context {
  readonly client: Client
  readonly keyspace: Keyspace
  readonly random: Random
  readonly server: ServerPorts
  wakeKey: Bytes | undefined = undefined
  /** Whether the time that its commands take is measured: a look at the clock for each. Servers want it. */
  timed = false
  denyBlocking: boolean
  /** -1 for a client. For code of a library: how many triggers, one fired by the other, stand between it and a client. */
  chain = -1

  constructor(client: Client, keyspace: Keyspace, random: Random, server: ServerPorts) {
    this.client = client
    this.keyspace = keyspace
    this.random = random
    this.server = server
    this.denyBlocking = client.denyBlocking
  }

  get now(): number {
    return this.keyspace.now
  }

  get db(): Database {
    return this.keyspace.databases[this.client.db]!
  }
}
