/** ACL SETUSER, DELUSER, GETUSER, LIST, USERS and WHOAMI: who there is and what they may do. */
import { raw } from '../../base/bytes.ts'
import { MapReply, OK, type Reply, SetReply } from '../../base/reply.ts'
import { bytes, many } from '../args/nodes.ts'
import { command } from '../command.ts'
import { arrayOf, bulk, int, nullable, ok, record, setOf } from '../shape.ts'
import type { SelectorView } from './port.ts'

const common = {
  group: 'server',
  flags: ['admin', 'noscript', 'loading', 'stale'],
} as const

/** ACL SETUSER username [rule [rule ...]] */
export const aclSetuser = command({
  ...common,
  name: 'ACL|SETUSER',
  since: '6.0.0',
  summary: 'Makes a user, or changes its rules: all of those given or, when one is wrong, none.',
  complexity: 'O(N), N rules given',
  args: [bytes('username'), many('rules', bytes('rule'), 0)],
  reply: ok,
  run: ({ server, client }, { username, rules }) => {
    server.acl.setUser(username, rules, client)
    return OK
  },
})

/** ACL DELUSER username [username ...] */
export const aclDeluser = command({
  ...common,
  name: 'ACL|DELUSER',
  since: '6.0.0',
  summary: 'Removes users and closes their connections.',
  complexity: 'O(N), N connections',
  args: [many('usernames', bytes('username'))],
  reply: int,
  run: ({ server, client }, { usernames }) => server.acl.deleteUsers(usernames, client),
})

const fieldsOf = ({ commands, keys, channels }: SelectorView): Reply[] => [
  raw('commands'),
  commands,
  raw('keys'),
  keys,
  raw('channels'),
  channels,
]

const SELECTOR = { commands: bulk, keys: bulk, channels: bulk }

/** ACL GETUSER username */
export const aclGetuser = command({
  ...common,
  name: 'ACL|GETUSER',
  since: '6.0.0',
  summary: 'Tells the rules of a user.',
  complexity: 'O(N), N passwords, commands and patterns of the user',
  args: [bytes('username')],
  reply: nullable(
    record({ flags: setOf(bulk), passwords: arrayOf(bulk), ...SELECTOR, selectors: arrayOf(record(SELECTOR)) }),
  ),
  run: ({ server }, { username }) => {
    const user = server.acl.view(username)
    if (user === undefined) return null
    return new MapReply([
      raw('flags'),
      new SetReply(user.flags),
      raw('passwords'),
      user.passwords,
      ...fieldsOf(user.own),
      raw('selectors'),
      user.others.map((selector) => new MapReply(fieldsOf(selector))),
    ])
  },
})

/** ACL LIST */
export const aclList = command({
  ...common,
  name: 'ACL|LIST',
  since: '6.0.0',
  summary: 'Lists the users as lines of an ACL file.',
  complexity: 'O(N), N users',
  args: [],
  reply: arrayOf(bulk),
  run: ({ server }) => server.acl.lines,
})

/** ACL USERS */
export const aclUsers = command({
  ...common,
  name: 'ACL|USERS',
  since: '6.0.0',
  summary: 'Lists the names of the users.',
  complexity: 'O(N), N users',
  args: [],
  reply: arrayOf(bulk),
  run: ({ server }) => server.acl.userNames,
})

/** ACL WHOAMI */
export const aclWhoami = command({
  ...common,
  name: 'ACL|WHOAMI',
  since: '6.0.0',
  summary: "Tells the name of the connection's user.",
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: [],
  reply: bulk,
  run: ({ client }) => client.user,
})
