/**
 * One run of generated commands on both sides: several clients, MULTI, blocking, expiry, notifications.
 *
 * The one idea: no expected values. Whatever each client receives is compared raw; only where a listed difference
 * allows it are replies compared more loosely. Every few hundred commands the whole data is compared too.
 */
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import type { Command } from '../../src/commands/command.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { ArgvGenerator } from '../../src/testing/argv-generator.ts'
import { Peers } from '../oracle/peers.ts'
import type { OracleServer } from '../oracle/redis-server.ts'
import { commandsOf, SCANS } from './commands.ts'
import { dataOf } from './data.ts'
import { canonical, differences, itemsOf } from './differences.ts'

export interface RunReport {
  readonly commands: number
  readonly mismatches: readonly string[]
  readonly tokens: ReadonlyMap<string, number>
  readonly effects: readonly Effect[]
  readonly peers: Peers
}

const CLIENTS = ['1', '2', '3', '4']
/** Hears every event, in RESP3. */
const LISTENER = 'listener'
const MOST_MISMATCHES = 10

export class World {
  readonly #peers: Peers
  readonly #random
  readonly #generator: ArgvGenerator
  readonly #mismatches: string[] = []
  readonly #effects: Effect[] = []
  readonly #queued = new Map<string, Bytes[][]>()
  readonly #ids = new Map<string, { ours: Bytes; theirs: Bytes }>()
  readonly #commands: readonly Command[]
  #history: string[] = []

  constructor(server: OracleServer, seed: number) {
    this.#peers = new Peers(server)
    this.#random = seededRandom(seed)
    this.#generator = new ArgvGenerator(this.#random)
    this.#commands = commandsOf(this.#peers.engine.table)
  }

  /** Runs so many commands and reports. */
  async run(count: number): Promise<RunReport> {
    await this.#setUp()
    let done = 0
    for (; done < count && this.#mismatches.length < MOST_MISMATCHES; done++) {
      await this.#step()
      if (done % 500 === 499) await this.#compareData()
    }
    await this.#finish()
    const { tokens } = this.#generator
    return { commands: done, mismatches: this.#mismatches, tokens, effects: this.#effects, peers: this.#peers }
  }

  /** Hangs up and gives the server the time to notice, so that no listener of this run hears the next. */
  async close(): Promise<void> {
    this.#peers.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }

  async #setUp(): Promise<void> {
    const { engine } = this.#peers
    engine.keyspace.reports.wantsEffects = true
    engine.onEffects = (effects) => this.#effects.push(...effects)
    await this.#plain('1', ['FLUSHALL'])
    await this.#plain('1', ['CONFIG', 'SET', 'notify-keyspace-events', 'AKEmn'])
    await this.#plain('1', ['DEBUG', 'SET-ACTIVE-EXPIRE', '0'])
    await this.#plain('2', ['HELLO', '3'])
    await this.#plain(LISTENER, ['HELLO', '3'])
    await this.#plain(LISTENER, ['PSUBSCRIBE', '*'])
    for (const name of CLIENTS) {
      await this.#peers.deliver(name, [raw('CLIENT'), raw('ID')])
      const { ours, theirs } = this.#peers.received()
      const idOf = (text: string | undefined): Bytes => raw((text ?? ':0').slice(1).trim())
      this.#ids.set(name, { ours: idOf(ours.get(name)), theirs: idOf(theirs.get(name)) })
    }
  }

  /** A command of the harness itself; its replies are not compared. */
  async #plain(name: string, words: readonly string[]): Promise<void> {
    await this.#peers.deliver(name, words.map(raw))
    this.#peers.received()
  }

  async #step(): Promise<void> {
    const free = CLIENTS.filter((name) => !this.#peers.isParked(name))
    if (free.length < 2) return this.#unblock()
    const name = free[this.#random.below(free.length)]!
    if (this.#random.below(150) === 0) return this.#letExpire(name)
    const command = this.#commands[this.#random.below(this.#commands.length)]!
    const argv = this.#generator.next(command)
    // Inside MULTI these answer several times, so that EXEC's reply has more elements than commands; transcripts show it.
    if (this.#queued.has(name) && /UNSUBSCRIBE$/.test(command.name)) return
    if (SCANS.has(command.name)) {
      // Inside MULTI a cursor could not be followed.
      if (!this.#queued.has(name)) await this.#scan(name, command, argv)
      return
    }
    await this.#exchange(name, command, argv)
    // What a random pop left behind differs on the two sides.
    if (command.name === 'SPOP' && argv.length > 1) await this.#send(name, [raw('DEL'), argv[1]!])
  }

  #send(name: string, argv: Bytes[]): Promise<void> {
    return this.#exchange(name, this.#peers.engine.table.find(argv), argv)
  }

  async #exchange(name: string, command: Command | undefined, argv: Bytes[]): Promise<void> {
    this.#remember(name, argv)
    await this.#peers.deliver(name, argv)
    const { ours, theirs } = this.#peers.received()
    for (const client of new Set([...ours.keys(), ...theirs.keys()])) {
      const mine = ours.get(client) ?? ''
      const other = theirs.get(client) ?? ''
      if (mine === other) continue
      if (client === name && this.#alike(name, command, argv, mine, other)) continue
      this.#report(`client ${client}`, mine, other)
    }
    this.#followQueue(name, argv, ours.get(name) ?? '')
  }

  /** Whether listed differences explain it. */
  #alike(name: string, command: Command | undefined, argv: Bytes[], ours: string, theirs: string): boolean {
    const [mine, others] = [decodeAll(ours), decodeAll(theirs)]
    if (command === undefined || mine.length !== others.length) return false
    const queue = this.#queued.get(name)
    if (command.name === 'EXEC' && queue !== undefined) return this.#queueAlike(queue, mine.at(-1)!, others.at(-1)!)
    return mine.every((reply, i) => allowed(command, reply, others[i]!, argv))
  }

  #queueAlike(queue: readonly Bytes[][], ours: Reply, theirs: Reply): boolean {
    const mine = itemsOf(ours)
    const others = itemsOf(theirs)
    if (mine?.length !== queue.length || others?.length !== queue.length) return false
    return queue.every((argv, i) => {
      const command = this.#peers.engine.table.find(argv)
      return command !== undefined && allowed(command, mine[i]!, others[i]!, argv)
    })
  }

  #followQueue(name: string, argv: Bytes[], reply: string): void {
    if (reply.includes('+QUEUED')) this.#queued.get(name)?.push(argv)
    else if (/^multi$/i.test(argv[0]!) && reply.startsWith('+OK')) this.#queued.set(name, [])
    else if (/^(exec|discard|reset)$/i.test(argv[0]!) && argv.length === 1) this.#queued.delete(name)
  }

  /** A whole iteration on each side; what was found is compared as a set. */
  async #scan(name: string, command: Command, argv: Bytes[]): Promise<void> {
    this.#remember(name, argv)
    const at = command.name === 'SCAN' ? 1 : 2
    const start = argv.length > at ? argv.with(at, raw('0')) : argv
    const found = [await this.#iterate(name, start, at, true), await this.#iterate(name, start, at, false)]
    if (found[0] !== found[1]) this.#report(`client ${name}, whole iteration`, found[0]!, found[1]!)
  }

  async #iterate(name: string, start: Bytes[], at: number, ours: boolean): Promise<string> {
    const step = command(start) === 'SSCAN' || command(start) === 'SCAN' ? 1 : 2
    const found = new Set<string>()
    let argv = start
    for (let turn = 0; turn < 1000; turn++) {
      await this.#peers.deliverApart(name, ours ? argv : undefined, ours ? undefined : argv)
      const received = this.#peers.received()
      const text = (ours ? received.ours : received.theirs).get(name) ?? ''
      const items = itemsOf(decodeAll(text).at(-1) ?? null)
      if (items?.length !== 2) return text
      const page = itemsOf(items[1]!) ?? []
      for (let i = 0; i < page.length; i += step)
        found.add(
          page
            .slice(i, i + step)
            .map(String)
            .join('='),
        )
      if (items[0] === '0') break
      argv = argv.with(at, items[0] as Bytes)
    }
    return [...found].sort().join(' ')
  }

  /** Gives a key five milliseconds, lets it pass on both sides, and meets the key. */
  async #letExpire(name: string): Promise<void> {
    if (this.#queued.has(name)) return
    const key = raw(`${['s', 'l', 'h', 't', 'z', 'x'][this.#random.below(6)]}${this.#random.below(4)}`)
    await this.#send(name, [raw('PEXPIRE'), key, raw('5')])
    await new Promise((resolve) => setTimeout(resolve, 15))
    await this.#send(name, [raw('EXISTS'), key])
  }

  async #unblock(): Promise<void> {
    const parked = CLIENTS.filter((name) => this.#peers.isParked(name))
    const free = CLIENTS.find((name) => !this.#peers.isParked(name))!
    const id = this.#ids.get(parked[this.#random.below(parked.length)]!)!
    const how = raw(this.#random.below(2) === 0 ? 'TIMEOUT' : 'ERROR')
    if (this.#queued.has(free)) await this.#send(free, [raw('DISCARD')])
    const words = (which: Bytes): Bytes[] => [raw('CLIENT'), raw('UNBLOCK'), which, how]
    this.#remember(free, words(id.ours))
    await this.#peers.deliverApart(free, words(id.ours), words(id.theirs))
    this.#compareReceived()
  }

  #compareReceived(): void {
    const { ours, theirs } = this.#peers.received()
    for (const client of new Set([...ours.keys(), ...theirs.keys()])) {
      if (ours.get(client) !== theirs.get(client)) {
        this.#report(`client ${client}`, ours.get(client) ?? '', theirs.get(client) ?? '')
      }
    }
  }

  async #compareData(): Promise<void> {
    const { ours, theirs } = await dataOf(this.#peers)
    for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
      if (ours.get(key) !== theirs.get(key)) {
        this.#report(`data of ${key}`, ours.get(key) ?? '(none)', theirs.get(key) ?? '(none)')
      }
    }
    this.#history = this.#history.slice(-40)
  }

  async #finish(): Promise<void> {
    await this.#compareData()
  }

  #remember(name: string, argv: readonly Bytes[]): void {
    this.#history.push(`${name}> ${argv.map((word) => JSON.stringify(word)).join(' ')}`)
  }

  #report(what: string, ours: string, theirs: string): void {
    const recent = this.#history.slice(-6).join('\n    ')
    let same = 0
    while (same < ours.length && ours[same] === theirs[same]) same++
    const part = (text: string): string => JSON.stringify(text.slice(Math.max(0, same - 60), same + 300))
    this.#mismatches.push(`${what}, from byte ${same}\n    ${recent}\n  ours:  ${part(ours)}\n  redis: ${part(theirs)}`)
  }
}

const command = (argv: readonly Bytes[]): string => argv[0]!.toUpperCase()

function decodeAll(text: string): Reply[] {
  const decoder = new ReplyDecoder()
  decoder.push(Buffer.from(text, 'latin1'))
  const replies: Reply[] = []
  for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) replies.push(reply)
  return replies
}

function allowed(command: Command, ours: Reply, theirs: Reply, argv: readonly Bytes[]): boolean {
  const listed = differences.filter((difference) => difference.command === command.name)
  return exactly(ours, theirs) || listed.some((difference) => difference.same(ours, theirs, argv))
}

const exactly = (ours: Reply, theirs: Reply): boolean => canonical(ours) === canonical(theirs)
