/** PING, ECHO, QUIT, RESET and SELECT: the plain words of a connection. */
import { EMPTY, raw } from '../../base/bytes.ts'
import { DB_OUT_OF_RANGE, wrongArity } from '../../base/errors.ts'
import { OK, PONG, Status } from '../../base/reply.ts'
import { bytes, integer, optional } from '../args/nodes.ts'
import { GATE } from '../client.ts'
import { command } from '../command.ts'
import { bulk, ok, status, when } from '../shape.ts'

const PONG_TEXT = raw('pong')
const RESET = new Status('RESET')
const TOO_MANY = wrongArity('PING')

/** PING [message] */
export const ping = command({
  name: 'PING',
  group: 'connection',
  since: '1.0.0',
  summary: 'Answers PONG, or the message.',
  complexity: 'O(1)',
  flags: ['fast'],
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  args: [optional(bytes('message'))],
  leftover: () => TOO_MANY,
  reply: when(status('PONG'), { message: bulk }),
  run: ({ client }, { message }) => {
    // Between messages a RESP2 subscriber can only tell replies apart when they look like messages.
    const subscribed = (client.gate & GATE.subscribed) !== 0 && client.protocol === 2
    if (subscribed) return [PONG_TEXT, message ?? EMPTY]
    return message ?? PONG
  },
})

/** ECHO message */
export const echo = command({
  name: 'ECHO',
  group: 'connection',
  since: '1.0.0',
  summary: 'Answers the message.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  args: [bytes('message')],
  reply: bulk,
  run: (_ctx, { message }) => message,
})

/** QUIT */
export const quit = command({
  name: 'QUIT',
  group: 'connection',
  since: '1.0.0',
  summary: 'Closes the connection once all replies are sent.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  args: [],
  // Redis closes whatever else the line says.
  override: { arity: -1 },
  parse: () => ({}),
  reply: ok,
  run: ({ client, server }) => {
    server.clients.kill(client, client)
    return OK
  },
})

/** RESET */
export const reset = command({
  name: 'RESET',
  group: 'connection',
  since: '6.2.0',
  summary: 'Puts the connection back to the state of a new one.',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth', 'allow_busy'],
  args: [],
  reply: status('RESET'),
  run: ({ client, server }) => {
    server.clients.reset(client)
    return RESET
  },
})

/** SELECT index */
export const select = command({
  name: 'SELECT',
  group: 'connection',
  since: '1.0.0',
  summary: 'Chooses the database that the connection works on.',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  args: [integer('index', { min: -2147483648, max: 2147483647 })],
  reply: ok,
  run: ({ client, keyspace }, { index }) => {
    if (index < 0 || index >= keyspace.databases.length) throw DB_OUT_OF_RANGE
    client.db = index
    return OK
  },
})
