/** ACL: users, and what they may do. */
import { container } from '../command.ts'
import { helpOf } from '../help.ts'
import { aclLoad, aclLog, aclSave } from './log.ts'
import { aclCat, aclDryrun, aclGenpass } from './tools.ts'
import { aclDeluser, aclGetuser, aclList, aclSetuser, aclUsers, aclWhoami } from './users.ts'

/** ACL HELP */
const help = helpOf('ACL', { group: 'server', since: '6.0.0' }, [
  ['CAT [<category>]', 'The commands of <category>, or the names of all', 'categories.'],
  ['DELUSER <username> [<username> ...]', 'Remove users, and end their connections.'],
  ['DRYRUN <username> <command> [<arg> ...]', 'Whether a user might run this line; nothing is run.'],
  ['GETUSER <username>', 'What a user may do.'],
  ['GENPASS [<bits>]', 'A random password of 256 bits, or of as many', 'as <bits> says.'],
  ['LIST', 'All users, as a file has them.'],
  ['LOAD', 'Read the ACL file again.'],
  ['LOG [<count> | RESET]', 'What was refused, newest first; or forget it.'],
  ['SAVE', 'Write all users to the ACL file.'],
  ['SETUSER <username> <attribute> [<attribute> ...]', 'Make a user, or change what one may do.'],
  ['USERS', 'The names of all users.'],
  ['WHOAMI', 'The name under which this client is signed in.'],
])

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
