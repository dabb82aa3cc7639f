/**
 * Commands that fill a server with values of every type, small and large, from a seed.
 *
 * The one idea: the same commands go to either side; what matters is the forms that the data takes, so lengths, widths
 * and limits stand at the borders of Redis' encodings.
 */
import { type Argv, type Bytes, raw } from '../../src/base/bytes.ts'
import type { Random } from '../../src/base/random.ts'

const INTEGERS = [
  ...[
    '0',
    '12',
    '13',
    '-1',
    '63',
    '64',
    '127',
    '128',
    '-128',
    '-129',
    '4095',
    '4096',
    '-4096',
    '-4097',
    '32767',
    '32768',
  ],
  ...['-32768', '-32769', '8388607', '8388608', '-8388608', '-8388609', '2147483647', '2147483648', '-2147483648'],
  ...['-2147483649', '9007199254740991', '9007199254740992', '-9007199254740993', '9223372036854775807'],
  ...['-9223372036854775808', '01', '-0', '+1', ' 1', '9223372036854775808'],
]
const SCORES = [
  '0',
  '1',
  '-1',
  '1.5',
  '0.1',
  '-0',
  'inf',
  '-inf',
  '1e17',
  '1e300',
  '5e-324',
  '3.0000000000000004',
  '123456789',
]
const LENGTHS = [0, 1, 5, 11, 12, 20, 21, 44, 63, 64, 65, 126, 127, 128, 253, 254, 255, 300]
const LONG = [4095, 4096, 8000, 16383, 20000, 70000]
const IDS = ['7-1', '9007199254740993-5', '18446744073709551610-0']
const FAR_MS = 4102444800000

/** Makes the commands of one seed. */
export class Dataset {
  readonly #random: Random
  readonly #commands: Argv[] = []
  #keys = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** Directives of the small encodings, drawn anew for each seed; both sides know them. */
  limits(): Argv[] {
    const entries = ['0', '1', '8', '128', '512', '1000']
    const directives: Readonly<Record<string, readonly string[]>> = {
      'hash-max-listpack-entries': entries,
      'hash-max-listpack-value': ['8', '64', '100000'],
      'zset-max-listpack-entries': entries,
      'zset-max-listpack-value': ['8', '64', '100000'],
      'set-max-intset-entries': entries,
      'list-max-listpack-size': ['-5', '-2', '-1', '1', '3', '128'],
      'stream-node-max-entries': ['1', '3', '100', '0'],
      'stream-node-max-bytes': ['0', '200', '4096'],
    }
    return Object.entries(directives).map(([name, values]) => ['CONFIG', 'SET', name, this.#pick(values)].map(raw))
  }

  /** About `count` keys. */
  fill(count: number): readonly Argv[] {
    const makers = [this.#string, this.#list, this.#set, this.#sortedSet, this.#hash, this.#stream, this.#log]
    this.#add('FLUSHALL')
    for (let i = 0; i < count; i++) {
      if (this.#oneIn(6)) this.#add('SELECT', `${this.#random.below(3)}`)
      const key = raw(`${this.#oneIn(5) ? this.#word() : ''}:${this.#keys++}`)
      makers[i % makers.length]!.call(this, key)
      if (this.#oneIn(4)) this.#add('PEXPIREAT', key, `${FAR_MS + this.#random.below(1e9)}`)
    }
    return this.#commands
  }

  #add(...words: (string | Bytes)[]): void {
    this.#commands.push(words.map(raw))
  }

  #oneIn(n: number): boolean {
    return this.#random.below(n) === 0
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#random.below(choices.length)]!
  }

  /** A few mostly; sometimes beyond every limit. */
  #size(): number {
    return this.#oneIn(8) ? 600 + this.#random.below(1500) : 1 + this.#random.below(this.#oneIn(2) ? 8 : 140)
  }

  #word(): string {
    switch (this.#random.below(6)) {
      case 0:
        return this.#pick(INTEGERS)
      case 1:
        return `${this.#random.below(1e9) - 5e8}`
      case 2:
        return this.#binary(this.#pick(LENGTHS))
      case 3:
        return 'ab'.repeat(this.#pick(LENGTHS))
      case 4:
        return this.#oneIn(40) ? this.#long() : `value-${this.#random.below(50)}`
      default:
        return `${this.#random.below(1000)}`
    }
  }

  #long(): string {
    const length = this.#pick(LONG)
    if (this.#oneIn(3)) return this.#binary(length)
    return `${this.#binary(9)} and so on, `.repeat(Math.ceil(length / 20)).slice(0, length)
  }

  #binary(length: number): string {
    return Buffer.from(this.#random.bytes(length)).latin1Slice()
  }

  #words(): string[] {
    return Array.from({ length: this.#size() }, () => this.#word())
  }

  #string(key: Bytes): void {
    if (this.#oneIn(5)) this.#add('PFADD', key, ...this.#words())
    else this.#add('SET', key, this.#oneIn(4) ? this.#long() : this.#word())
    if (this.#oneIn(5)) this.#add('APPEND', key, this.#word())
  }

  #list(key: Bytes): void {
    this.#add('RPUSH', key, ...this.#words())
    if (this.#oneIn(2)) this.#add('LPUSH', key, ...this.#words())
    if (this.#oneIn(3)) this.#add('LREM', key, '0', 'value-7')
    if (this.#oneIn(10)) this.#add('RPUSH', key, this.#long(), this.#long())
  }

  #set(key: Bytes): void {
    const width = this.#pick([100, 3e4, 2e9, 9e15])
    const integers = (): string[] => Array.from({ length: this.#size() }, () => `${this.#random.below(width) - 50}`)
    this.#add('SADD', key, ...(this.#oneIn(2) ? integers() : this.#words()))
    if (this.#oneIn(6)) this.#add('SADD', key, this.#pick(INTEGERS))
  }

  #sortedSet(key: Bytes): void {
    const pairs = this.#words().flatMap((member) => [
      this.#oneIn(3) ? this.#pick(SCORES) : `${this.#random.below(1e6) / this.#pick([1, 3, 8])}`,
      member,
    ])
    this.#add('ZADD', key, ...pairs)
  }

  #hash(key: Bytes): void {
    this.#add('HSET', key, ...this.#words().flatMap((field) => [field, this.#word()]))
    if (this.#oneIn(3)) this.#add('HDEL', key, 'value-7', '1', '2')
  }

  /** Entries with regular and with odd fields, deletions, trims, groups and what they hold. */
  #stream(key: Bytes): void {
    const size = this.#size()
    const ids: string[] = []
    const start = 1000 + this.#random.below(1e12)
    for (let i = 0; i < size; i++) {
      const id = `${start + i * this.#random.below(3)}-${i}`
      const odd = this.#oneIn(9) ? [this.#word(), this.#word()] : []
      this.#add(
        'XADD',
        key,
        i === 0 ? id : this.#oneIn(3) ? `${start + i * 7}-*` : `${start + i * 7}-${i}`,
        'name',
        this.#word(),
        'other',
        'x',
        ...odd,
      )
      ids.push(`${start + i * 7}-${i}`)
    }
    if (this.#oneIn(2)) for (const id of ids) if (this.#oneIn(4)) this.#add('XDEL', key, id)
    if (this.#oneIn(4)) this.#add('XTRIM', key, 'MAXLEN', this.#pick(['=', '~']), `${Math.floor(size / 2)}`)
    for (const name of ['g1', this.#word(), 'group']) if (this.#oneIn(2)) this.#group(key, name, ids)
    if (this.#oneIn(8)) this.#add('XTRIM', key, 'MAXLEN', '0')
    if (this.#oneIn(8)) this.#add('XSETID', key, '99999999999999-7', 'ENTRIESADDED', '100000', 'MAXDELETEDID', '5-5')
  }

  #group(key: Bytes, name: string, ids: readonly string[]): void {
    this.#add(
      'XGROUP',
      'CREATE',
      key,
      name,
      this.#pick(['0', '$', ids[0]!]),
      ...(this.#oneIn(2) ? ['ENTRIESREAD', '3'] : []),
    )
    this.#add('XGROUP', 'CREATECONSUMER', key, name, 'idle')
    for (const consumer of ['c1', 'c2', this.#word()]) {
      this.#add('XREADGROUP', 'GROUP', name, consumer, 'COUNT', `${this.#random.below(400) + 1}`, 'STREAMS', key, '>')
    }
    const some = ids.filter(() => this.#oneIn(3))
    if (some.length === 0) return
    this.#add('XACK', key, name, ...some)
    this.#add(
      'XCLAIM',
      key,
      name,
      'c9',
      '0',
      ...ids.filter(() => this.#oneIn(9)),
      ids[0]!,
      'TIME',
      '1234567890123',
      'RETRYCOUNT',
      '300',
      'FORCE',
    )
  }

  /** A stream whose ids are at the ends of 64 bits. */
  #log(key: Bytes): void {
    for (const id of IDS) this.#add('XADD', key, id, 'a', this.#word())
    this.#add('XADD', key, '18446744073709551610-18446744073709551614', 'b', this.#word())
    this.#add('XGROUP', 'CREATE', key, 'g', '0')
    this.#add('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', key, '>')
    if (this.#oneIn(2)) this.#add('XDEL', key, this.#pick(IDS))
  }
}
