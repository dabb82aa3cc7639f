/**
 * What COMMAND says of each command, compared with redis-server 7.0: arity, flags, key range, categories, tips, key
 * specs, subcommands. Redis' notes on key specs are its own prose and left out.
 */
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes } from '../../src/base/bytes.ts'
import { MapReply, type Reply, SetReply, Status } from '../../src/base/reply.ts'
import { allCommands } from '../../src/commands/all.ts'
import type { Command } from '../../src/commands/command.ts'
import { infoAsOf, infoOf } from '../../src/commands/server/command-info.ts'
import { ReplyDecoder } from '../../src/resp/reply-decoder.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'
import { OracleServer } from '../oracle/redis-server.ts'

/** One field of COMMAND INFO in a form that can be compared: sets lose their order, maps their notes. */
type Plain = string | number | null | readonly Plain[] | { readonly [name: string]: Plain }

/** Options of later versions (WITHSCORE of 7.2) are left out of the comparison; docs/COMPATIBILITY.md names them. */
const info = (command: Command): readonly Reply[] => infoAsOf(command, '7.0.15')

const FIELDS = ['name', 'arity', 'flags', 'first key', 'last key', 'step', 'categories', 'tips', 'key specs']
const SUBCOMMANDS = 9

function plain(reply: Reply): Plain {
  if (reply instanceof Status) return reply.text
  if (reply instanceof SetReply) return reply.items.map(plain).sort(byText)
  if (reply instanceof MapReply) {
    const entries: [string, Plain][] = []
    for (let i = 0; i < reply.items.length; i += 2) entries.push([String(reply.items[i]), plain(reply.items[i + 1]!)])
    return Object.fromEntries(entries.filter(([name]) => name !== 'notes'))
  }
  if (Array.isArray(reply)) return (reply as readonly Reply[]).map(plain)
  return typeof reply === 'number' || typeof reply === 'string' ? reply : null
}

const byText = (a: Plain, b: Plain): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** Every command and subcommand by name, each with its fields. */
function byName(infos: readonly Reply[]): Map<string, readonly Reply[]> {
  const found = new Map<string, readonly Reply[]>()
  for (const info of infos) {
    const fields = info as readonly Reply[]
    found.set(String(fields[0]), fields)
    const subcommands = fields[SUBCOMMANDS]
    if (Array.isArray(subcommands)) for (const [name, sub] of byName(subcommands)) found.set(name, sub)
  }
  return found
}

/** Fields that differ, one line each; commands that only we have are no difference. */
function differences(ours: readonly Reply[], theirs: readonly Reply[]): string[] {
  const known = byName(theirs)
  return [...byName(ours)].flatMap(([name, fields]) => {
    const wanted = known.get(name)
    if (wanted === undefined) return []
    return FIELDS.flatMap((field, i) => {
      const [mine, real] = [fields[i]!, wanted[i]!].map((value) => JSON.stringify(plain(value)))
      return mine === real ? [] : [`${name}: ${field}: ours ${mine}, redis ${real}`]
    })
  })
}

async function askCommand(server: OracleServer): Promise<readonly Reply[]> {
  const socket = await server.connect()
  const decoder = new ReplyDecoder()
  const replies: Reply[] = []
  socket.write(encodeCommand([bytes('HELLO'), bytes('3')]) + encodeCommand([bytes('COMMAND')]), 'latin1')
  for await (const chunk of socket) {
    decoder.push(chunk as Buffer)
    for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) replies.push(reply)
    if (replies.length === 2) break
  }
  return replies[1] as readonly Reply[]
}

// Without it the test command has said why.
const missing = spawnSync('redis-server', ['--version']).error !== undefined

describe.skipIf(missing)('COMMAND', () => {
  let server: OracleServer
  let theirs: readonly Reply[]

  beforeAll(async () => {
    server = await OracleServer.start()
    theirs = await askCommand(server)
  })
  afterAll(() => server.stop())

  test('says of every command what redis-server says', () => {
    expect(theirs.length).toBeGreaterThan(200)
    expect(differences(allCommands.map(info), theirs)).toEqual([])
  })

  test('tells of newer options to those who ask us', () => {
    const changed = ['zrank: arity: ours -3, redis 3', 'zrevrank: arity: ours -3, redis 3']
    expect(differences(allCommands.map(infoOf), theirs)).toEqual(changed)
  })

  test('would be caught saying something else', () => {
    const [get] = allCommands.filter(({ name }) => name === 'GET').map(infoOf)
    const changed = get!.map((field, i) => (FIELDS[i] === 'arity' ? 3 : field))
    expect(differences([changed], theirs)).toEqual(['get: arity: ours 3, redis 2'])
  })
})
