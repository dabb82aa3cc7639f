/** A command as COMMAND INFO prints it: ten fields, the same for subcommands. */
import { raw } from '../../base/bytes.ts'
import { MapReply, type Reply, SetReply, Status } from '../../base/reply.ts'
import type { KeySpec } from '../args/key-specs.ts'
import { categoriesOf, flagsOf, keyRangeOf } from '../args/traits.ts'
import type { Command } from '../command.ts'

const EMPTY_SET = new SetReply([])

/** `[name, arity, flags, first key, last key, step, categories, tips, key specs, subcommands]`. */
export function infoOf(command: Command): readonly Reply[] {
  const { first, last, step } = keyRangeOf(command.keySpecs)
  const { subcommands } = command
  return [
    raw(command.lowerName),
    command.arity,
    new SetReply(flagsOf(command).map((flag) => new Status(flag))),
    first,
    last,
    step,
    new SetReply(categoriesOf(command).map((category) => new Status(`@${category}`))),
    new SetReply((command.spec.tips ?? []).map(raw)),
    new SetReply(command.keySpecs.map(keySpecReply)),
    subcommands.size === 0 ? EMPTY_SET : [...subcommands.values()].map(infoOf),
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
