/**
 * The commands by which scripts travel, described as every command is, so that prefixes and slots find their keys.
 *
 * The one idea: a call of a script is a line `EVALSHA id numkeys key … arg …` on every store. On a server the id is the SHA1
 * of its Lua; where functions run in process, the line's own command runs the script that it was made for.
 */
import { type Argv, bytes } from '../base/bytes.ts'
import { err } from '../base/errors.ts'
import { numkeys, bytes as word, words } from '../commands/args/nodes.ts'
import { Command, type CommandSpec, type Flag } from '../commands/command.ts'
import type { Context } from '../commands/context.ts'
import type { Outcome } from '../commands/outcome.ts'

const NOT_HERE = err('this store runs scripts as functions')

const EVAL_FLAGS: readonly Flag[] = ['noscript', 'stale', 'skip_monitor', 'no_mandatory_keys', 'movablekeys']

function evaluation(name: string, access: string, readOnly: boolean): CommandSpec {
  return {
    name,
    group: 'scripting',
    since: readOnly ? '7.0.0' : '2.6.0',
    summary: 'Runs a script that the store has.',
    flags: readOnly ? [...EVAL_FLAGS, 'readonly'] : EVAL_FLAGS,
    args: [word('sha1'), numkeys('keys', access), words('args')],
    override: { arity: -3 },
    reply: { kind: 'any' },
    run: () => NOT_HERE,
  }
}

const RUNS = evaluation('EVALSHA', 'RW access update', false)
const READS = evaluation('EVALSHA_RO', 'RO access', true)

/** A command that calls a script; `execute` is what a store in this process does for it. */
export function scriptCommand(readOnly: boolean, execute?: (ctx: Context, argv: Argv) => Outcome): Command {
  return new Command(readOnly ? READS : RUNS, execute ?? (() => NOT_HERE))
}

/** Calls a script on a server. */
export const EVALSHA = scriptCommand(false)
export const EVALSHA_RO = scriptCommand(true)

/** Gives a server a script. */
export const SCRIPT_LOAD = new Command(
  {
    name: 'SCRIPT|LOAD',
    group: 'scripting',
    since: '2.6.0',
    summary: 'Gives the store a script.',
    flags: ['noscript', 'stale'],
    tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
    args: [word('script')],
    reply: { kind: 'bulk' },
    run: () => NOT_HERE,
  },
  () => NOT_HERE,
)

/** The line of a call. */
export function callWords(name: string, id: string, keys: readonly string[], args: readonly string[]): Argv {
  return [name, id, `${keys.length}`, ...keys, ...args].map(bytes)
}

/** The keys and arguments of such a line. */
export function readCall(argv: Argv): { readonly keys: Argv; readonly args: Argv } {
  const first = 3
  const count = Number(argv[2])
  return { keys: argv.slice(first, first + count), args: argv.slice(first + count) }
}

/** Between threads a script travels as a tree; its id is the tree's own digest. */
export const TREE_CALL = new Command({ ...RUNS, name: 'TREECALL' }, () => NOT_HERE)
export const TREE_LOAD = new Command(
  {
    name: 'TREELOAD',
    group: 'scripting',
    since: '1.0.0',
    summary: 'Gives the store of another thread a script.',
    flags: ['noscript'],
    args: [word('tree')],
    reply: { kind: 'bulk' },
    run: () => NOT_HERE,
  },
  () => NOT_HERE,
)
