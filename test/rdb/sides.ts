/**
 * The two sides of a comparison: our engine and a redis-server, filled with the same commands and told apart by text.
 *
 * The one idea: no DEBUG and no knowledge of forms: a key is its type, encoding, deadline and everything that commands show
 * of its contents, streams with groups, consumers and pending entries.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { type Argv, type Bytes, raw } from '../../src/base/bytes.ts'
import { systemClock } from '../../src/base/clock.ts'
import { systemRandom } from '../../src/base/random.ts'
import type { Reply } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import { Engine } from '../../src/engine/engine.ts'
import { type RdbKey, type RdbRecord, readRdb } from '../../src/rdb/rdb-reader.ts'
import { type RdbWriteOptions, RdbWriter } from '../../src/rdb/rdb-writer.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { canonical, itemsOf } from '../differential/differences.ts'
import { OurClient } from '../oracle/peers.ts'
import type { OracleServer } from '../oracle/redis-server.ts'

/** Who answers commands, many at once. */
export interface Side {
  ask(commands: readonly Argv[]): Promise<Reply[]>
}

/** A redis-server, over one connection. */
export class TheirSide implements Side {
  readonly #socket: Socket
  readonly #decoder = new ReplyDecoder()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => this.#decoder.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk))
  }

  static async open(server: Pick<OracleServer, 'connect'>): Promise<TheirSide> {
    const side = new TheirSide(await server.connect())
    // It may still be loading.
    for (;;) {
      const [reply] = await side.ask([[raw('PING')]])
      if (canonical(reply ?? null) === 'status:PONG') return side
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async ask(commands: readonly Argv[]): Promise<Reply[]> {
    const replies: Reply[] = []
    // Not all at once: a server that waits for us to read would never be read from.
    for (let from = 0; from < commands.length; from += 100) {
      const some = commands.slice(from, from + 100)
      this.#socket.write(some.map(encodeCommand).join(''), 'latin1')
      for (let left = some.length; left > 0; ) {
        const reply = this.#decoder.next()
        if (reply === undefined) await once(this.#socket, 'data')
        else {
          replies.push(reply)
          left--
        }
      }
    }
    return replies
  }

  /** Saves, and answers the file. */
  async saved(): Promise<Buffer> {
    const [, dir, file] = await this.ask([[raw('SAVE')], words('CONFIG GET dir'), words('CONFIG GET dbfilename')])
    const value = (reply: Reply | undefined): string => String(itemsOf(reply ?? null)?.[1])
    return readFileSync(join(value(dir), value(file)))
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** Words without blanks inside. */
export const words = (line: string): Argv => line.split(' ').map(raw)

/** Our engine, in process. */
export class OurSide implements Side {
  readonly engine = new Engine({ commands: allCommands, clock: systemClock, random: systemRandom })
  readonly #client = new OurClient()

  constructor() {
    this.#client.session = this.engine.connect(this.#client)
  }

  async ask(commands: readonly Argv[]): Promise<Reply[]> {
    return commands.map((argv) => {
      // Over the wire's form, where a score is text.
      this.#client.run(this.engine, argv)
      const decoder = new ReplyDecoder()
      decoder.push(Buffer.from(this.#client.take(), 'latin1'))
      return decoder.next() ?? null
    })
  }

  /** Stores what a file holds; answers what is no key. */
  load(file: Uint8Array): RdbRecord[] {
    const others: RdbRecord[] = []
    for (const record of readRdb(file)) {
      if (record.kind === 'key') this.#store(record)
      else others.push(record)
    }
    return others
  }

  /** A file with everything. */
  saved(options: RdbWriteOptions = {}): Buffer {
    const writer = new RdbWriter(options)
    const chunks: Uint8Array[] = []
    for (const db of this.engine.keyspace.databases) {
      if (db.size === 0) continue
      writer.select(db.index, db.size, db.expiring)
      for (const key of db.keys()) {
        const value = db.peek(key)
        if (value !== undefined) chunks.push(...writer.key({ key, value, deadlineMs: db.deadline(key) }))
      }
    }
    chunks.push(...writer.end())
    return Buffer.concat(chunks)
  }

  #store({ db: index, key, value, deadlineMs }: RdbKey): void {
    const db = this.engine.keyspace.databases[index]!
    db.put(key, value)
    if (deadlineMs !== undefined) db.expireAt(key, deadlineMs)
  }
}

const CONTENTS: Readonly<Record<string, (key: Bytes) => Argv[]>> = {
  string: (key) => [[raw('GET'), key]],
  list: (key) => [[raw('LRANGE'), key, raw('0'), raw('-1')]],
  set: (key) => [[raw('SMEMBERS'), key]],
  hash: (key) => [[raw('HGETALL'), key]],
  zset: (key) => [[raw('ZRANGE'), key, raw('0'), raw('-1'), raw('WITHSCORES')]],
  stream: (key) => [
    [raw('XRANGE'), key, raw('-'), raw('+')],
    [raw('XINFO'), raw('STREAM'), key, raw('FULL'), raw('COUNT'), raw('0')],
    [raw('XINFO'), raw('GROUPS'), key],
  ],
}

/** Everything a side holds in databases 0 to 2, key by key. */
export async function contentsOf(side: Side, withEncoding = true): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const db of ['0', '1', '2']) {
    const [, keys] = await side.ask([words(`SELECT ${db}`), words('KEYS *')])
    const names = (itemsOf(keys ?? null) ?? []).map((key) => raw(String(key)))
    const facts = await side.ask(
      names.flatMap((key) => [
        [raw('TYPE'), key],
        [raw('OBJECT'), raw('ENCODING'), key],
        [raw('PEXPIRETIME'), key],
      ]),
    )
    for (const [i, key] of names.entries()) {
      const [type, encoding, deadline] = facts.slice(3 * i, 3 * i + 3).map((reply) => canonical(reply))
      const contents = await side.ask(CONTENTS[type!.replace('status:', '')]!(key))
      const form = withEncoding ? `${type} ${encoding}` : type
      found.set(`${db}/${key}`, `${form} ${deadline} ${contents.map((reply) => shown(type!, reply)).join(' ')}`)
    }
  }
  return found
}

function shown(type: string, reply: Reply): string {
  if (type === 'status:set') return canonical(reply, true)
  const items = itemsOf(reply)
  if (type !== 'status:hash' || items === undefined) {
    // How Redis lays out its tree of nodes is not what was saved.
    return canonical(reply).replace(/string:radix-tree-nodes,number:\d+,/, '')
  }
  return items
    .flatMap((item, i) => (i % 2 === 0 ? [`${canonical(item)}=${canonical(items[i + 1]!)}`] : []))
    .sort()
    .join(',')
}

/** Where two contents differ, in short; nothing when they are the same. */
export function contrast(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [mine, other] = [ours.get(key) ?? '(none)', theirs.get(key) ?? '(none)']
    if (mine === other) continue
    let same = 0
    while (same < mine.length && mine[same] === other[same]) same++
    const part = (text: string): string => JSON.stringify(text.slice(Math.max(0, same - 80), same + 80))
    found.push(
      `${JSON.stringify(key.slice(0, 40))} ${mine.slice(0, 40)} from ${same}: ours ${part(mine)}, theirs ${part(other)}`,
    )
  }
  return found
}
