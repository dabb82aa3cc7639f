/**
 * Random commands from the grammar: valid ones, nearly valid ones, and what lies between.
 *
 * The one idea: the grammar says what each word is, a small world of keys, members and numbers makes commands meet each
 * other, and a seed replays a run. Keys carry their usual type in their name (`l1` is mostly a list), so that most
 * commands find something to do and some meet the wrong type.
 */
import { type Bytes, raw } from '../base/bytes.ts'
import type { Random } from '../base/random.ts'
import { type Node, spread } from '../commands/args/nodes.ts'
import type { Command, Group } from '../commands/command.ts'
import { MEMBERS, wordsFor } from './argv-words.ts'

/** Letters of keys by the group that mostly uses them. */
const KEY_LETTER: Partial<Record<Group, string>> = {
  string: 's',
  bitmap: 'b',
  list: 'l',
  hash: 'h',
  set: 't',
  'sorted-set': 'z',
  stream: 'x',
  hyperloglog: 'p',
  geo: 'g',
}

const LETTERS = ['s', 'l', 'h', 't', 'z', 'x', 'b', 'p', 'g']

export interface GeneratorOptions {
  /** Keys per letter. */
  readonly keys?: number
  /** One command in so many is spoilt: a word dropped, doubled, replaced or put in. */
  readonly spoilOneIn?: number
}

export class ArgvGenerator {
  readonly #random: Random
  readonly #keys: number
  readonly #spoilOneIn: number
  /** How often each token was written: `SET EX`. */
  readonly tokens = new Map<string, number>()
  /** Keys of the last numkeys, which options of one word per key follow. */
  #keyCount = 0

  constructor(random: Random, options: GeneratorOptions = {}) {
    this.#random = random
    this.#keys = options.keys ?? 4
    this.#spoilOneIn = options.spoilOneIn ?? 12
  }

  /** The words of one call of a command. */
  next(command: Command): Bytes[] {
    if (command.name === 'ZADD' && this.#oneIn(4)) return this.#equalScores()
    const argv = command.name.split('|').map(raw)
    this.#nodes(command, spread(command.spec.args), argv)
    this.#lexOnEqualScores(command, argv)
    // Where a later version lets a word follow, one too many has no oracle.
    const newer = command.spec.args.some(({ newIn }) => newIn !== undefined)
    return this.#random.below(this.#spoilOneIn) === 0 && !newer ? this.#spoil(argv, command) : argv
  }

  /** ZADD to a set whose members all have the same score. */
  #equalScores(): Bytes[] {
    const members = Array.from({ length: 1 + this.#random.below(3) }, () => this.#pick(MEMBERS))
    return ['ZADD', this.#lexKey(), ...members.flatMap((member) => ['0', member])].map(raw)
  }

  /** Ranges by lex go to sets of equal scores: of others Redis says itself that the result is unspecified. */
  #lexOnEqualScores(command: Command, argv: Bytes[]): void {
    const byOption = argv.some((word) => word.toUpperCase() === 'BYLEX')
    if (!byOption && !/^Z.*LEX/.test(command.name)) return
    argv[command.name === 'ZRANGESTORE' ? 2 : 1] = raw(this.#lexKey())
  }

  #lexKey(): string {
    return `y${this.#random.below(this.#keys)}`
  }

  /** True once in `n`. */
  #oneIn(n: number): boolean {
    return this.#random.below(n) === 0
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)]!
  }

  #nodes(command: Command, nodes: readonly Node[], out: Bytes[]): void {
    for (let i = 0; i < nodes.length; ) {
      if (!isToken(nodes[i]!)) {
        if (!this.#positional(command, nodes[i]!, out)) return
        i++
        continue
      }
      const block: Node[] = []
      for (; i < nodes.length && isToken(nodes[i]!); i++) if (nodes[i]!.newIn === undefined) block.push(nodes[i]!)
      this.#block(command, block, out)
    }
  }

  /** A block of options: some of them, in any order, seldom two that exclude each other. */
  #block(command: Command, block: readonly Node[], out: Bytes[]): void {
    const met = new Set<string>()
    const wanted = block.length > 6 ? 4 : 2
    for (const node of shuffled(block, this.#random)) {
      if (!this.#oneIn(Math.max(2, Math.ceil(block.length / wanted)))) continue
      if (node.oneOf !== undefined && met.has(node.oneOf) && !this.#oneIn(10)) continue
      if (node.oneOf !== undefined) met.add(node.oneOf)
      const times = node.repeat === 'collect' ? 1 + this.#random.below(3) : this.#oneIn(25) ? 2 : 1
      for (let n = 0; n < times; n++) this.#token(command, node, out)
    }
  }

  #token(command: Command, node: Node, out: Bytes[]): void {
    const count = `${command.name} ${node.token}`
    this.tokens.set(count, (this.tokens.get(count) ?? 0) + 1)
    out.push(raw(this.#oneIn(4) ? node.token!.toLowerCase() : node.token!))
    for (const inner of node.inner ?? []) {
      if (inner.kind !== 'many') out.push(this.#word(command, inner))
      else for (let n = 0; n < this.#keyCount; n++) out.push(this.#word(command, inner.inner![0]!))
    }
  }

  /** One positional node; false when an optional one was left out, which ends the command. */
  #positional(command: Command, node: Node, out: Bytes[]): boolean {
    switch (node.kind) {
      case 'optional':
        if (this.#oneIn(2)) return false
        out.push(this.#word(command, node.inner![0]!))
        return true
      case 'numkeys': {
        const count = 1 + this.#random.below(3)
        this.#keyCount = count
        out.push(raw(`${this.#oneIn(20) ? this.#random.below(5) - 1 : count}`))
        for (let n = 0; n < count; n++) out.push(this.#key(command))
        return true
      }
      case 'many':
      case 'tail': {
        const times = Math.max(node.least ?? 1, 1) + (this.#oneIn(3) ? this.#random.below(4) : 0)
        for (let n = 0; n < times; n++) for (const inner of node.inner!) out.push(this.#word(command, inner))
        return true
      }
      case 'halves': {
        const times = 1 + this.#random.below(2)
        const [first, second] = node.inner!
        out.push(raw(node.token!))
        for (let n = 0; n < times; n++) out.push(this.#word(command, first!))
        for (let n = 0; n < times; n++) out.push(this.#word(command, second!))
        return true
      }
      case 'counted': {
        const count = 1 + this.#random.below(3)
        out.push(raw(node.token!), raw(`${this.#oneIn(20) ? this.#random.below(5) - 1 : count}`))
        for (let n = 0; n < count; n++) out.push(this.#word(command, node.inner![0]!))
        return true
      }
      case 'sequence':
        for (let n = this.#random.below(7); n > 0; n--) this.#token(command, this.#pick(node.inner!), out)
        return true
      case 'words':
        return true
      default:
        out.push(this.#word(command, node))
        return true
    }
  }

  #word(command: Command, node: Node): Bytes {
    if (node.kind === 'key') return this.#key(command)
    if (node.kind === 'choice') {
      const word = this.#pick(node.choices!)
      const count = `${command.name} ${word}`
      this.tokens.set(count, (this.tokens.get(count) ?? 0) + 1)
      return raw(this.#oneIn(4) ? word.toLowerCase() : word)
    }
    return raw(this.#pick(wordsFor(command, node)))
  }

  /** A key: mostly of the group's own type. */
  #key(command: Command): Bytes {
    const own = KEY_LETTER[command.spec.group]
    const letter = own !== undefined && !this.#oneIn(12) ? own : this.#pick(LETTERS)
    return raw(`${letter}${this.#random.below(this.#keys)}`)
  }

  #spoil(argv: Bytes[], command: Command): Bytes[] {
    const at = 1 + this.#random.below(argv.length)
    switch (this.#random.below(5)) {
      case 0:
        return argv.filter((_, i) => i !== at || i === 0)
      case 1:
        return [...argv.slice(0, at), argv[Math.min(at, argv.length - 1)]!, ...argv.slice(at)]
      case 2:
        return [...argv, raw(this.#pick(['foo', '', '1', 'NX', 'COUNT', 'LIMIT']))]
      case 3:
        return argv.length > 2 ? argv.with(Math.min(at, argv.length - 1), raw(this.#pick(BAD_WORDS))) : argv
      default:
        return argv.slice(0, Math.max(command.parent === undefined ? 1 : 2, at))
    }
  }
}

const BAD_WORDS = ['abc', '', '-1', '1.5', '9223372036854775808', ' 1', '\x00\xff', '99999999999999999999', '+1', 'nan']

const isToken = (node: Node): boolean => node.kind === 'flag' || node.kind === 'option'

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items]
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = out[i]!
    out[i] = out[j]!
    out[j] = kept
  }
  return out
}
