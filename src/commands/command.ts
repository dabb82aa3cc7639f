/**
 * A command, described once: name, flags, argument grammar, reply shape, handler. Everything else is derived.
 */
import type { Argv, Bytes } from '../base/bytes.ts'
import { wrongArity } from '../base/errors.ts'
import type { Reply, ReplyError } from '../base/reply.ts'
import { arityOf } from './args/arity.ts'
import { type KeySpec, keySpecsOf } from './args/key-specs.ts'
import type { Args, Node } from './args/nodes.ts'
import { compileParser } from './args/parse.ts'
import type { Context } from './context.ts'
import type { Outcome } from './outcome.ts'
import type { Shape } from './shape.ts'

/** Redis' command groups, as COMMAND DOCS names them. */
export type Group =
  | 'string'
  | 'hash'
  | 'list'
  | 'set'
  | 'sorted-set'
  | 'stream'
  | 'generic'
  | 'transactions'
  | 'pubsub'
  | 'connection'
  | 'server'
  | 'scripting'
  | 'bitmap'
  | 'hyperloglog'
  | 'geo'
  | 'cluster'
  | 'triggers'

/** Redis' command flags, as COMMAND INFO prints them. */
export type Flag =
  | 'write'
  | 'readonly'
  | 'denyoom'
  | 'admin'
  | 'pubsub'
  | 'noscript'
  | 'blocking'
  | 'loading'
  | 'stale'
  | 'skip_monitor'
  | 'skip_slowlog'
  | 'asking'
  | 'fast'
  | 'no_auth'
  | 'may_replicate'
  | 'no_mandatory_keys'
  | 'allow_busy'
  | 'no_async_loading'
  | 'no_multi'
  | 'movablekeys'

type Handler<G extends readonly Node[]> = (ctx: Context, args: Args<G>) => Outcome
/** Runs on the raw words; `undefined` hands over to the parsed path. */
type FastHandler = (ctx: Context, argv: Argv) => Outcome | undefined
/**
 * The commands that repeat this one's change exactly (absolute times, chosen members): what the log and replicas get.
 * Undefined where its own words do.
 */
export type EffectsOf = (ctx: Context, argv: Argv, reply: Reply) => readonly Argv[] | undefined

/** What an author writes. */
export interface CommandSpec<G extends readonly Node[] = readonly Node[]> {
  /** Upper case; a subcommand is `CONFIG|GET`. */
  readonly name: string
  readonly group: Group
  readonly since: string
  readonly summary: string
  readonly complexity?: string
  readonly flags: readonly Flag[]
  /** ACL categories beyond those that follow from flags and group (`dangerous`, `keyspace` …). */
  readonly acl?: readonly string[]
  readonly args: G
  /** Reads the words instead of the grammar, where order or errors follow no rule; the grammar then only describes. */
  readonly parse?: (argv: Argv) => Args<G>
  /** The error for the first word that the grammar has no place for; without it, a syntax error. */
  readonly leftover?: (word: Bytes) => ReplyError
  /** For `variable_flags`: what these words do to the key (`RW access update`). */
  readonly keyAccess?: (argv: Argv) => string
  readonly reply: Shape
  /** COMMAND INFO's tips (`nondeterministic_output`, `request_policy:all_shards` …). */
  readonly tips?: readonly string[]
  readonly deprecated?: { readonly since: string; readonly use: string }
  /** For the handful that cannot be derived; each with a comment that says why. */
  readonly override?: {
    readonly arity?: number
    readonly keySpecs?: readonly KeySpec[]
    /** Replaces the group's own category (some commands carry none). */
    readonly groupAcl?: readonly string[]
  }
  readonly run: Handler<G>
  readonly fast?: FastHandler
  /** Where the effect differs from the command's own words. */
  readonly effects?: EffectsOf
}

/** What an author writes for a command that only holds subcommands. */
export interface ContainerSpec {
  readonly name: string
  readonly group: Group
  readonly since: string
  readonly summary: string
  readonly flags?: readonly Flag[]
  readonly acl?: readonly string[]
  readonly tips?: readonly string[]
  readonly subcommands: readonly Command[]
  /** The error for a word that is no subcommand; without it, Redis' own. */
  readonly leftover?: (word: Bytes) => ReplyError
  readonly override?: CommandSpec['override']
  /** For the two commands that also run bare (COMMAND). */
  readonly run?: (ctx: Context) => Outcome
}

let made = 0

/** A command as the engine sees it. One shape for all, so that call sites stay monomorphic. */
export class Command {
  /** Numbers the commands of this process: the place of each in tables of figures. */
  readonly index = made++
  readonly name: string
  /** Lower case, as error texts and COMMAND print it. */
  readonly lowerName: string
  readonly spec: CommandSpec
  readonly arity: number
  /** How many words it takes, its name among them. */
  private readonly least: number
  private readonly most: number
  readonly keySpecs: readonly KeySpec[]
  readonly flags: ReadonlySet<Flag>
  readonly isWrite: boolean
  /** Libraries may not issue it. One that waits takes its form that does not, as in MULTI. */
  readonly isBarredInLibraries: boolean
  readonly effects: EffectsOf | undefined
  /** Empty for ordinary commands; keys are upper-case subcommand words. */
  readonly subcommands: ReadonlyMap<string, Command>
  readonly parent: string | undefined
  readonly arityError: ReplyError
  /** Runs the command on its words; throws `ReplyError`. */
  readonly execute: (ctx: Context, argv: Argv) => Outcome

  constructor(
    spec: CommandSpec,
    execute: (ctx: Context, argv: Argv) => Outcome,
    subcommands: ReadonlyMap<string, Command> = new Map(),
  ) {
    const from = spec.name.includes('|') ? 2 : 1
    this.name = spec.name
    this.lowerName = spec.name.toLowerCase()
    this.spec = spec
    this.arity = spec.override?.arity ?? (subcommands.size > 0 ? -2 : arityOf(spec.args, from))
    this.keySpecs = spec.override?.keySpecs ?? keySpecsOf(spec.args, from)
    this.flags = new Set(spec.flags)
    this.isWrite = spec.flags.includes('write')
    this.isBarredInLibraries = spec.flags.includes('noscript') && !spec.flags.includes('blocking')
    this.effects = spec.effects
    this.subcommands = subcommands
    this.parent = from === 2 ? spec.name.slice(0, spec.name.indexOf('|')) : undefined
    this.least = Math.abs(this.arity)
    this.most = this.arity >= 0 ? this.arity : Number.MAX_SAFE_INTEGER
    this.arityError = wrongArity(spec.name)
    this.execute = execute
  }

  /** True when that many words (the name included) can be this command. */
  accepts(words: number): boolean {
    return words >= this.least && words <= this.most
  }
}

/** Makes a command from its description. */
export function command<const G extends readonly Node[]>(spec: CommandSpec<G>): Command {
  const { run, fast } = spec
  // The parser builds exactly the object that `Args<G>` describes; the grammar's types and `parse` are tested against each other.
  const parse =
    spec.parse ?? (compileParser(spec.args, spec.name.includes('|') ? 2 : 1, spec.leftover) as (argv: Argv) => Args<G>)
  const full = (ctx: Context, argv: Argv): Outcome => run(ctx, parse(argv))
  return new Command(spec as CommandSpec, fast === undefined ? full : withFast(fast, full))
}

function withFast(fast: FastHandler, full: (ctx: Context, argv: Argv) => Outcome) {
  return (ctx: Context, argv: Argv): Outcome => {
    const outcome = fast(ctx, argv)
    return outcome === undefined ? full(ctx, argv) : outcome
  }
}

/** Makes a container of subcommands; the engine finds the subcommand, so a container itself never runs unless it says how. */
export function container(spec: ContainerSpec): Command {
  const subcommands = new Map(spec.subcommands.map((sub) => [sub.name.slice(sub.name.indexOf('|') + 1), sub]))
  const run = spec.run ?? ((): Outcome => null)
  const full: CommandSpec = {
    flags: [],
    ...spec,
    args: [],
    reply: { kind: 'any' },
    run,
    override: { arity: spec.run ? -1 : -2, ...spec.override },
  }
  return new Command(full, (ctx) => run(ctx), subcommands)
}

/** A Bytes-typed word list from literals: `words('SET', key, value)`. */
export function argvOf(...parts: readonly (string | Bytes)[]): Argv {
  return parts as readonly string[] as Argv
}
