/**
 * Revoked: subscribers that a change of rules leaves without the right to what they listen to.
 *
 * The one idea: rules are compared as they are written. While every pattern that a user had is still there, or all
 * channels are open, nobody is looked at; otherwise a client must be covered by what is there now.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Client } from '../../commands/client.ts'
import { matchesAny } from './patterns.ts'
import type { User } from './user.ts'

/** Whether a client of a user listens to something that the user's new rules no longer allow. */
export function loses(client: Client, before: User, after: User): boolean {
  if (client.subscriptions === 0 || after.selectors.some(({ channels }) => channels.all)) return false
  const allowed = patternsOf(after)
  const keptAll = !before.selectors.some(({ channels }) => channels.all)
  if (keptAll && [...patternsOf(before)].every((pattern) => allowed.has(pattern))) return false
  const lost = (isPattern: boolean) => (name: Bytes) => !matchesAny(allowed, name, isPattern)
  return (
    [...client.patterns].some(lost(true)) ||
    [...client.channels].some(lost(false)) ||
    [...client.shardChannels].some(lost(false))
  )
}

/** The channel patterns of all selectors. */
const patternsOf = ({ selectors }: User): ReadonlySet<Bytes> =>
  new Set(selectors.flatMap(({ channels }) => [...channels.patterns]))
