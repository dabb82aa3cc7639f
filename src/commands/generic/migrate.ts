/**
 * MIGRATE: keys go to another server, and leave this one when they are there.
 *
 * The one idea: the words are read here, the travelling is a service's (`services.migration`), which owes the reply: a key
 * goes only when the other server has said that it has it. Where nobody can wait (MULTI, libraries) it is refused before
 * anything is sent.
 */
import { type Argv, type Bytes, EMPTY, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { Status } from '../../base/reply.ts'
import type { KeySpec } from '../args/key-specs.ts'
import { type Args, bytes, flag, integer, key, lastOf, option, optionOf, perKey } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import { command } from '../command.ts'
import type { Context } from '../context.ts'
import type { Outcome } from '../outcome.ts'

const NOKEY = new Status('NOKEY')
const KEY_AND_KEYS = err('When using MIGRATE KEYS option, the key argument must be set to the empty string')
const NOBODY_WAITS = err('MIGRATE waits for another server: it cannot be used inside MULTI, scripts and libraries')
const NO_SOCKETS = err('MIGRATE is not available on this engine: it has no way to other servers')
/** What a timeout of 0 or less means. */
const DEFAULT_TIMEOUT_MS = 1000
/** The first word that may be an option. */
const OPTIONS_AT = 6

const ARGS = [
  bytes('host'),
  integer('port'),
  key('key', 'RW access delete'),
  integer('destination-db'),
  integer('timeout'),
  flag('COPY'),
  flag('REPLACE'),
  ...lastOf(
    'authentication',
    option('AUTH', bytes('password')),
    optionOf('credentials', 'AUTH2', [bytes('username'), bytes('password')]),
  ),
  perKey('KEYS', 'keys', key('key', 'RW access delete incomplete')),
] as const

interface Options {
  copy?: true
  replace?: true
  password?: Bytes
  credentials?: readonly [Bytes, Bytes]
  keys?: readonly Bytes[]
}

/** Reads the options; the rest of the words are keys once KEYS is met. */
function readOptions(argv: Argv): Options {
  const options: Options = {}
  for (let i = OPTIONS_AT; i < argv.length; i++) {
    const left = argv.length - 1 - i
    const word = upper(argv[i]!)
    if (word === 'COPY') options.copy = true
    else if (word === 'REPLACE') options.replace = true
    else if (word === 'AUTH' && left >= 1) {
      delete options.credentials
      options.password = argv[++i]!
    } else if (word === 'AUTH2' && left >= 2) {
      delete options.password
      options.credentials = [argv[++i]!, argv[++i]!]
    } else if (word === 'KEYS') {
      if (argv[3] !== EMPTY) throw KEY_AND_KEYS
      options.keys = argv.slice(i + 1)
      return options
    } else throw SYNTAX
  }
  return options
}

function read(argv: Argv): Args<typeof ARGS> {
  const options = readOptions(argv)
  const timeout = readInteger(argv[5]!)
  return {
    ...options,
    host: argv[1]!,
    // As C's atoi reads it: what is no number is no port, and nobody answers there.
    port: Number.parseInt(argv[2]!, 10) || 0,
    key: argv[3]!,
    timeout: timeout <= 0 ? DEFAULT_TIMEOUT_MS : timeout,
    'destination-db': readInteger(argv[4]!),
  }
}

/** Where the keys stand: behind KEYS when the one in front is empty. Undefined where it is not. */
function keysAt(argv: Argv): readonly number[] | undefined {
  for (let i = OPTIONS_AT; i < argv.length; i++) {
    const word = upper(argv[i]!)
    if (word === 'AUTH') i++
    else if (word === 'AUTH2') i += 2
    else if (word === 'KEYS') {
      return argv[3] === EMPTY ? Array.from({ length: argv.length - i - 1 }, (_, n) => i + 1 + n) : undefined
    }
  }
  return argv.length > 3 ? [3] : []
}

const FLAGS = ['RW', 'access', 'delete']
// Redis says of the second that it is not all there is to it, and looks for itself.
const KEY_SPECS: readonly KeySpec[] = [
  { flags: FLAGS, begin: { index: 3 }, find: { lastKey: 0, step: 1, limit: 0 }, where: keysAt },
  {
    flags: [...FLAGS, 'incomplete'],
    begin: { keyword: 'KEYS', from: -2 },
    find: { lastKey: -1, step: 1, limit: 0 },
    where: () => [],
  },
]

function run({ db, client, denyBlocking, server }: Context, args: Args<typeof ARGS>): Outcome {
  const { key, keys = [key], password, credentials } = args
  const found = [...new Set(keys.filter((each) => db.findAny(each) !== undefined))]
  if (found.length === 0) return NOKEY
  if (denyBlocking) throw NOBODY_WAITS
  const { migration } = server.services
  if (migration === undefined) throw NO_SOCKETS
  return migration.migrate({
    host: args.host,
    port: args.port,
    db: client.db,
    keys: found,
    targetDb: args['destination-db'],
    timeoutMs: args.timeout,
    copy: args.copy === true,
    replace: args.replace === true,
    auth: credentials ?? (password === undefined ? undefined : [password]),
  })
}

/** MIGRATE host port key destination-db timeout [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key [key ...]] */
export const migrate = command({
  name: 'MIGRATE',
  group: 'generic',
  since: '2.6.0',
  summary: 'Sends keys to another server, and removes them here once they are there.',
  complexity: 'O(N), N bytes of the values, twice: here, and there',
  flags: ['write'],
  acl: ['keyspace', 'dangerous'],
  args: ARGS,
  parse: read,
  override: { keySpecs: KEY_SPECS },
  reply: { kind: 'status', names: ['OK', 'NOKEY'] },
  tips: ['nondeterministic_output'],
  run,
  // What leaves is reported by the service, when it leaves.
  effects: () => [],
})
