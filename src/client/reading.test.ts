/** Replies become the same values whatever protocol they came by, and what has another shape is refused. */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { EmbeddedBackend } from '../backend/embedded/embedded-backend.ts'
import { raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { Double, OK, type Reply, ReplyError } from '../base/reply.ts'
import { allCommands } from '../commands/all.ts'
import type { Command } from '../commands/command.ts'
import { createEngine } from '../create.ts'
import { ReplyDecoder } from '../resp/reply-decoder.ts'
import { encodeReply } from '../resp/reply-encoder.ts'
import { ArgvGenerator } from '../testing/argv-generator.ts'
import { methodCommands } from './command-methods.ts'
import { asText, readerOf } from './reading.ts'

const DATA = new Set([
  ...['string', 'bitmap', 'hash', 'list', 'set', 'sorted-set', 'stream', 'geo', 'hyperloglog'],
  ...['generic', 'server', 'connection', 'pubsub'],
])
/** These stop, empty or slow down the engine that they are tried on. */
const LEFT_OUT = /^(SHUTDOWN|FLUSH|DEBUG|CLIENT\|(KILL|PAUSE|REPLY)|SWAPDB|ACL\|SETUSER|CONFIG|PFSELFTEST|LOLWUT)/

/** What a reply looks like after it went through a protocol. */
function sentBy(protocol: 2 | 3, reply: Reply): Reply {
  const decoder = new ReplyDecoder()
  decoder.push(Buffer.from(encodeReply(reply, protocol), 'latin1'))
  return decoder.next() ?? null
}

/** The options of a call, from its words: an option is called by its token; some optional words have none. */
function optionsOf(command: Command, argv: readonly string[]): Record<string, boolean> {
  const options = Object.fromEntries(argv.slice(1).map((word) => [word.toLowerCase(), true]))
  return /^([LR]POP|SPOP|SRANDMEMBER|ZPOP(MIN|MAX)|[HZ]RANDFIELD|ZRANDMEMBER|HRANDFIELD)$/.test(command.name)
    ? { ...options, count: argv.length > 2 }
    : options
}

describe('replies of generated commands', () => {
  const commands = methodCommands(allCommands).filter(({ name, spec }) => DATA.has(spec.group) && !LEFT_OUT.test(name))

  it('are read alike as they are, over RESP2 and over RESP3', () => {
    const backend = new EmbeddedBackend(createEngine())
    const random = seededRandom(11)
    const generator = new ArgvGenerator(random, { spoilOneIn: 40 })
    const answered = new Set<string>()
    const unlike = new Map<string, string>()
    for (let i = 0; i < 15_000; i++) {
      const command = commands[random.below(commands.length)]!
      const argv = generator.next(command)
      const reply = backend.sync.call(command, argv)
      if (reply instanceof ReplyError) continue
      answered.add(command.name)
      const read = readerOf(command.spec.reply, asText, command.name)
      const options = optionsOf(command, argv)
      const label = argv.join(' ').slice(0, 200)
      const value = read(reply, options)
      for (const protocol of [2, 3] as const) {
        if (!isDeepStrictEqual(read(sentBy(protocol, reply), options), value)) unlike.set(command.name, label)
      }
    }
    // Its shape is `any`, and RESP2 writes doubles as text: a listed difference.
    expect([...unlike.keys()]).toEqual(['MEMORY|STATS'])
    expect(answered.size).toBeGreaterThan(commands.length * 0.85)
  })
})

describe('a reply of another shape', () => {
  const read = (name: string, reply: Reply) => {
    const command = methodCommands(allCommands).find((one) => one.name === name)!
    return readerOf(command.spec.reply, asText, name)(reply, undefined)
  }
  it.each([
    ['GET', [raw('a')], 'GET was answered by 1 items in place of a string'],
    ['GET', 5, 'GET was answered by 5 in place of a string'],
    ['STRLEN', raw('five'), 'STRLEN was answered by the string "five" in place of an integer'],
    ['ZSCORE', raw('much'), 'ZSCORE was answered by the string "much" in place of a number'],
    ['SET', [], 'SET was answered by 0 items in place of a status'],
    ['LRANGE', raw('a'), 'LRANGE was answered by the string "a" in place of an array'],
    ['HGETALL', [raw('a'), raw('b'), raw('c')], 'HGETALL was answered by 3 items in place of pairs'],
    ['SMEMBERS', 3, 'SMEMBERS was answered by 3 in place of an array'],
  ] as const)('%s is refused', (name, reply, message) => {
    expect(() => read(name, reply)).toThrow(expect.objectContaining({ code: 'UNEXPECTED_REPLY', message }))
  })
  it('and one of its own is not', () => {
    expect(read('GET', raw('a'))).toBe('a')
    expect(read('LRANGE', null)).toEqual([])
    expect(read('SET', OK)).toBe('OK')
    expect(read('SET', raw('OK'))).toBe('OK')
    expect(read('ZSCORE', new Double(1.5))).toBe(1.5)
  })
})
