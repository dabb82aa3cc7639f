/**
 * Scripts in an engine of this thread: the function itself runs, as one unit, under the rules that a server has for Lua.
 *
 * The one idea: each script gets a command of its own, which no table holds; its lines are run, queued and watched like any
 * others. What the script sends goes through a client that is no connection, never waits, and speaks RESP2.
 */
import { type Argv, type Bytes, bytes, EMPTY, raw, text } from '../../base/bytes.ts'
import { err, READONLY } from '../../base/errors.ts'
import { type Reply, ReplyError } from '../../base/reply.ts'
import { Client, type Outlet, type TransportFacts } from '../../commands/client.ts'
import { Command } from '../../commands/command.ts'
import type { Context } from '../../commands/context.ts'
import type { Engine } from '../../engine/engine.ts'
import { Session } from '../../engine/session.ts'
import { readCall, scriptCommand, TREE_CALL, TREE_LOAD } from '../../script/commands.ts'
import type { LogLevel } from '../../script/handles.ts'
import type { ScriptIR } from '../../script/ir.ts'
import { ScriptFailure } from '../../script/run/failure.ts'
import { keyKinds } from '../../script/run/interpreter/interpret.ts'
import { type LocalScript, runLocally } from '../../script/run/local.ts'
import { treeId, treeOf } from '../../script/run/tree-text.ts'
import type { World } from '../../script/run/world.ts'

const UNKNOWN = err('Unknown Redis command called from script')
const WRONG_ARITY = err('Wrong number of args calling Redis command from script')
const BARRED = err('This Redis command is not allowed from script')
const NO_WRITES = err('Write commands are not allowed from read-only scripts.')

const NO_CONNECTION = 0
const NOWHERE: TransportFacts = { address: '', localAddress: '', fd: -1, queryBytes: 0, queryFree: 0, outputBytes: 0 }
const SILENT: Outlet = { reply() {}, push() {}, resume() {}, close() {}, describe: () => NOWHERE }

/** Takes what scripts log. */
export type ScriptLog = (level: LogLevel, message: string) => void

/** The store, as one script sees it while it runs. */
class ScriptWorld implements World {
  readonly #engine: Engine
  readonly #session: Session
  readonly #readOnly: boolean
  readonly #log: ScriptLog
  /** Memory was short when the script began, and it has not written yet. */
  #isShort: boolean

  constructor(engine: Engine, { user, db }: Client, readOnly: boolean, log: ScriptLog) {
    this.#engine = engine
    this.#readOnly = readOnly
    this.#log = log
    this.#isShort = engine.memory.isShort
    const client = new Client(NO_CONNECTION, SILENT, engine.keyspace.now, true)
    client.protocol = 2
    client.name = EMPTY
    client.user = user
    client.db = db
    this.#session = new Session(client, engine.keyspace, engine.random, engine)
  }

  call(argv: Argv): Reply {
    const engine = this.#engine
    const command = engine.table.find(argv)
    if (command === undefined) return UNKNOWN
    if (!command.accepts(argv.length)) return WRONG_ARITY
    const refusal = this.#refusal(command, argv)
    if (refusal !== undefined) return refusal
    if (command.isWrite) this.#isShort = false
    return engine.run(this.#session, command, argv) ?? null
  }

  nowMs(): number {
    return this.#engine.keyspace.now
  }

  log(level: LogLevel, message: string): void {
    this.#log(level, message)
  }

  #refusal(command: Command, argv: Argv): ReplyError | undefined {
    const engine = this.#engine
    if (command.isBarredInLibraries) return BARRED
    if (command.isWrite) {
      if (this.#readOnly) return NO_WRITES
      if (engine.keyspace.role !== 'primary') return READONLY
    }
    const unkept = engine.persistence.refusal(this.#session.client, command)
    if (unkept !== undefined) return unkept
    if (this.#isShort) {
      const full = engine.memory.refusal(command)
      if (full !== undefined) return full
    }
    return engine.acl.refusalInScript(this.#session.client, command, argv)
  }
}

const NOSCRIPT = new ReplyError('NOSCRIPT No matching script.')
const MISSING = new Command(TREE_CALL.spec, () => NOSCRIPT)

/** A script that has only its tree. */
function travelled(ir: ScriptIR): LocalScript {
  const { name, readOnly, derivedKeys } = ir
  return {
    name,
    keys: keyKinds(ir),
    forms: ir.args,
    readOnly,
    derivedKeys,
    body: undefined,
    tree: () => ir,
  }
}

const ofEngines = new WeakMap<Engine, EmbeddedScripts>()

/** The scripts that callers of one engine run. */
export class EmbeddedScripts {
  /** Takes what scripts log; nobody listens until it is set. */
  onLog: ScriptLog = () => {}
  readonly #engine: Engine
  readonly #commands = new WeakMap<LocalScript, Command>()
  /** What other threads have brought, by digest. */
  readonly #trees = new Map<Bytes, LocalScript>()

  private constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Those of an engine: one for all of its callers. */
  static of(engine: Engine): EmbeddedScripts {
    let scripts = ofEngines.get(engine)
    if (scripts === undefined) ofEngines.set(engine, (scripts = new EmbeddedScripts(engine)))
    return scripts
  }

  /** The command whose lines call this script. */
  command(script: LocalScript): Command {
    const known = this.#commands.get(script)
    if (known !== undefined) return known
    const made = scriptCommand(script.readOnly, (ctx, argv) => this.#run(script, ctx, argv))
    this.#commands.set(script, made)
    return made
  }

  /** The command of a line by which another thread calls a script or brings one; undefined for other lines. */
  travelling(argv: Argv): Command | undefined {
    const [name, what] = argv
    if (name === TREE_LOAD.name) return this.#loading
    if (name !== TREE_CALL.name || what === undefined) return undefined
    const script = this.#trees.get(what)
    return script === undefined ? MISSING : this.command(script)
  }

  readonly #loading = new Command(TREE_LOAD.spec, (_ctx, argv) => {
    const tree = text(argv[1]!)
    const id = raw(treeId(tree))
    if (!this.#trees.has(id)) this.#trees.set(id, travelled(treeOf(tree)))
    return id
  })

  #run(script: LocalScript, { client }: Context, argv: Argv): Reply {
    const { keys, args } = readCall(argv)
    const world = new ScriptWorld(this.#engine, client, script.readOnly, this.onLog)
    try {
      return bytes(runLocally(script, world, keys.map(text), args.map(text)))
    } catch (error) {
      // What breaks in the engine comes as an error reply; all else that is thrown here is the script's own.
      return error instanceof ReplyError ? error : new ScriptFailure(error, script.name)
    }
  }
}
