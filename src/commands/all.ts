/** Every command there is, group by group. */
import { bitmapCommands } from './bitmap/index.ts'
import { clusterCommands } from './cluster/index.ts'
import type { Command } from './command.ts'
import { connectionCommands } from './connection/index.ts'
import { genericCommands } from './generic/index.ts'
import { geoCommands } from './geo/index.ts'
import { hashCommands } from './hash/index.ts'
import { hyperloglogCommands } from './hyperloglog/index.ts'
import { listCommands } from './list/index.ts'
import { pubsubCommands } from './pubsub/index.ts'
import { serverCommands } from './server/index.ts'
import { setCommands } from './set/index.ts'
import { sortedSetCommands } from './sorted-set/index.ts'
import { streamCommands } from './stream/index.ts'
import { stringCommands } from './string/index.ts'
import { transactionsCommands } from './transactions/index.ts'
import { triggersCommands } from './triggers/index.ts'

export const allCommands: readonly Command[] = [
  ...stringCommands,
  ...bitmapCommands,
  ...genericCommands,
  ...listCommands,
  ...hashCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...streamCommands,
  ...hyperloglogCommands,
  ...geoCommands,
  ...pubsubCommands,
  ...transactionsCommands,
  ...connectionCommands,
  ...serverCommands,
  ...clusterCommands,
  ...triggersCommands,
]
