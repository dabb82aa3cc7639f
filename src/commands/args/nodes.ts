/**
 * The argument grammar: what a command's words mean, as plain data.
 *
 * The one idea: arguments are described once, and the parser, encoder, arity, key specs, syntax line, documentation,
 * typed client and random generator are all readers of this description. Nodes are data; readers are open.
 * `Got` is what a handler receives for a node, `Given` what the typed API accepts.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { ReplyError } from '../../base/reply.ts'

/** What a caller may pass where the wire carries a string. */
export type Text = string | Uint8Array
/** The same for what is not a key: numbers go in decimal, doubles with as many digits as they need. */
export type Value = Text | number | bigint
/** Pairs, as an object or map (members to scores, fields to values), as pairs, or flat in the order of the words. */
export type Entries =
  | Readonly<Record<string, Value>>
  | ReadonlyMap<Value, Value>
  | readonly (readonly [Value, Value])[]
  | readonly Value[]

/** When a value is read: as its word is met, or once the whole shape is known. (Late reading: `bytes`, read by the handler.) */
export type ReadAt = 'now' | 'end'

/** Redis' argument types, as COMMAND DOCS names them. */
export type DocType = 'string' | 'integer' | 'double' | 'pattern' | 'unix-time'

/** What an option does when it comes twice: the last one counts, it is a syntax error, or all are kept. */
export type Repeat = 'last' | 'error' | 'collect'

/** Limits and texts of a number. Without texts: Redis' standard ones. */
export interface NumberRule {
  readonly min?: number | bigint
  readonly max?: number
  /** Answered when the word is no number. */
  readonly invalid?: ReplyError
  /** Answered when the number is below `min` or above `max`. */
  readonly outside?: ReplyError
  /** Answered when the number is 0, where that means nothing. */
  readonly zero?: ReplyError
  readonly read?: ReadAt
  readonly doc?: DocType
}

interface Named<Name extends string, Got, Given, Optional extends boolean> {
  readonly name: Name
  readonly optional: Optional
  /** Members of the same oneOf share this name and exclude each other. */
  readonly oneOf?: string
  /** Phantom: carries the types, never present at run time. */
  readonly types?: { readonly got: Got; readonly given: Given }
}

export interface Node<N extends string = string, G = unknown, V = unknown, O extends boolean = boolean>
  extends Named<N, G, V, O> {
  readonly kind:
    | 'key'
    | 'bytes'
    | 'integer'
    | 'int64'
    | 'double'
    | 'timeout'
    | 'cursor'
    | 'choice'
    | 'flag'
    | 'option'
    | 'optional'
    | 'numkeys'
    | 'many'
    | 'tail'
    | 'halves'
    | 'counted'
    | 'words'
    | 'late'
    | 'sequence'
  /** What the syntax line and the docs call it, where the name must differ (two patterns in one command). */
  readonly label?: string
  readonly token?: string
  readonly inner?: readonly Node[]
  readonly choices?: readonly string[]
  readonly rule?: NumberRule
  /** Key access for key specs: `RW access delete`. */
  readonly access?: string
  readonly doc?: DocType
  readonly repeat?: Repeat
  readonly invalid?: ReplyError
  readonly read?: ReadAt
  /** In a oneOf: takes the place of the member given before instead of being refused. */
  readonly replaces?: true
  /** The smallest number of repetitions of a `many`, `tail` or `words`. */
  readonly least?: number
  /** The version of Redis that brought an option which redis-server 7.0 does not know. */
  readonly newIn?: string
}

type NameOf<A> = A extends Node<infer N, unknown, unknown, boolean> ? N : never
export type GotOf<A> = A extends Node<string, infer G, unknown, boolean> ? G : never
export type GivenOf<A> = A extends Node<string, unknown, infer V, boolean> ? V : never
type RequiredName<A> = A extends Node<infer N, unknown, unknown, false> ? N : never
type OptionalName<A> = A extends Node<infer N, unknown, unknown, true> ? N : never

/** The object a handler receives: one property per argument. */
export type Args<G extends readonly Node[]> = {
  readonly [A in G[number] as RequiredName<A>]: GotOf<A>
} & {
  readonly [A in G[number] as OptionalName<A>]?: GotOf<A> | undefined
}

/** A key. `access` is Redis' key-spec flags: `RO access`, `RW update`, `OW insert` … */
export const key = <const N extends string>(name: N, access: string): Node<N, Bytes, Text, false> => ({
  kind: 'key',
  name,
  optional: false,
  access,
})

/** A byte string; also every late argument, with `doc` saying what the handler will read from it. */
export const bytes = <const N extends string>(name: N, doc: DocType = 'string'): Node<N, Bytes, Text, false> => ({
  kind: 'bytes',
  name,
  optional: false,
  doc,
})

/** A 64-bit integer as a number (beyond 2^53 rounded: for counts, indexes and times). */
export const integer = <const N extends string>(name: N, rule: NumberRule = {}): Node<N, number, number, false> => ({
  kind: 'integer',
  name,
  optional: false,
  rule,
})

/** A 64-bit integer, exact: a number while safe, else a bigint. */
export const int64 = <const N extends string>(
  name: N,
  rule: NumberRule = {},
): Node<N, number | bigint, number | bigint, false> => ({ kind: 'int64', name, optional: false, rule })

/** A double, infinities included, never NaN. */
export const double = <const N extends string>(name: N, rule: NumberRule = {}): Node<N, number, number, false> => ({
  kind: 'double',
  name,
  optional: false,
  rule,
})

/** A blocking timeout in seconds on the wire and in the typed API; handlers get whole milliseconds, 0 waits for ever. */
export const timeout = <const N extends string>(name: N, read: ReadAt = 'now'): Node<N, number, number, false> => ({
  kind: 'timeout',
  name,
  optional: false,
  read,
})

/** Where a SCAN goes on: 0 at first, then what the last reply gave. */
export const cursor = <const N extends string>(name: N): Node<N, number, number, false> => ({
  kind: 'cursor',
  name,
  optional: false,
})

/** One of some words, any case; the handler gets it in upper case. */
export const choice = <const N extends string, const C extends string>(
  name: N,
  choices: readonly C[],
  invalid?: ReplyError,
): Node<N, C, C, false> => ({ kind: 'choice', name, optional: false, choices, ...(invalid && { invalid }) })

/** A word that may be present: `flag('NX')` gives `nx: true`. */
export const flag = <const T extends string, const N extends string = Lowercase<T>>(
  token: T,
  name?: N,
): Node<N, true, boolean, true> => ({ kind: 'flag', name: name ?? (token.toLowerCase() as N), optional: true, token })

/** A flag or option that may not come twice. */
export const once = <const A extends Node>(node: A): A => ({ ...node, repeat: 'error' })

/** `[TOKEN value]`: named after its value. */
export const option = <const N extends string, Got, Given>(
  token: string,
  inner: Node<N, Got, Given, false>,
  repeat: Repeat = 'last',
): Node<N, Got, Given, true> => ({ kind: 'option', name: inner.name, optional: true, token, inner: [inner], repeat })

/** An option that must be given, in any place among its neighbours; the handler answers when it is missing. */
export const required = <const N extends string, Got, Given>(
  node: Node<N, Got, Given, true>,
): Node<N, Got, Given, false> => ({ ...node, optional: false }) as Node<N, Got, Given, false>

/** `[TOKEN value]…`: every occurrence is kept (SORT's GET). */
export const options = <const N extends string, Got, Given>(
  token: string,
  inner: Node<N, Got, Given, false>,
): Node<N, readonly Got[], readonly Given[], true> => ({
  kind: 'option',
  name: inner.name,
  optional: true,
  token,
  inner: [inner],
  repeat: 'collect',
})

type GotTuple<I extends readonly Node[]> = { readonly [K in keyof I]: GotOf<I[K]> }
type GivenTuple<I extends readonly Node[]> = { readonly [K in keyof I]: GivenOf<I[K]> }

/** `[TOKEN x [x ...]]`: as many as `numkeys` announced keys. */
export const perKey = <const N extends string, Got, Given>(
  token: string,
  name: N,
  inner: Node<string, Got, Given, false>,
): Node<N, readonly Got[], readonly Given[], true> => ({
  kind: 'option',
  name,
  optional: true,
  token,
  inner: [many(name, inner)],
})

/** `[TOKEN a b]`: a tuple (LIMIT offset count). */
export const optionOf = <const N extends string, const I extends readonly Node[]>(
  name: N,
  token: string,
  inner: I,
  repeat: Repeat = 'last',
): Node<N, GotTuple<I>, GivenTuple<I>, true> => ({ kind: 'option', name, optional: true, token, inner, repeat })

/** Alternatives that exclude each other; spread it into the grammar. Another member of the group is a syntax error. */
export const oneOf = <const A extends readonly Node<string, unknown, unknown, true>[]>(
  name: string,
  ...members: A
): A => members.map((member) => ({ ...member, oneOf: name })) as readonly Node[] as A

/** Alternatives of which the last one given counts (SORT's ASC and DESC). */
export const lastOf = <const A extends readonly Node<string, unknown, unknown, true>[]>(
  name: string,
  ...members: A
): A => members.map((member) => ({ ...member, oneOf: name, replaces: true })) as readonly Node[] as A

/** A positional argument that may be absent at this place; spread several to make `[count [WITHVALUES]]`. */
export const optional = <const N extends string, Got, Given>(
  inner: Node<N, Got, Given, false>,
): Node<N, Got, Given, true> => ({ kind: 'optional', name: inner.name, optional: true, inner: [inner] })

/** `numkeys key [key …]`; `tooMany` is answered when fewer words follow than the number says. */
export const numkeys = <const N extends string>(
  name: N,
  access: string,
  rule: NumberRule = {},
  tooMany?: ReplyError,
): Node<N, readonly Bytes[], readonly Text[], false> => ({
  kind: 'numkeys',
  name,
  optional: false,
  access,
  rule,
  ...(tooMany && { invalid: tooMany }),
})

/** The rest of the words, each read by `inner`; at least one unless `least` says 0. */
export const many = <Got, Given, const N extends string>(
  name: N,
  inner: Node<string, Got, Given, false>,
  least = 1,
): Node<N, readonly Got[], readonly Given[], false> => ({ kind: 'many', name, optional: false, inner: [inner], least })

/** The rest of the words in tuples of `inner` (field value …); handlers get the flat words, unread. */
export const tail = <const N extends string>(
  name: N,
  inner: readonly Node[],
  invalid?: ReplyError,
): Node<N, readonly Bytes[], readonly Text[], false> => ({
  kind: 'tail',
  name,
  optional: false,
  inner,
  least: 1,
  ...(invalid && { invalid }),
})

/** `TOKEN key [key …] id [id …]`: as many of the second as of the first. Handlers get the flat words, keys first. */
export const halves = <const N extends string>(
  name: N,
  token: string,
  inner: readonly [Node, Node],
  invalid: ReplyError,
): Node<N, readonly Bytes[], readonly Text[], false> => ({
  kind: 'halves',
  name,
  optional: false,
  token,
  inner,
  invalid,
})

/**
 * `TOKEN number x [x ...]`: their number stands before them (FIELDS). Only within a `late`: the handler reads these words.
 * `label` is what the number is called.
 */
export const counted = <const N extends string, Got, Given>(
  name: N,
  token: string,
  label: string,
  inner: Node<string, Got, Given, false>,
): Node<N, readonly Got[], readonly Given[], false> => ({
  kind: 'counted',
  name,
  optional: false,
  token,
  label,
  inner: [inner],
})

/** The rest of the words, unread: rules that the handler parses (ACL SETUSER, CLIENT KILL). */
export const words = <const N extends string>(
  name: N,
  least = 0,
): Node<N, readonly Bytes[], readonly Text[], false> => ({ kind: 'words', name, optional: false, least })

/**
 * The rest of the words, unread: the handler reads even their shape after its look-up (BITCOUNT, LCS). `inner` says what
 * may stand there, to callers as if it stood in the grammar itself; handlers get the words.
 */
export const late = <const N extends string>(
  name: N,
  inner: readonly Node[],
): Node<N, readonly Bytes[], readonly Text[], false> => ({ kind: 'late', name, optional: false, inner })

/** A grammar with what its late nodes hold in their place: what callers see of it. */
export const spread = (nodes: readonly Node[]): readonly Node[] =>
  nodes.some(({ kind }) => kind === 'late')
    ? nodes.flatMap((node) => (node.kind === 'late' ? node.inner! : [node]))
    : nodes

/** Any of some options in any order, each any number of times, the order kept (BITFIELD). Handlers get the words, unread. */
export const sequence = <const N extends string>(
  name: N,
  ...members: readonly Node[]
): Node<N, readonly Bytes[], readonly (readonly (Text | number | bigint)[])[], false> => ({
  kind: 'sequence',
  name,
  optional: false,
  inner: members,
})

/** Marks an option that redis-server 7.0 does not know; random commands leave it out, for there is no oracle. */
export const newIn = <A extends Node>(version: string, node: A): A => ({ ...node, newIn: version })

/** Says what the syntax line and the docs call an argument whose name is taken. */
export const called = <A extends Node>(label: string, node: A): A => ({ ...node, label })

export type ArgName<A> = NameOf<A>
