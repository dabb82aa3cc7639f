/** Every command as a typed method. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { ConnectionMethods } from './connection.ts'
import type { GenericMethods } from './generic.ts'
import type { HashMethods } from './hash.ts'
import type { HyperloglogMethods } from './hyperloglog.ts'
import type { ListMethods } from './list.ts'
import type { PubsubMethods } from './pubsub.ts'
import type { ServerMethods } from './server.ts'
import type { SetMethods } from './set.ts'
import type { SortedSetMethods } from './sorted-set.ts'
import type { StreamMethods } from './stream.ts'
import type { StringMethods } from './string.ts'
import type { TransactionsMethods } from './transactions.ts'
import type { TriggersMethods } from './triggers.ts'

/** Every command as a method. */
export interface Methods
  extends ConnectionMethods,
    GenericMethods,
    HashMethods,
    HyperloglogMethods,
    ListMethods,
    PubsubMethods,
    ServerMethods,
    SetMethods,
    SortedSetMethods,
    StreamMethods,
    StringMethods,
    TransactionsMethods,
    TriggersMethods {}
