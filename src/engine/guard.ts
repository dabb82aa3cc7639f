/**
 * The guard: what stands between a command line and running it, in Redis' order.
 *
 * The one idea: nearly every command meets none of this, so the engine asks one number (`client.gate`) and comes here
 * only when something may be in the way.
 */
import { type Argv, type Bytes, upToNul } from '../base/bytes.ts'
import { err, READONLY } from '../base/errors.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import { type Client, GATE } from '../commands/client.ts'
import type { Command } from '../commands/command.ts'
import { debugRefusal } from '../commands/server/debug.ts'
import type { Engine } from './engine.ts'
import { ENGINE_GATE } from './gates.ts'
import { replicates } from './pause.ts'
import { audible } from './reply-mode.ts'
import type { PARKED, Session } from './session.ts'

/** A client's own messages stand among its replies; EXEC may make it one that gets such on the way. */
const HEARING = GATE.subscribed | GATE.hears | GATE.multi

const NOAUTH = new ReplyError('NOAUTH Authentication required.')
/** For callers that cannot wait: code that calls an embedded engine and wants the reply at once. */
const PAUSED = err('Commands are paused (CLIENT PAUSE), and this caller cannot wait')
const NO_MULTI = new ReplyError('ERR Command not allowed inside a transaction')

/** Commands that run at once between MULTI and EXEC. */
const NEVER_QUEUED = new Set(['EXEC', 'DISCARD', 'MULTI', 'WATCH', 'QUIT', 'RESET'])
/** Commands that a RESP2 subscriber may send. */
const WHILE_SUBSCRIBED = new Set([
  'PING',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'PSUBSCRIBE',
  'PUNSUBSCRIBE',
  'SSUBSCRIBE',
  'SUNSUBSCRIBE',
  'QUIT',
  'RESET',
])

const REPLICAS_ONLY_LISTEN = err("Replica can't interact with the keyspace")

/** Checks one line and runs, queues or refuses it. */
export function guard(
  engine: Engine,
  session: Session,
  command: Command | undefined,
  argv: Argv,
): Reply | typeof PARKED {
  const { client } = session
  if ((client.gate & GATE.reply) === 0) return answer(engine, session, command, argv)
  // CLIENT REPLY SKIP meant this line.
  if (client.replyMode === 'skip-next') client.replyMode = 'skip'
  const reply = answer(engine, session, command, argv)
  // A parked client's reply is withheld when it comes.
  return reply === undefined ? reply : audible(client, reply)
}

function answer(engine: Engine, session: Session, command: Command | undefined, argv: Argv): Reply | typeof PARKED {
  const reply = attempt(engine, session, command, argv)
  engine.tracking.lineEnded(session.client, command)
  return reply
}

function attempt(engine: Engine, session: Session, command: Command | undefined, argv: Argv): Reply | typeof PARKED {
  const { client } = session
  client.lastCommand = command
  const refusal = refuse(engine, session, command, argv)
  if (refusal !== undefined) {
    if (client.transaction !== undefined) client.transaction.broken = true
    engine.statistics.error(refusal)
    if (command !== undefined) engine.statistics.byCommand.rejected[command.index]!++
    return command?.name === 'EXEC' ? aborted(engine, client, refusal) : refusal
  }
  if ((engine.gate & ENGINE_GATE.pause) !== 0 && engine.pause.holds(client, command!)) {
    return session.denyBlocking ? PAUSED : engine.pause.park(session, argv)
  }
  if (client.transaction !== undefined && !NEVER_QUEUED.has(command!.name)) {
    return engine.transactions.queue(client, command!, argv)
  }
  const start = (): Reply | typeof PARKED =>
    (client.gate & HEARING) !== 0
      ? engine.runHearing(session, command!, argv)
      : engine.runWatched(session, command!, argv)
  return (client.gate & GATE.noTouch) === 0 || command!.name === 'TOUCH' ? start() : engine.memory.untouched(start)
}

/** An EXEC that is refused ends the transaction, and says both. */
function aborted(engine: Engine, client: Client, { message }: ReplyError): ReplyError {
  engine.transactions.discard(client)
  const why = message.startsWith('ERR ') ? message.slice(4) : message
  return new ReplyError(`EXECABORT Transaction discarded because of: ${why}`)
}

function refuse(engine: Engine, session: Session, command: Command | undefined, argv: Argv): ReplyError | undefined {
  const { client } = session
  if (command === undefined) return unknown(engine, argv)
  if (!command.accepts(argv.length)) return command.arityError
  const protection = command.name === 'DEBUG' ? debugRefusal(session) : undefined
  if (protection !== undefined) return protection
  if ((client.gate & GATE.auth) !== 0 && !command.flags.has('no_auth')) return NOAUTH
  if (client.transaction !== undefined && command.flags.has('no_multi')) return NO_MULTI
  if ((client.gate & GATE.restricted) !== 0) {
    const forbidden = engine.acl.refusal(client, command, argv)
    if (forbidden !== undefined) return forbidden
  }
  if ((engine.gate & ENGINE_GATE.memory) !== 0) {
    const full = engine.memory.refuse(client, command)
    if (full !== undefined) return full
  }
  if ((engine.gate & ENGINE_GATE.disk) !== 0) {
    const unkept = engine.persistence.refusal(client, command)
    if (unkept !== undefined) return unkept
  }
  if (engine.keyspace.role === 'replica' && command.isWrite && !client.denyBlocking) return READONLY
  if ((client.gate & GATE.subscribed) !== 0 && client.protocol === 2 && !WHILE_SUBSCRIBED.has(command.name)) {
    return err(
      `Can't execute '${command.lowerName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
    )
  }
  // Monitors count as replicas here, as in Redis.
  if (client.monitors && (command.flags.has('readonly') || replicates(command))) return REPLICAS_ONLY_LISTEN
  return undefined
}

/** Redis quotes at most 128 bytes of the name and about as many of the arguments, and none after a zero byte. */
function unknown(engine: Engine, argv: Argv): ReplyError {
  const container = engine.table.container(argv)
  if (container !== undefined && argv.length > 1) {
    const own = container.spec.leftover?.(argv[1]!)
    return own ?? err(`unknown subcommand '${quoted(argv[1]!, 128)}'. Try ${container.name} HELP.`)
  }
  let args = ''
  for (let i = 1; i < argv.length && args.length < 128; i++) args += `'${quoted(argv[i]!, 128 - args.length)}' `
  return err(`unknown command '${quoted(argv[0]!, 128)}', with args beginning with: ${args}`)
}

function quoted(word: Bytes, most: number): string {
  return upToNul(word.slice(0, most) as Bytes)
}
