/**
 * Two command tables side by side: what one server's COMMAND says, and what ours says.
 *
 * The one idea: both tables become plain values in one order (flags and categories sorted, key specs without Redis'
 * notes, which are prose), so that equal means equal text.
 */
import { MapReply, type Reply, SetReply, Status } from '../base/reply.ts'

/** How a command of theirs stands with us. */
export interface Standing {
  /** `config|get` for a subcommand. */
  readonly name: string
  readonly is: 'same' | 'differs' | 'missing'
  /** What differs: field, our value, theirs. */
  readonly fields: readonly { readonly field: string; readonly ours: Plain; readonly theirs: Plain }[]
}

type Plain = string | number | null | readonly Plain[] | { readonly [name: string]: Plain }

/** The compared fields by their place in COMMAND's answer. Tips are advice, not behaviour. */
const FIELDS: readonly (readonly [place: number, field: string])[] = [
  [1, 'arity'],
  [2, 'flags'],
  [3, 'first key'],
  [4, 'last key'],
  [5, 'step'],
  [6, 'categories'],
  [8, 'key specs'],
]
const SUBCOMMANDS = 9

/** Every command and subcommand of `theirs`, in order of name. */
export function compareTables(ours: readonly Reply[], theirs: readonly Reply[]): Standing[] {
  const mine = byName(ours)
  return [...byName(theirs)]
    .map(([name, fields]) => standing(name, mine.get(name), fields))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function standing(name: string, ours: readonly Reply[] | undefined, theirs: readonly Reply[]): Standing {
  if (ours === undefined) return { name, is: 'missing', fields: [] }
  const fields = FIELDS.map(([place, field]) => ({
    field,
    ours: plain(ours[place] ?? null),
    theirs: plain(theirs[place] ?? null),
  })).filter((pair) => JSON.stringify(pair.ours) !== JSON.stringify(pair.theirs))
  return { name, is: fields.length === 0 ? 'same' : 'differs', fields }
}

/** Commands and subcommands by name. */
function byName(infos: readonly Reply[]): Map<string, readonly Reply[]> {
  const found = new Map<string, readonly Reply[]>()
  for (const info of infos) {
    if (!isArray(info)) continue
    found.set(String(info[0]), info)
    const subcommands = info[SUBCOMMANDS]
    if (isArray(subcommands)) for (const [name, fields] of byName(subcommands)) found.set(name, fields)
  }
  return found
}

function plain(reply: Reply): Plain {
  if (reply instanceof Status) return reply.text
  if (reply instanceof SetReply) return reply.items.map(plain).sort(byText)
  if (reply instanceof MapReply) {
    const entries: [string, Plain][] = []
    for (let i = 0; i < reply.items.length; i += 2) entries.push([String(reply.items[i]), plain(reply.items[i + 1]!)])
    return Object.fromEntries(entries.filter(([name]) => name !== 'notes'))
  }
  if (isArray(reply)) return reply.map(plain)
  return typeof reply === 'number' || typeof reply === 'string' ? reply : null
}

const byText = (a: Plain, b: Plain): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

function isArray(reply: Reply | undefined): reply is readonly Reply[] {
  return Array.isArray(reply)
}
