/** Cluster commands. */
import type { Command } from '../command.ts'
import { cluster } from './cluster.ts'
import { asking, readonly, readwrite } from './redirection.ts'

export const clusterCommands: readonly Command[] = [cluster, asking, readonly, readwrite]
