/** ACL: users, and what they may do. */
import { Status } from '../../base/reply.ts'
import { command, container } from '../command.ts'
import { arrayOf, status } from '../shape.ts'
import { aclLoad, aclLog, aclSave } from './log.ts'
import { aclCat, aclDryrun, aclGenpass } from './tools.ts'
import { aclDeluser, aclGetuser, aclList, aclSetuser, aclUsers, aclWhoami } from './users.ts'

const HELP = `ACL <subcommand> [<arg> [value] [opt] ...]. Subcommands are:
CAT [<category>]
    List all commands that belong to <category>, or all command categories
    when no category is specified.
DELUSER <username> [<username> ...]
    Delete a list of users.
DRYRUN <username> <command> [<arg> ...]
    Returns whether the user can execute the given command without executing the command.
GETUSER <username>
    Get the user's details.
GENPASS [<bits>]
    Generate a secure 256-bit user password. The optional \`bits\` argument can
    be used to specify a different size.
LIST
    Show users details in config file format.
LOAD
    Reload users from the ACL file.
LOG [<count> | RESET]
    Show the ACL log entries.
SAVE
    Save the current config to the ACL file.
SETUSER <username> <attribute> [<attribute> ...]
    Create or modify a user with the specified attributes.
USERS
    List all the registered usernames.
WHOAMI
    Return the current connection username.
HELP
    Prints this help.`
  .split('\n')
  .map((line) => new Status(line))

/** ACL HELP */
const help = command({
  name: 'ACL|HELP',
  group: 'server',
  since: '6.0.0',
  summary: 'Describes the subcommands.',
  complexity: 'O(1)',
  flags: ['loading', 'stale'],
  args: [],
  reply: arrayOf(status()),
  run: () => HELP,
})

/** ACL */
export const acl = container({
  name: 'ACL',
  group: 'server',
  since: '6.0.0',
  summary: 'Users, and what they may do.',
  subcommands: [
    aclCat,
    aclDeluser,
    aclDryrun,
    aclGenpass,
    aclGetuser,
    aclList,
    aclLoad,
    aclLog,
    aclSave,
    aclSetuser,
    aclUsers,
    aclWhoami,
    help,
  ],
})
