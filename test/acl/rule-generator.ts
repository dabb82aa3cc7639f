/**
 * Random rules of ACL SETUSER: good ones, spoilt ones, and what lies between.
 */
import { createHash } from 'node:crypto'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import type { Random } from '../../src/base/random.ts'

const PASSWORDS = ['p', 'secret', '', '\xff\0', 'two words']
const HASHES = PASSWORDS.map((password) => createHash('sha256').update(password, 'latin1').digest('hex'))
/** Keys of generated commands are a letter and a digit: `s1`, `l0`. */
const KEYS = ['s*', 'l*', '?1', '?0', '[s-z]*', '[^s]*', 's1', 'z*', '*', 'S*', '*2', 'x\\1', 'h[0-2]', 't*', 'y*', '']
const CHANNELS = ['c*', 'news.*', 'c1', '*', '[a-m]*', 's1', '']
const WHOLE = [
  'allkeys',
  'resetkeys',
  '~*',
  'allchannels',
  'resetchannels',
  '&*',
  'allcommands',
  'nocommands',
  '+@all',
  '-@all',
]
const FLAGS = [
  'on',
  'on',
  'on',
  'off',
  'nopass',
  'resetpass',
  'sanitize-payload',
  'skip-sanitize-payload',
  'ON',
  'Reset',
  'clearselectors',
]
const ODD = [
  '',
  '+',
  '-',
  '+@',
  '~',
  '&',
  '%',
  '>',
  '<',
  '#',
  '!',
  '(',
  ')',
  '()',
  '( )',
  '+|',
  'on ',
  'all',
  '%~',
  '%R',
  '%rw~a',
  '((+get))',
]
const CHARS = [...'\0 |@~%()+-*"\'\n\xffRWx0\\']

export class RuleGenerator {
  readonly #random: Random
  readonly #commands: readonly string[]
  readonly #categories: readonly string[]

  /** `commands` are the names that rules may use, `config|get` included. */
  constructor(random: Random, commands: readonly string[], categories: readonly string[]) {
    this.#random = random
    this.#commands = commands
    this.#categories = categories
  }

  /** The rules of one ACL SETUSER. */
  rules(): Bytes[] {
    const rules = Array.from({ length: 1 + this.#random.below(6) }, () => this.#rule())
    if (this.#oneIn(3)) rules.push(this.#selector())
    if (this.#oneIn(12)) rules.unshift('reset')
    if (this.#oneIn(6)) rules.push(this.#oneIn(2) ? this.#pick(ODD) : this.#spoilt(this.#rule()))
    return rules.flatMap((rule) => this.#words(rule)).map(raw)
  }

  /** A password that users have, or nearly. */
  password(): Bytes {
    return raw(this.#pick(PASSWORDS))
  }

  #rule(): string {
    return this.#oneIn(4) ? this.#userRule() : this.#selectorRule()
  }

  #userRule(): string {
    switch (this.#random.below(4)) {
      case 0:
        return `${this.#pick(['>', '>', '<'])}${this.#pick(PASSWORDS)}`
      case 1:
        return `${this.#pick(['#', '#', '!'])}${this.#pick(HASHES)}`
      default:
        return this.#pick(FLAGS)
    }
  }

  #selectorRule(): string {
    switch (this.#random.below(8)) {
      case 0:
      case 1:
        return `${this.#pick(['~', '~', '%R~', '%W~', '%RW~', '%wr~', '%r~'])}${this.#pick(KEYS)}`
      case 2:
        return `&${this.#pick(CHANNELS)}`
      case 3:
      case 4:
        return `${this.#sign()}${this.#cased(this.#pick(this.#commands))}`
      case 5:
      case 6:
        return `${this.#sign()}@${this.#cased(this.#pick(this.#categories))}`
      default:
        return this.#oneIn(2)
          ? this.#pick(WHOLE)
          : `+${this.#pick(this.#commands)}|${this.#pick(['0', 's1', 'a', 'A'])}`
    }
  }

  #selector(): string {
    const rules = Array.from({ length: 1 + this.#random.below(4) }, () => this.#selectorRule())
    return `(${rules.join(' ')})`
  }

  /** A selector comes as one word or as several. */
  #words(rule: string): string[] {
    return rule.startsWith('(') && this.#oneIn(2) ? rule.split(' ') : [rule]
  }

  #spoilt(rule: string): string {
    const at = this.#random.below(rule.length + 1)
    const char = this.#pick(CHARS)
    if (this.#oneIn(3)) return rule.slice(0, at) + rule.slice(at + 1)
    return rule.slice(0, at) + char + rule.slice(at + this.#random.below(2))
  }

  #cased(word: string): string {
    return this.#oneIn(5) ? word.toUpperCase() : word
  }

  #sign(): string {
    return this.#oneIn(3) ? '-' : '+'
  }

  #oneIn(n: number): boolean {
    return this.#random.below(n) === 0
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)]!
  }
}
