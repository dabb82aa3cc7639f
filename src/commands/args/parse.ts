/**
 * From words to a handler's arguments: the first reader of the grammar.
 *
 * The one idea: the order of errors is behaviour. Positional nodes take words in order; a run of optional nodes is one
 * *block*, matched by token in any order until a word is none of them. A value is read as its word is met (`now`) or,
 * when it says `end`, once the shape of the whole command is known. Words left over are a syntax error,
 * unless the command has words of its own for them.
 * Parsers are compiled to closures once per command.
 */
import type { Bytes } from '../../base/bytes.ts'
import { upper } from '../../base/bytes.ts'
import { SYNTAX } from '../../base/errors.ts'
import type { ReplyError } from '../../base/reply.ts'
import type { Node } from './nodes.ts'
import { readerOf } from './values.ts'

/** What a compiled parser fills while it walks. */
interface Walk {
  readonly argv: readonly Bytes[]
  at: number
  readonly out: Record<string, unknown>
  /** Values to read once the shape is known. */
  readonly atEnd: (() => void)[]
  /** How many keys `numkeys` announced: so many words an option of `many` takes. */
  keys: number
  /** Which member of each oneOf was met. */
  readonly met: Record<string, Node> | undefined
}

type Step = (walk: Walk) => void

/** Compiles a grammar into a parser; `from` is the index of the first argument (2 for subcommands). */
export function compileParser(
  grammar: readonly Node[],
  from: number,
  leftover: (word: Bytes) => ReplyError = () => SYNTAX,
): (argv: readonly Bytes[]) => Record<string, unknown> {
  const steps = compileSteps(grammar)
  const exclusive = grammar.some((node) => node.oneOf !== undefined)
  return (argv) => {
    const walk: Walk = { argv, at: from, out: {}, atEnd: [], keys: 0, met: exclusive ? {} : undefined }
    for (const step of steps) step(walk)
    if (walk.at < argv.length) throw leftover(argv[walk.at]!)
    for (const read of walk.atEnd) read()
    return walk.out
  }
}

function compileSteps(grammar: readonly Node[]): Step[] {
  const steps: Step[] = []
  for (let i = 0; i < grammar.length; ) {
    const node = grammar[i]!
    if (!isToken(node)) {
      steps.push(positional(node, grammar.slice(i + 1)))
      i++
      continue
    }
    const block: Node[] = []
    while (i < grammar.length && isToken(grammar[i]!)) block.push(grammar[i++]!)
    steps.push(optionBlock(block))
  }
  return steps
}

const isToken = (node: Node): boolean => node.kind === 'flag' || node.kind === 'option'

function optionBlock(block: readonly Node[]): Step {
  const byToken = new Map(block.map((node) => [node.token!, node]))
  const takers = new Map(block.map((node) => [node, node.inner ? compileTakers(node.inner) : []]))
  return (walk) => {
    while (walk.at < walk.argv.length) {
      const node = byToken.get(upper(walk.argv[walk.at]!))
      if (node === undefined) return
      admit(node, walk)
      walk.at++
      if (node.kind === 'flag') walk.out[node.name] = true
      else if (node.inner?.[0]?.kind === 'many') takePerKey(node, walk)
      else takeOption(node, takers.get(node)!, walk)
    }
  }
}

/** Refuses a second member of a oneOf, and a repeat where the option says so. */
function admit(node: Node, walk: Walk): void {
  if (node.repeat === 'error' && walk.out[node.name] !== undefined) throw SYNTAX
  if (node.oneOf === undefined || walk.met === undefined) return
  const before = walk.met[node.oneOf]
  if (before !== undefined && before !== node) {
    if (node.replaces === undefined) throw SYNTAX
    delete walk.out[before.name]
  }
  walk.met[node.oneOf] = node
}

function takeOption(node: Node, takers: readonly Taker[], walk: Walk): void {
  if (walk.at + takers.length > walk.argv.length) throw SYNTAX
  const { out } = walk
  if (takers.length === 1) {
    takers[0]!(walk, (value) => {
      if (node.repeat !== 'collect') out[node.name] = value
      else {
        const list = (out[node.name] ?? []) as unknown[]
        list.push(value)
        out[node.name] = list
      }
    })
    return
  }
  const tuple: unknown[] = []
  out[node.name] = tuple
  takers.forEach((take, i) => {
    take(walk, (value) => {
      tuple[i] = value
    })
  })
}

/** `WEIGHTS weight [weight ...]`: one word for each key before. */
function takePerKey(node: Node, walk: Walk): void {
  const end = walk.at + walk.keys
  if (end > walk.argv.length) throw SYNTAX
  walk.out[node.name] = walk.argv.slice(walk.at, end).map(readerOf(node.inner![0]!.inner![0]!))
  walk.at = end
}

/** Takes one word and hands its value to `put`, now or at the end. */
type Taker = (walk: Walk, put: (value: unknown) => void) => void

const compileTakers = (nodes: readonly Node[]): Taker[] => nodes.map(compileTaker)

function compileTaker(node: Node): Taker {
  const read = readerOf(node)
  const end = (node.read ?? node.rule?.read) === 'end'
  return (walk, put) => {
    const word = walk.argv[walk.at]
    if (word === undefined) throw SYNTAX
    walk.at++
    if (end) walk.atEnd.push(() => put(read(word)))
    else put(read(word))
  }
}

function positional(node: Node, after: readonly Node[]): Step {
  const { name } = node
  switch (node.kind) {
    case 'numkeys':
      return takeNumkeys(node)
    case 'optional': {
      const take = compileTaker(node.inner![0]!)
      return (walk) => {
        if (walk.at >= walk.argv.length) return
        take(walk, (value) => {
          walk.out[name] = value
        })
      }
    }
    case 'many':
      return takeMany(node, wordsOf(after))
    case 'tail':
      return takeTail(node)
    case 'halves':
      return takeHalves(node)
    case 'words':
    case 'late':
    case 'sequence':
      return (walk) => {
        walk.out[name] = walk.argv.slice(walk.at)
        walk.at = walk.argv.length
      }
    default: {
      const take = compileTaker(node)
      return (walk) =>
        take(walk, (value) => {
          walk.out[name] = value
        })
    }
  }
}

function takeNumkeys(node: Node): Step {
  const read = readerOf(node)
  return (walk) => {
    const count = read(walk.argv[walk.at]!) as number
    const from = walk.at + 1
    if (count > walk.argv.length - from) throw node.invalid ?? SYNTAX
    walk.out[node.name] = walk.argv.slice(from, from + count)
    walk.keys = count
    walk.at = from + count
  }
}

/** `many` takes all but the words that the nodes after it need (BLPOP key [key …] timeout). */
function takeMany(node: Node, reserved: number): Step {
  const inner = node.inner![0]!
  const read = readerOf(inner)
  const plain = inner.kind === 'key' || inner.kind === 'bytes'
  return (walk) => {
    const end = walk.argv.length - reserved
    if (end - walk.at < (node.least ?? 1)) throw SYNTAX
    const taken = walk.argv.slice(walk.at, end)
    walk.out[node.name] = plain ? taken : taken.map(read)
    walk.at = end
  }
}

const wordsOf = (nodes: readonly Node[]): number => nodes.filter((node) => !node.optional).length

function takeTail(node: Node): Step {
  const width = node.inner!.length
  return (walk) => {
    const count = walk.argv.length - walk.at
    if (count === 0 || count % width !== 0) throw node.invalid ?? SYNTAX
    walk.out[node.name] = walk.argv.slice(walk.at)
    walk.at = walk.argv.length
  }
}

function takeHalves(node: Node): Step {
  return (walk) => {
    const word = walk.argv[walk.at]
    if (word === undefined || upper(word) !== node.token) throw SYNTAX
    const count = walk.argv.length - walk.at - 1
    if (count === 0) throw SYNTAX
    if (count % 2 !== 0) throw node.invalid ?? SYNTAX
    walk.out[node.name] = walk.argv.slice(walk.at + 1)
    walk.at = walk.argv.length
  }
}
