/**
 * What users hear of a refusal. The same refusal has other words where it comes from: a line, EXEC, a library.
 */
import type { Bytes } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import type { Command } from '../../commands/command.ts'
import type { Denial } from './selector.ts'

export const WRONGPASS = new ReplyError('WRONGPASS invalid username-password pair or user is disabled.')
export const NO_PASSWORD = new ReplyError(
  'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
)
export const NO_FILE = new ReplyError(
  'ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store users in the Redis configuration.',
)
export const NOT_SAVED = new ReplyError(
  'ERR There was an error trying to save the ACLs. Please check the server logs for more information',
)
/** The user for whom a library acts was removed or switched off. */
export const USER_GONE = new ReplyError('User does not exists or disabled')

const NO_KEY = new ReplyError('NOPERM this user has no permissions to access one of the keys used as arguments')
const NO_CHANNEL = new ReplyError('NOPERM this user has no permissions to access one of the channels used as arguments')

/** The error of a line. */
export function noPermission({ reason }: Denial, { lowerName }: Command): ReplyError {
  if (reason === 'command')
    return new ReplyError(`NOPERM this user has no permissions to run the '${lowerName}' command`)
  return reason === 'key' ? NO_KEY : NO_CHANNEL
}

const changed = (why: string): ReplyError =>
  new ReplyError(
    `NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This command is no longer allowed for the following reason: ${why}`,
  )
const IN_EXEC = {
  command: changed('no permission to execute the command or subcommand'),
  key: changed('no permission to touch the specified keys'),
  channel: changed('no permission to access one of the channels used as arguments'),
}

/** The error of a line in EXEC that was allowed when it was queued. */
export const inExec = ({ reason }: Denial): ReplyError => IN_EXEC[reason]

const unable = (what: string): ReplyError => new ReplyError(`ERR The user executing the script can't ${what}`)
const IN_SCRIPT = {
  command: unable('run this command or subcommand'),
  key: unable('access at least one of the keys mentioned in the command arguments'),
  channel: unable('publish to the channel mentioned in the command'),
}

/** The error of a script's command. */
export const inScript = ({ reason }: Denial): ReplyError => IN_SCRIPT[reason]

const LIBRARY_KEY = new ReplyError('NOPERM No permissions to access a key')
const LIBRARY_CHANNEL = new ReplyError('NOPERM No permissions to access a channel')

/** The error of a library's command. */
export function inLibrary({ reason }: Denial, { lowerName }: Command, user: Bytes): ReplyError {
  if (reason === 'command')
    return new ReplyError(`NOPERM User ${user} has no permissions to run the '${lowerName}' command`)
  return reason === 'key' ? LIBRARY_KEY : LIBRARY_CHANNEL
}
