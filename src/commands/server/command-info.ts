/** A command as COMMAND INFO prints it: ten fields, the same for subcommands. */
import { raw } from '../../base/bytes.ts'
import { MapReply, type Reply, SetReply, Status } from '../../base/reply.ts'
import { arityOf } from '../args/arity.ts'
import type { KeySpec } from '../args/key-specs.ts'
import { categoriesOf, flagsOf, keyRangeOf } from '../args/traits.ts'
import type { Command } from '../command.ts'

const EMPTY_SET = new SetReply([])

/** `[name, arity, flags, first key, last key, step, categories, tips, key specs, subcommands]`. */
export const infoOf = (command: Command): readonly Reply[] => describe(command, command.arity, infoOf)

/** The same without the options that came after a version of Redis: what both sides of a comparison can know. */
export function infoAsOf(command: Command, version: string): readonly Reply[] {
  const known = command.spec.args.filter(({ newIn }) => newIn === undefined || !isLater(newIn, version))
  const isWhole = known.length === command.spec.args.length
  const arity = isWhole ? command.arity : arityOf(known, command.parent === undefined ? 1 : 2)
  return describe(command, arity, (inner) => infoAsOf(inner, version))
}

/** Whether a version (`7.2.0`) comes after another. */
function isLater(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  const at = a!.findIndex((part, i) => part !== (b![i] ?? 0))
  return at >= 0 && a![at]! > (b![at] ?? 0)
}

function describe(command: Command, arity: number, inner: (command: Command) => readonly Reply[]): readonly Reply[] {
  const { first, last, step } = keyRangeOf(command.keySpecs)
  const { subcommands } = command
  return [
    raw(command.lowerName),
    arity,
    new SetReply(flagsOf(command).map((flag) => new Status(flag))),
    first,
    last,
    step,
    new SetReply(categoriesOf(command).map((category) => new Status(`@${category}`))),
    new SetReply((command.spec.tips ?? []).map(raw)),
    new SetReply(command.keySpecs.map(keySpecReply)),
    subcommands.size === 0 ? EMPTY_SET : [...subcommands.values()].map(inner),
  ]
}

function keySpecReply(spec: KeySpec): Reply {
  return record({
    flags: new SetReply(spec.flags.map((flag) => new Status(flag))),
    begin_search: beginOf(spec.begin),
    find_keys: findOf(spec.find),
  })
}

function beginOf(begin: KeySpec['begin']): Reply {
  if ('unknown' in begin) return typed('unknown', {})
  if ('index' in begin) return typed('index', { index: begin.index })
  return typed('keyword', { keyword: raw(begin.keyword), startfrom: begin.from })
}

function findOf(find: KeySpec['find']): Reply {
  if (find === undefined) return typed('unknown', {})
  if ('lastKey' in find) return typed('range', { lastkey: find.lastKey, keystep: find.step, limit: find.limit })
  return typed('keynum', { keynumidx: find.numAt, firstkey: find.firstAt, keystep: find.step })
}

const typed = (type: string, spec: Readonly<Record<string, Reply>>): Reply =>
  record({ type: raw(type), spec: record(spec) })

const record = (fields: Readonly<Record<string, Reply>>): MapReply =>
  new MapReply(Object.entries(fields).flatMap(([name, value]) => [raw(name), value]))
