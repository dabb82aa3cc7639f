/** CLIENT ID, GETNAME, SETNAME, INFO, SETINFO, REPLY, NO-EVICT and NO-TOUCH: what a connection asks or says about itself. */
import { type Bytes, raw, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { NO_REPLY, OK, Verbatim } from '../../base/reply.ts'
import { bytes, choice } from '../args/nodes.ts'
import { GATE } from '../client.ts'
import { command } from '../command.ts'
import { bulk, int, nullable, ok } from '../shape.ts'
import { lineOf } from './client-line.ts'
import { checkName, isPrintable } from './name.ts'

const common = {
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
} as const

/** CLIENT ID */
export const clientId = command({
  ...common,
  name: 'CLIENT|ID',
  since: '5.0.0',
  summary: 'Tells the number of the connection.',
  args: [],
  reply: int,
  run: ({ client }) => client.id,
})

/** CLIENT GETNAME */
export const clientGetname = command({
  ...common,
  name: 'CLIENT|GETNAME',
  since: '2.6.9',
  summary: 'Tells the name of the connection.',
  args: [],
  reply: nullable(bulk),
  run: ({ client }) => (client.name === '' ? null : client.name),
})

/** CLIENT SETNAME connection-name */
export const clientSetname = command({
  ...common,
  name: 'CLIENT|SETNAME',
  since: '2.6.9',
  summary: 'Names the connection; an empty name takes it away.',
  args: [bytes('connection-name')],
  reply: ok,
  run: ({ client }, { 'connection-name': name }) => {
    client.name = checkName(name)
    return OK
  },
})

function readAttribute(word: Bytes): 'LIB-NAME' | 'LIB-VER' {
  const folded: string = upper(word)
  if (folded !== 'LIB-NAME' && folded !== 'LIB-VER') throw err(`Unrecognized option '${word}'`)
  return folded
}

/** CLIENT SETINFO <LIB-NAME | LIB-VER> value */
export const clientSetinfo = command({
  ...common,
  name: 'CLIENT|SETINFO',
  since: '7.2.0',
  summary: 'Names the library behind the connection, or its version; an empty value takes it away.',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  args: [choice('attribute', ['LIB-NAME', 'LIB-VER']), bytes('value')],
  parse: (argv) => {
    const [, , word, value] = argv
    const attribute = readAttribute(word!)
    if (!isPrintable(value!)) throw err(`${word!} cannot contain spaces, newlines or special characters.`)
    return { attribute, value: value! }
  },
  reply: ok,
  run: ({ client }, { attribute, value }) => {
    if (attribute === 'LIB-NAME') client.libraryName = value
    else client.libraryVersion = value
    return OK
  },
})

/** CLIENT INFO */
export const clientInfo = command({
  ...common,
  name: 'CLIENT|INFO',
  since: '6.2.0',
  summary: "Prints the connection's line of CLIENT LIST.",
  tips: ['nondeterministic_output'],
  args: [],
  reply: bulk,
  run: ({ client, now }) => new Verbatim(raw(`${lineOf(client, now)}\n`)),
})

/** CLIENT REPLY <ON | OFF | SKIP> */
export const clientReply = command({
  ...common,
  name: 'CLIENT|REPLY',
  since: '3.2.0',
  summary: 'Turns replies off, on again, or off for one command.',
  args: [choice('mode', ['ON', 'OFF', 'SKIP'])],
  reply: ok,
  run: ({ client, server }, { mode }) => {
    if (mode === 'ON') {
      server.clients.setReplyMode(client, 'on')
      return OK
    }
    if (mode === 'OFF') server.clients.setReplyMode(client, 'off')
    else if (client.replyMode !== 'off') server.clients.setReplyMode(client, 'skip-next')
    return NO_REPLY
  },
})

/** CLIENT NO-EVICT <ON | OFF> */
export const clientNoEvict = command({
  ...common,
  name: 'CLIENT|NO-EVICT',
  since: '7.0.0',
  summary: 'Keeps the connection from being closed to free memory, or no longer.',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: [choice('enabled', ['ON', 'OFF'])],
  reply: ok,
  run: ({ client }, { enabled }) => {
    client.noEvict = enabled === 'ON'
    return OK
  },
})

/** CLIENT NO-TOUCH <ON | OFF> */
export const clientNoTouch = command({
  ...common,
  name: 'CLIENT|NO-TOUCH',
  since: '7.2.0',
  summary: 'Has the commands of the connection not count as uses of keys, but for TOUCH, or count again.',
  args: [choice('enabled', ['ON', 'OFF'])],
  reply: ok,
  run: ({ client }, { enabled }) => {
    if (enabled === 'ON') client.gate |= GATE.noTouch
    else client.gate &= ~GATE.noTouch
    return OK
  },
})
