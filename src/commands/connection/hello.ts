/** AUTH and HELLO: who is there, and which protocol they speak. */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { MapReply, OK, ReplyError } from '../../base/reply.ts'
import { bytes, integer, option, optional, optionOf } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import { any, arrayOf, bulk, int, ok, record } from '../shape.ts'
import { checkName } from './name.ts'

const VERSION_INVALID = err('Protocol version is not an integer or out of range')
const UNSUPPORTED = new ReplyError('NOPROTO unsupported protocol version')
const NOAUTH = new ReplyError(
  'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time',
)
/** The version of Redis that clients may take us for. */
const VERSION = raw('7.0.15')

const flags = ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'] as const

/** The names of the two commands, where their words don't say how they were sent. */
const AUTH = raw('AUTH')
const HELLO = raw('HELLO')

interface Auth {
  username?: Bytes | undefined
  password: Bytes
  /** The command as it was sent: the log of refusals quotes it. */
  word?: Bytes
}

/** The optional word comes first. */
function readAuth(argv: Argv): Auth {
  if (argv.length > 3) throw SYNTAX
  const [word, first, second] = argv
  return second === undefined ? { password: first!, word: word! } : { username: first!, password: second, word: word! }
}

/** AUTH [username] password */
export const auth = command({
  name: 'AUTH',
  group: 'connection',
  since: '1.0.0',
  summary: 'Signs the connection in.',
  complexity: 'O(N), N passwords of the user',
  flags,
  args: [optional(bytes('username')), bytes('password')],
  parse: readAuth,
  reply: ok,
  run: ({ client, server }: Context, { username, password, word = AUTH }: Auth) => {
    server.acl.authenticate(client, username, password, word)
    return OK
  },
})

interface Hello {
  protover?: number | undefined
  auth?: readonly [username: Bytes, password: Bytes] | undefined
  clientname?: Bytes | undefined
  /** The command as it was sent. */
  word?: Bytes
}

/** Options have an error of their own, which names the word as it came. */
function readHello(argv: Argv): Hello {
  const hello: Hello = { word: argv[0]! }
  if (argv.length > 1) hello.protover = readVersion(argv[1]!)
  for (let i = 2; i < argv.length; i++) {
    const word = upper(argv[i]!)
    if (word === 'AUTH' && i + 2 < argv.length) {
      hello.auth = [argv[i + 1]!, argv[i + 2]!]
      i += 2
    } else if (word === 'SETNAME' && i + 1 < argv.length) {
      hello.clientname = checkName(argv[++i]!)
    } else throw err(`Syntax error in HELLO option '${argv[i]!}'`)
  }
  return hello
}

function readVersion(word: Bytes): number {
  const version = Number(readInt64(word, { invalid: VERSION_INVALID }))
  if (version !== 2 && version !== 3) throw UNSUPPORTED
  return version
}

/** HELLO [protover [AUTH username password] [SETNAME clientname]] */
export const hello = command({
  name: 'HELLO',
  group: 'connection',
  since: '6.0.0',
  summary: 'Chooses the protocol, and signs in and names the connection if asked to.',
  complexity: 'O(1)',
  flags,
  args: [
    optional(integer('protover')),
    optionOf('auth', 'AUTH', [bytes('username'), bytes('password')]),
    option('SETNAME', bytes('clientname')),
  ],
  parse: readHello,
  reply: record({ server: bulk, version: bulk, proto: int, id: int, mode: bulk, role: bulk, modules: arrayOf(any) }),
  run: ({ client, server, keyspace }: Context, { protover, auth, clientname, word = HELLO }: Hello) => {
    if (auth !== undefined) server.acl.authenticate(client, auth[0], auth[1], word)
    if (!server.acl.isAuthenticated(client)) throw NOAUTH
    if (clientname !== undefined) client.name = clientname
    if (protover === 2 || protover === 3) server.clients.setProtocol(client, protover)
    const role = raw(keyspace.role === 'primary' ? 'master' : 'replica')
    return new MapReply([
      raw('server'),
      raw('redis'),
      raw('version'),
      VERSION,
      raw('proto'),
      client.protocol,
      raw('id'),
      client.id,
      raw('mode'),
      raw('standalone'),
      raw('role'),
      role,
      raw('modules'),
      [],
    ])
  },
})
