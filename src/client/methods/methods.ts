/** Every command as a typed method. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { BitmapMethods } from './bitmap.ts'
import type { ClusterMethods } from './cluster.ts'
import type { ConnectionMethods } from './connection.ts'
import type { GenericMethods } from './generic.ts'
import type { GeoMethods } from './geo.ts'
import type { HashMethods } from './hash.ts'
import type { HyperloglogMethods } from './hyperloglog.ts'
import type { ListMethods } from './list.ts'
import type { PubsubMethods } from './pubsub.ts'
import type { ServerMethods } from './server.ts'
import type { SetMethods } from './set.ts'
import type { SortedSetMethods } from './sorted-set.ts'
import type { StreamMethods } from './stream.ts'
import type { StringMethods } from './string.ts'
import type { TriggersMethods } from './triggers.ts'

/** Every command as a method. */
export interface Methods<M, S>
  extends BitmapMethods<M>,
    ClusterMethods<M>,
    ConnectionMethods<M, S>,
    GenericMethods<M, S>,
    GeoMethods<M, S>,
    HashMethods<M, S>,
    HyperloglogMethods<M>,
    ListMethods<M, S>,
    PubsubMethods<M, S>,
    ServerMethods<M, S>,
    SetMethods<M, S>,
    SortedSetMethods<M, S>,
    StreamMethods<M, S>,
    StringMethods<M, S>,
    TriggersMethods<M, S> {}
