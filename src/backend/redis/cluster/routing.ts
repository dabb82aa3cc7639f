/**
 * Routing: which nodes a line is for.
 *
 * The one idea: the grammar knows. Keys stand where the key specs say, and a command without keys says by its tips whether it
 * is about one node, every shard or every node, and how the answers become one.
 */
import type { Argv, Bytes } from '../../../base/bytes.ts'
import { ReplyError } from '../../../base/reply.ts'
import { hashSlot } from '../../../base/slots.ts'
import { allCommands } from '../../../commands/all.ts'
import { keyPositions } from '../../../commands/args/key-specs.ts'
import { Table } from '../../../engine/table.ts'
import { type Sendable, sendable } from '../foreign.ts'

/** As Redis words it. */
export const CROSSSLOT = new ReplyError("CROSSSLOT Keys in request don't hash to the same slot")

/** Part of a line that was split by slot, and which of the line's keys it carries. */
export interface Part {
  readonly slot: number
  readonly argv: Argv
  readonly keys: readonly number[]
}

/** Where a line goes. */
export type Route =
  /** To the node of a slot. */
  | { readonly to: 'slot'; readonly slot: number }
  /** To any node. */
  | { readonly to: 'any' }
  /** To every master, or to every node; `policy` joins the replies. */
  | { readonly to: 'masters' | 'nodes'; readonly policy: string | undefined }
  /** To the nodes of several slots, in parts. */
  | {
      readonly to: 'parts'
      readonly parts: readonly Part[]
      readonly keys: number
      readonly policy: string | undefined
    }
  /** Nowhere: it can't be told, or can't be kept. */
  | { readonly to: 'nowhere'; readonly error: ReplyError }
  /** Only one node's answer would mean anything. */
  | { readonly to: 'one node only' }

const ANY: Route = { to: 'any' }

/** All or nothing can't be kept over several nodes, whatever its tips say. */
const NEVER_SPLIT: ReadonlySet<string> = new Set(['MSETNX'])
/** What each server says of itself can't be made one text: one node answers. */
const OF_ONE_SERVER = 'special'

/** Where a line goes, by what is known of its command. Of an unknown one any node may say where it belongs. */
export function routeOf(known: Sendable | undefined, argv: Argv): Route {
  if (known === undefined) return ANY
  const found = keyPositions(known.keySpecs, argv) ?? []
  if (found.length === 0) return keyless(known)
  const slots = found.map(({ at }) => hashSlot(argv[at]!))
  const slot = slots[0]!
  if (slots.every((other) => other === slot)) return { to: 'slot', slot }
  const find = found[0]!.spec.find
  if (policyOf(known, 'request') !== 'multi_shard' || NEVER_SPLIT.has(known.name) || find === undefined) {
    return { to: 'nowhere', error: CROSSSLOT }
  }
  const step = 'step' in find ? find.step : 1
  // An incomplete last pair: whichever node it goes to says so.
  if ((argv.length - found[0]!.at) % step !== 0) return { to: 'slot', slot }
  const places = found.map(({ at }) => at)
  return {
    to: 'parts',
    parts: partsOf(argv, places, slots, step),
    keys: places.length,
    policy: policyOf(known, 'response'),
  }
}

function keyless(known: Sendable): Route {
  const request = policyOf(known, 'request')
  const policy = policyOf(known, 'response')
  if (request === 'special') return { to: 'one node only' }
  if (policy === OF_ONE_SERVER) return ANY
  if (request === 'all_shards') return { to: 'masters', policy }
  return request === 'all_nodes' ? { to: 'nodes', policy } : ANY
}

function policyOf({ tips }: Sendable, which: 'request' | 'response'): string | undefined {
  const start = `${which}_policy:`
  return tips.find((tip) => tip.startsWith(start))?.slice(start.length)
}

function partsOf(argv: Argv, places: readonly number[], slots: readonly number[], step: number): Part[] {
  const bySlot = new Map<number, { argv: Bytes[]; keys: number[] }>()
  places.forEach((at, i) => {
    const slot = slots[i]!
    let part = bySlot.get(slot)
    if (part === undefined) bySlot.set(slot, (part = { argv: [argv[0]!], keys: [] }))
    part.argv.push(...argv.slice(at, at + step))
    part.keys.push(i)
  })
  return [...bySlot].map(([slot, part]) => ({ slot, ...part }))
}

const table = new Table(allCommands)

/** The slot of a line's keys; undefined when it has none, CROSSSLOT when they are in several. */
export function slotOfKeys(argv: Argv): number | undefined | ReplyError {
  const known = sendable(table.find(argv), argv)
  const found = known === undefined ? [] : (keyPositions(known.keySpecs, argv) ?? [])
  const slots = new Set(found.map(({ at }) => hashSlot(argv[at]!)))
  return slots.size > 1 ? CROSSSLOT : [...slots][0]
}

/** The one slot of many lines: as `slotOfKeys`, over all of them. */
export function slotOfLines(lines: readonly Argv[]): number | undefined | ReplyError {
  const slots = new Set(lines.map(slotOfKeys).filter((slot) => slot !== undefined))
  for (const slot of slots) if (slot instanceof ReplyError) return slot
  return slots.size > 1 ? CROSSSLOT : [...slots][0]
}
