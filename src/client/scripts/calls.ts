/**
 * Calls of scripts: from names and values to a line, from its reply to the result, whatever the store.
 *
 * The one idea: everything is checked before anything is sent; the line that is sent differs by store in its command and its
 * id only.
 */
import { BackendError, type Line, type Runner } from '../../backend/backend.ts'
import { bytes, text } from '../../base/bytes.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import { checkArguments, decodeResult, encodeArguments, orderedKeys } from '../../script/boundary.ts'
import { callWords, EVALSHA, EVALSHA_RO, SCRIPT_LOAD, TREE_CALL, TREE_LOAD } from '../../script/commands.ts'
import { sourceLine } from '../../script/compile.ts'
import { ScriptError, ShapeError } from '../../script/errors.ts'
import { scriptErrorOf } from '../../script/run/failure.ts'
import { RedisError } from '../errors.ts'
import type { ScriptDefinition } from './definition.ts'

/** A call, ready to be sent. */
export interface ScriptCall {
  readonly line: Line
  /** What gives the store the script; undefined where it needs none. */
  readonly load: Line | undefined
  read(reply: Reply): unknown
}

/** Makes the call of a script on a store. Throws a ShapeError or ScriptDefinitionError; nothing was sent then. */
export function callOf(
  runner: Runner,
  definition: ScriptDefinition,
  keys: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, unknown>> | undefined,
): ScriptCall {
  const { spec } = definition
  const names = orderedKeys(spec.keys, keys)
  const words = encodeArguments(spec.args, checkArguments(spec.args, args))
  refuseOnCluster(runner, definition, names)
  const { line, load, lineOf } = shipped(runner, definition, names, words)
  return { line, load, read: (reply) => resultOf(definition, reply, lineOf) }
}

interface Shipped {
  readonly line: Line
  readonly load: Line | undefined
  /** From a line of what runs there to a line of the source. */
  lineOf(line: number): number | undefined
}

function shipped(
  runner: Runner,
  definition: ScriptDefinition,
  keys: readonly string[],
  args: readonly string[],
): Shipped {
  const { scripts: way } = runner
  if (way === undefined) {
    const { lua, sha1, lines } = definition.wire
    const command = definition.spec.readOnly === true ? EVALSHA_RO : EVALSHA
    return {
      line: { command, argv: callWords(command.name, sha1, keys, args) },
      load: { command: SCRIPT_LOAD, argv: ['SCRIPT', 'LOAD', lua].map(bytes) },
      lineOf: (line) => sourceLine(lines, line),
    }
  }
  if (definition.written.kind === 'lua') {
    throw new BackendError('UNSUPPORTED', `script ${definition.name} is raw Lua, which this store cannot run yet`)
  }
  if (way !== 'trees') {
    const command = way.command(definition.local)
    return {
      line: { command, argv: callWords(command.name, definition.name, keys, args) },
      load: undefined,
      lineOf: same,
    }
  }
  const tree = definition.travelling
  return {
    line: { command: TREE_CALL, argv: callWords(TREE_CALL.name, tree.id, keys, args) },
    load: { command: TREE_LOAD, argv: [TREE_LOAD.name, tree.text].map(bytes) },
    lineOf: same,
  }
}

const same = (line: number): number => line

/** On a cluster a script may reach keys that it computes only if they stand where the declared ones do. */
function refuseOnCluster(runner: Runner, { spec, name }: ScriptDefinition, keys: readonly string[]): void {
  if (spec.derivedKeys !== true || !('features' in runner)) return
  const { features } = runner
  const isCluster =
    typeof features === 'object' && features !== null && 'kind' in features && features.kind === 'cluster'
  const prefix = 'prefix' in runner && typeof runner.prefix === 'string' ? runner.prefix : ''
  const untagged = isCluster ? keys.find((key) => !/\{[^}]+\}/.test(prefix + key)) : undefined
  if (untagged === undefined) return
  throw new ShapeError(
    `keys of ${name}`,
    'names with a hash tag, for the script derives keys',
    JSON.stringify(untagged),
  )
}

function resultOf(definition: ScriptDefinition, reply: Reply, lineOf: Shipped['lineOf']): unknown {
  if (reply instanceof ReplyError) throw isWithoutLua(reply) ? withoutLua(definition) : failureOf(reply, lineOf)
  if (reply === null || typeof reply === 'string')
    return decodeResult(definition.spec, reply === null ? null : text(reply))
  throw new BackendError('UNEXPECTED_REPLY', `script ${definition.name} answered what is no text`)
}

/** A server that has never heard of scripts: Geartrain's own, for one. */
const isWithoutLua = ({ message }: ReplyError): boolean => /^ERR unknown command ['`]evalsha/i.test(message)

function withoutLua({ name }: ScriptDefinition): BackendError {
  return new BackendError(
    'UNSUPPORTED',
    `script ${name} needs a server that runs Lua, as Redis and Valkey do; this one has no EVALSHA`,
  )
}

/** Errors that no script has caused stay what they are. */
const OF_STORE: ReadonlySet<string> = new Set([
  'CROSSSLOT',
  'NOAUTH',
  'NOPERM',
  'LOADING',
  'BUSY',
  'CLUSTERDOWN',
  'EXECABORT',
])

function failureOf(reply: ReplyError, lineOf: Shipped['lineOf']): unknown {
  if (OF_STORE.has(reply.code)) return new RedisError(reply)
  return scriptErrorOf(reply, lineOf)
}

/** Sends a call; where the store does not have the script, gives it and asks again. */
export async function send(runner: Runner, call: ScriptCall): Promise<unknown> {
  const reply = await runner.call(call.line.command, call.line.argv)
  if (call.load === undefined || !(reply instanceof ReplyError) || reply.code !== 'NOSCRIPT') return call.read(reply)
  await load(runner, call.load)
  return call.read(await runner.call(call.line.command, call.line.argv))
}

/** Gives the store a script. Rejects with what it says of it. */
export async function load(runner: Runner, { command, argv }: Line): Promise<void> {
  const reply = await runner.call(command, argv)
  if (!(reply instanceof ReplyError)) return
  const error = scriptErrorOf(reply, () => undefined)
  throw error instanceof ScriptError ? error : new RedisError(reply)
}
