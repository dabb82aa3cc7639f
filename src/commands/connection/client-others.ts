/** CLIENT LIST, KILL and UNBLOCK: what one connection sees of the others and does to them. */
import { type Argv, type Bytes, raw, upper } from '../../base/bytes.ts'
import { err, SYNTAX } from '../../base/errors.ts'
import { OK, Verbatim } from '../../base/reply.ts'
import { type Args, bytes, called, choice, integer, many, oneOf, option, optional } from '../args/nodes.ts'
import { readInteger } from '../args/values.ts'
import type { Client } from '../client.ts'
import { command } from '../command.ts'
import { bulk, int, ok, when } from '../shape.ts'
import { type ClientType, lineOf, typeOf } from './client-line.ts'

const INVALID_ID = err('Invalid client ID')
const ID_NOT_POSITIVE = err('client-id should be greater than 0')
const NO_SUCH_CLIENT = err('No such client')
const BAD_REASON = err('CLIENT UNBLOCK reason should be TIMEOUT or ERROR')

const common = {
  group: 'connection',
  flags: ['admin', 'noscript', 'loading', 'stale'],
} as const

const TYPES = ['NORMAL', 'MASTER', 'SLAVE', 'REPLICA', 'PUBSUB'] as const
type TypeWord = (typeof TYPES)[number]
/** What each word asks for; `slave` is the old word for a replica. */
const TYPE_OF: Readonly<Record<TypeWord, ClientType>> = {
  NORMAL: 'normal',
  MASTER: 'master',
  SLAVE: 'replica',
  REPLICA: 'replica',
  PUBSUB: 'pubsub',
}

function typeWord(word: Bytes): TypeWord {
  const folded: string = upper(word)
  const type = TYPES.find((known) => known === folded)
  if (type === undefined) throw err(`Unknown client type '${word}'`)
  return type
}

/** CLIENT LIST [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB> | ID client-id [client-id ...]] */
export const clientList = command({
  ...common,
  name: 'CLIENT|LIST',
  since: '2.4.0',
  summary: 'Prints a line for each connection, for those of a type, or for those with given numbers.',
  complexity: 'O(N), N connections',
  tips: ['nondeterministic_output'],
  args: [...oneOf('filter', option('TYPE', choice('type', TYPES)), option('ID', many('ids', integer('client-id'))))],
  parse: (argv) => {
    if (argv.length === 2) return {}
    const word = upper(argv[2]!)
    if (word === 'TYPE' && argv.length === 4) return { type: typeWord(argv[3]!) }
    if (word !== 'ID' || argv.length < 4) throw SYNTAX
    return { ids: argv.slice(3).map((id) => readInteger(id, { invalid: INVALID_ID })) }
  },
  reply: bulk,
  run: ({ server, now }, { type, ids }) => {
    const found = ids === undefined ? [...server.clients.all] : ids.map((id) => server.clients.byId(id))
    const wanted = type === undefined ? undefined : TYPE_OF[type]
    const lines = found
      .filter((client) => client !== undefined)
      .filter((client) => wanted === undefined || typeOf(client) === wanted)
      .map((client) => `${lineOf(client, now)}\n`)
    return new Verbatim(raw(lines.join('')))
  },
})

/** Whom CLIENT KILL closes: those that fit every filter. */
interface Filters {
  /** The old form: one address, answered by OK or an error. */
  'ip:port'?: Bytes
  'client-id'?: number
  type?: TypeWord
  username?: Bytes
  addr?: Bytes
  laddr?: Bytes
  skipme?: 'YES' | 'NO'
}

function readFilters(argv: Argv): Filters {
  if (argv.length === 3) return { 'ip:port': argv[2]! }
  const filters: Filters = {}
  for (let i = 2; i < argv.length; i += 2) {
    const value = argv[i + 1]
    if (value === undefined) throw SYNTAX
    readFilter(filters, upper(argv[i]!), value)
  }
  return filters
}

function readFilter(filters: Filters, word: string, value: Bytes): void {
  if (word === 'ID') {
    filters['client-id'] = readInteger(value, { min: 1, invalid: ID_NOT_POSITIVE, outside: ID_NOT_POSITIVE })
  } else if (word === 'TYPE') filters.type = typeWord(value)
  else if (word === 'ADDR') filters.addr = value
  else if (word === 'LADDR') filters.laddr = value
  else if (word === 'SKIPME') filters.skipme = yesOrNo(upper(value))
  else if (word === 'USER') {
    filters.username = value
  } else throw SYNTAX
}

function yesOrNo(word: string): 'YES' | 'NO' {
  if (word !== 'YES' && word !== 'NO') throw SYNTAX
  return word
}

function fits(client: Client, filters: Args<typeof KILL_ARGS>): boolean {
  const addr = filters['ip:port'] ?? filters.addr
  const { laddr, type, username, 'client-id': id } = filters
  if (addr !== undefined || laddr !== undefined) {
    const facts = client.outlet.describe()
    if (addr !== undefined && facts.address !== addr) return false
    if (laddr !== undefined && facts.localAddress !== laddr) return false
  }
  if (type !== undefined && typeOf(client) !== TYPE_OF[type]) return false
  if (id !== undefined && client.id !== id) return false
  return username === undefined || client.user === username
}

const KILL_ARGS = [
  ...oneOf('old-form', optional(bytes('ip:port'))),
  option('ID', integer('client-id')),
  option('TYPE', choice('type', TYPES)),
  option('USER', bytes('username')),
  option('ADDR', called('ip:port', bytes('addr'))),
  option('LADDR', called('ip:port', bytes('laddr'))),
  option('SKIPME', choice('skipme', ['YES', 'NO'])),
] as const

/** CLIENT KILL [ip:port] [ID client-id] [TYPE <NORMAL | MASTER | SLAVE | REPLICA | PUBSUB>] [USER username] [ADDR ip:port] [LADDR ip:port] [SKIPME <YES | NO>] */
export const clientKill = command({
  ...common,
  name: 'CLIENT|KILL',
  since: '2.4.0',
  summary: 'Closes the connection with an address, or all that fit every filter.',
  complexity: 'O(N), N connections',
  args: KILL_ARGS,
  // One filter or the old form must be there.
  override: { arity: -3 },
  // Users are looked up as they are named, between the errors of the other filters.
  fast: ({ server }, argv) => {
    for (let i = 2; i + 1 < argv.length; i += 2) {
      if (upper(argv[i]!) !== 'USER' || server.acl.hasUser(argv[i + 1]!)) continue
      readFilters(argv.slice(0, i))
      throw err(`No such user '${argv[i + 1]!}'`)
    }
    return undefined
  },
  parse: readFilters,
  reply: when(int, { ipPort: ok }),
  run: ({ client: caller, server }, filters) => {
    const old = filters['ip:port'] !== undefined
    const spared = old || filters.skipme === 'NO' ? undefined : caller
    const found = [...server.clients.all].filter(
      (client) => client !== spared && !client.closing && fits(client, filters),
    )
    for (const client of found) server.clients.kill(client, caller)
    if (!old) return found.length
    if (found.length === 0) throw NO_SUCH_CLIENT
    return OK
  },
})

function readReason(word: string): 'TIMEOUT' | 'ERROR' {
  if (word !== 'TIMEOUT' && word !== 'ERROR') throw BAD_REASON
  return word
}

/** CLIENT UNBLOCK client-id [TIMEOUT | ERROR] */
export const clientUnblock = command({
  ...common,
  name: 'CLIENT|UNBLOCK',
  since: '5.0.0',
  summary: 'Ends the wait of a blocked connection, as on timeout or with an error.',
  complexity: 'O(log N), N connections',
  args: [integer('client-id'), optional(choice('reason', ['TIMEOUT', 'ERROR'], BAD_REASON))],
  // The reason is read before the number.
  parse: (argv) => {
    if (argv.length > 4) {
      throw err(`unknown subcommand or wrong number of arguments for '${argv[1]!}'. Try CLIENT HELP.`)
    }
    const reason = argv[3] === undefined ? undefined : readReason(upper(argv[3]))
    return { 'client-id': readInteger(argv[2]!), reason }
  },
  reply: int,
  run: ({ server }, { 'client-id': id, reason }) => {
    const client = server.clients.byId(id)
    return client !== undefined && server.clients.unblock(client, reason === 'ERROR') ? 1 : 0
  },
})
