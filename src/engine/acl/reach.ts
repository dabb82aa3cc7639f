/**
 * Reach: the keys and channels that a line touches, and what it does to each key.
 *
 * The one idea: the grammar's key specs say it; a line that does not fit them reaches nothing, since all it will get is
 * the error of its syntax. Rights follow from what is done with the value (access, insert, update, delete), not from
 * whether the command writes.
 */
import type { Argv } from '../../base/bytes.ts'
import { type KeySpec, keyPositions } from '../../commands/args/key-specs.ts'
import type { Command } from '../../commands/command.ts'
import { KEY_RIGHT } from './patterns.ts'

/** A key's place in a line, and the rights that the command needs for it. */
export interface ReachedKey {
  readonly at: number
  readonly rights: number
}

const NOTHING: readonly ReachedKey[] = []

/** The keys that a line reaches, in the order of the command's key specs. */
export function keysReached(command: Command, argv: Argv): readonly ReachedKey[] {
  if (command.keySpecs.length === 0) return NOTHING
  const specs = command.keySpecs.filter(isKey)
  if (specs.length === 0) return NOTHING
  const varying = command.spec.keyAccess?.(argv).split(' ')
  return (keyPositions(specs, argv) ?? []).map(({ at, spec }) => ({ at, rights: rightsOf(varying ?? spec.flags) }))
}

/** Channels of shards stand where keys stand, and are none. */
const isKey = ({ flags }: KeySpec): boolean => !flags.includes('not_key')

function rightsOf(flags: readonly string[]): number {
  let rights = 0
  for (const flag of flags) {
    if (flag === 'access') rights |= KEY_RIGHT.read
    else if (flag === 'insert' || flag === 'update' || flag === 'delete') rights |= KEY_RIGHT.write
  }
  return rights
}

/** Where a command's channels stand. Leaving a channel needs no right. */
export interface ChannelReach {
  /** The last one's place; -1 is the end of the line. The first is the first argument. */
  readonly last: 1 | -1
  /** They are patterns, which must be allowed letter by letter. */
  readonly patterns: boolean
}

const CHANNELS: ReadonlyMap<string, ChannelReach> = new Map<string, ChannelReach>([
  ['PUBLISH', { last: 1, patterns: false }],
  ['SPUBLISH', { last: 1, patterns: false }],
  ['SUBSCRIBE', { last: -1, patterns: false }],
  ['SSUBSCRIBE', { last: -1, patterns: false }],
  ['PSUBSCRIBE', { last: -1, patterns: true }],
])

/** The channels that a command uses, if it uses any. */
export const channelsReached = ({ name }: Command): ChannelReach | undefined => CHANNELS.get(name)
