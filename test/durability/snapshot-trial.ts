/**
 * One trial of a snapshot: data of all types, a boundary, and every kind of write while the snapshot is being written.
 *
 * The one idea: the clock says that each slice is over at once, so writes come between any two pieces. What the file loads
 * to must be what was there at the boundary; and the effects that came after the boundary, run on top of it, must lead to
 * what is there now: nothing is missing and nothing is applied twice.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Argv, raw } from '../../src/base/bytes.ts'
import { type Random, seededRandom } from '../../src/base/random.ts'
import { allCommands } from '../../src/commands/all.ts'
import type { Command } from '../../src/commands/command.ts'
import { DurableStore } from '../../src/durability/durable-store.ts'
import { writeAll } from '../../src/durability/files.ts'
import { SILENT } from '../../src/durability/rdb-file.ts'
import { loadRdb } from '../../src/durability/rdb-file-load.ts'
import { Replay } from '../../src/durability/replay.ts'
import { startSnapshot } from '../../src/durability/snapshot.ts'
import type { ConfigOptions } from '../../src/engine/config/config.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { Session } from '../../src/engine/session.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { ArgvGenerator } from '../../src/testing/argv-generator.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { SimulatedFiles } from '../../src/testing/simulated-files.ts'
import { commandsOf } from '../differential/commands.ts'
import { contentsOf } from '../differential/replay.ts'
import { OurClient } from '../oracle/peers.ts'

/** Time stands still, but every look at the stopwatch says that a slice is over. */
class ImpatientClock extends ManualClock {
  #looks = 0
  override elapsed(): number {
    this.#looks++
    return super.elapsed() + this.#looks * 10_000
  }
}

export interface TrialOptions {
  readonly seed: number
  /** The control: values that change in place are not kept as they were. */
  readonly withoutPreImages?: boolean
}

export interface TrialReport {
  /** Keys of the file that are not as they were at the boundary. */
  readonly atBoundary: readonly string[]
  /** Keys that the effects since then, on top of the file, do not bring to where they are now. */
  readonly afterwards: readonly string[]
  readonly keys: number
  /** How often writes came in between, and how many effects they had. */
  readonly turns: number
  readonly effects: number
  readonly evicted: number
  readonly expired: number
}

export async function trial({ seed, withoutPreImages = false }: TrialOptions): Promise<TrialReport> {
  const writer = new Writer(seededRandom(seed))
  const { engine, clock } = writer
  writer.fill()
  const boundaryMs = clock.now()
  const expected = plain(contentsOf(engine, boundaryMs))
  const effects: Effect[] = []
  engine.keyspace.reports.wantsEffects = true
  engine.onEffects = (some) => effects.push(...some)
  const snapshot = startSnapshot(engine, { version: 'needed' })
  if (withoutPreImages) engine.keyspace.account.beforeEdit = undefined
  let turns = 0
  let isWritten = false
  const whole = 5 + (seed % 20)
  const write = async (): Promise<void> => {
    writer.limitMemory()
    for (; !isWritten; turns++) {
      await nextTurn()
      if (turns === whole) writer.wholeStore()
      writer.write(20)
    }
  }
  const writing = write()
  const chunks: Uint8Array[] = []
  for await (const chunk of snapshot.chunks()) chunks.push(chunk)
  isWritten = true
  await writing
  const file = Buffer.concat(chunks)
  const atBoundary = new Engine({
    commands: allCommands,
    clock: new ManualClock(boundaryMs),
    random: seededRandom(seed),
  })
  const { keys } = loadRdb(atBoundary, file)
  const now = clock.now()
  const continued = new Engine({ commands: allCommands, clock: new ManualClock(now), random: seededRandom(seed) })
  replay(continued, file, effects)
  return {
    atBoundary: contrast(expected, plain(contentsOf(atBoundary, boundaryMs))),
    afterwards: contrast(plain(contentsOf(engine, now)), plain(contentsOf(continued, now))),
    keys,
    turns,
    effects: effects.length,
    evicted: engine.memory.eviction.evictedKeys,
    expired: engine.keyspace.expiredKeys,
  }
}

/** Writes while the log is being written anew; keys that a store opened on the files afterwards holds otherwise. */
export async function rewriteTrial(
  seed: number,
): Promise<{ readonly differing: readonly string[]; readonly turns: number }> {
  const files = new SimulatedFiles()
  const config = { dir: '/data', appendonly: 'yes', 'auto-aof-rewrite-percentage': '0' }
  const writer = new Writer(seededRandom(seed), config)
  const store = await DurableStore.open(writer.engine, { files })
  writer.fill()
  let turns = 0
  let isWritten = false
  const writing = (async () => {
    for (; !isWritten; turns++) {
      await nextTurn()
      if (turns === 5 + (seed % 20)) writer.wholeStore()
      writer.write(20)
    }
  })()
  await store.rewrite()
  isWritten = true
  await writing
  writer.write(100)
  await store.close()
  const now = writer.clock.now()
  const again = new Engine({ commands: allCommands, clock: new ManualClock(now), random: seededRandom(seed), config })
  const reopened = await DurableStore.open(again, { files })
  again.tick()
  writer.engine.tick()
  const differing = contrast(plain(contentsOf(writer.engine, now)), plain(contentsOf(again, now)))
  await reopened.close()
  return { differing, turns }
}

/** Forms are no data: a big hash that shrank is saved as one that Redis makes small again. */
function plain(contents: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...contents].map(([key, text]) => [key, text.slice(text.indexOf(' ') + 1)]))
}

function contrast(expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((key) => expected.get(key) !== found.get(key))
    .map((key) => `${key}: ${difference(expected.get(key) ?? '(none)', found.get(key) ?? '(none)')}`)
}

function difference(expected: string, found: string): string {
  let same = 0
  while (same < expected.length && expected[same] === found[same]) same++
  const part = (text: string): string => text.slice(Math.max(0, same - 100), same + 60)
  return `from ${same}: ${part(expected)} | ${part(found)}`
}

/** A log that begins with the snapshot and goes on with what happened since. */
function replay(engine: Engine, snapshot: Uint8Array, effects: readonly Effect[]): void {
  const files = new SimulatedFiles()
  files.makeFolder('/log')
  const log = files.open('/log/a.aof', 'create')
  writeAll(log, snapshot)
  const lines = effects.map(({ db, argv }) => encodeCommand([raw('SELECT'), raw(`${db}`)]) + encodeCommand(argv))
  writeAll(log, Buffer.from(lines.join(''), 'latin1'))
  for (const _ of new Replay(engine, files, SILENT).file('/log/a.aof', { mayBeTorn: false, checksum: true }));
  engine.tick()
}

const BIG = 3000

/** Clients that fill a store and go on writing. */
class Writer {
  readonly clock = new ImpatientClock()
  readonly engine: Engine
  readonly #random: Random
  readonly #generator: ArgvGenerator
  readonly #commands: readonly Command[]
  readonly #sessions: readonly Session[]

  constructor(random: Random, config: ConfigOptions = {}) {
    this.#random = random
    this.engine = new Engine({ commands: allCommands, clock: this.clock, random, config })
    this.#generator = new ArgvGenerator(random, { keys: 8, spoilOneIn: 200 })
    this.#commands = commandsOf(this.engine.table)
    this.#sessions = [0, 0, 1].map((db) => {
      const client = new OurClient()
      client.session = this.engine.connect(client, true)
      client.session.client.db = db
      return client.session
    })
  }

  fill(): void {
    this.write(1500)
    for (let i = 0; i < 1500; i++) this.#run('SET', `string:${i}`, `${i}`)
    for (let i = 0; i < BIG; i += 100) {
      const some = Array.from({ length: 100 }, (_, j) => `${i + j}:${'x'.repeat(this.#below(20))}`)
      for (const n of [0, 1]) {
        this.#run('RPUSH', `list:${n}`, ...some)
        this.#run('SADD', `set:${n}`, ...some)
        this.#run('HSET', `hash:${n}`, ...some.flatMap((field) => [field, 'v']))
        this.#run('ZADD', `zset:${n}`, ...some.flatMap((member) => [`${this.#below(1000)}`, member]))
        for (const word of some) this.#run('XADD', `stream:${n}`, '*', 'field', word)
      }
    }
    this.#run('XGROUP', 'CREATE', 'stream:0', 'group', '0')
    this.#run('XREADGROUP', 'GROUP', 'group', 'c', 'COUNT', `${BIG >> 1}`, 'STREAMS', 'stream:0', '>')
    this.#run('SETRANGE', 'bytes', '5000', 'end')
  }

  /** From now on every growth makes something else go, now and then. */
  limitMemory(): void {
    if (this.#below(3) > 0) return
    this.#run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random')
    this.#run('CONFIG', 'SET', 'maxmemory', `${this.engine.memory.used - 1000}`)
  }

  /** What concerns every key at once. */
  wholeStore(): void {
    this.#run(...this.#pick([['SWAPDB', '0', '1'], ['FLUSHDB'], ['FLUSHALL'], ['FLUSHALL', 'ASYNC']]))
  }

  write(count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#below(2) === 0) this.#heavy()
      else this.#any()
      if (this.#below(20) === 0) {
        this.clock.advance(this.#below(40))
        this.engine.tick()
      }
    }
  }

  #any(): void {
    const command = this.#commands[this.#below(this.#commands.length)]!
    this.#execute(this.#generator.next(command))
  }

  /** What the issue names: counters, pushes, deletions and what comes after, renames, copies, transactions, the whole. */
  #heavy(): void {
    const n = `${this.#below(2)}`
    const word = `${this.#below(BIG)}`
    const key = `string:${this.#below(1500)}`
    const choices: (() => void)[] = [
      () => this.#run('INCR', key),
      () => this.#run('APPEND', key, 'more'),
      () => this.#run('SETRANGE', 'bytes', word, 'middle'),
      () => this.#run('LPUSH', `list:${n}`, word),
      () => this.#run('RPOP', `list:${n}`, '3'),
      () => this.#run('LSET', `list:${n}`, word, 'replaced'),
      () => this.#run('LTRIM', `list:${n}`, '5', '-5'),
      () => this.#run('HINCRBY', `hash:${n}`, word, '7'),
      () => this.#run('HPEXPIRE', `hash:${n}`, '30', 'FIELDS', '1', word),
      () => this.#run('SPOP', `set:${n}`),
      () => this.#run('SADD', `set:${n}`, word),
      () => this.#run('ZINCRBY', `zset:${n}`, '1.5', word),
      () => this.#run('ZPOPMIN', `zset:${n}`, '2'),
      () => this.#run('XADD', `stream:${n}`, 'MAXLEN', '~', '2500', '*', 'a', word),
      () => this.#run('XTRIM', `stream:${n}`, 'MAXLEN', '1000'),
      () => this.#run('XREADGROUP', 'GROUP', 'group', 'd', 'COUNT', '5', 'STREAMS', 'stream:0', '>'),
      () => this.#run('XACK', 'stream:0', 'group', `${this.clock.now()}-${word}`),
      () => this.#run('PEXPIRE', this.#pick([key, `list:${n}`, `hash:${n}`]), `${this.#below(60)}`),
      () => this.#run('DEL', this.#pick([key, `list:${n}`, `zset:${n}`])),
      () => this.#run('RPUSH', `list:${n}`, ...Array.from({ length: 600 }, (_, i) => `again-${i}`)),
      () => this.#run('RENAME', `hash:${n}`, `hash:${this.#below(3)}`),
      () => this.#run('COPY', `stream:${n}`, `stream:${this.#below(3)}`, 'REPLACE'),
      () => this.#run('MOVE', `set:${n}`, '1'),
      () => this.#transaction(key, n),
    ]
    choices[this.#below(choices.length)]!()
  }

  #transaction(key: string, n: string): void {
    const session = this.#sessions[0]!
    const lines = [['MULTI'], ['INCR', key], ['DEL', `list:${n}`], ['RPUSH', `list:${n}`, 'a', 'b'], ['EXEC']]
    for (const line of lines) this.engine.execute(session, line.map(raw))
  }

  #run(...words: string[]): void {
    this.#execute(words.map(raw))
  }

  #execute(argv: Argv): void {
    this.engine.execute(this.#sessions[this.#below(this.#sessions.length)]!, argv)
    this.engine.idle()
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!
  }

  #below(n: number): number {
    return this.#random.below(n)
  }
}
