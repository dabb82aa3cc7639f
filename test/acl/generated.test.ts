/**
 * Generated rules, and lines of the users that have them, on our engine and on redis-server 7.0: what ACL SETUSER says
 * and makes, what ACL DRYRUN says of a line, and what the user hears who sends it.
 *
 * The one idea: no expected values, and the same commands on both sides. ACL_TRIPLES sets how many users are tried.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { seededRandom } from '../../src/base/random.ts'
import { CATEGORIES } from '../../src/commands/args/traits.ts'
import { Command } from '../../src/commands/command.ts'
import { ArgvGenerator } from '../../src/testing/argv-generator.ts'
import { SCANS } from '../differential/commands.ts'
import { differences } from '../differential/differences.ts'
import { oracleMissing } from '../oracle/available.ts'
import { Peers } from '../oracle/peers.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { isNameOnly, redisCommands } from './redis-commands.ts'
import { RuleGenerator } from './rule-generator.ts'

const SEED = Number(process.env.ACL_SEED ?? 20)
const COUNT = Number(process.env.ACL_TRIPLES ?? (process.env.SOAK === '1' ? 3_000 : 200))
const NAMES = ['u', 'v', 'default2']
const MOST = 10
const DATA = new Set([
  'string',
  'hash',
  'list',
  'set',
  'sorted-set',
  'stream',
  'generic',
  'bitmap',
  'hyperloglog',
  'geo',
])
/** Not drawn, and why. */
const APART = new Map([
  ['SPOP', 'chooses for itself what goes'],
  ['WAIT', 'waits'],
  ['MIGRATE', 'goes to other servers, of which there are none'],
  ['PFMERGE', 'Redis asks for no key where no source is named; a listed difference'],
])
/** Commands whose replies differ by chance or by the clock. */
const LOOSE = new Set([...differences.map(({ command }) => command), 'XADD'])

/**
 * Redis names single commands in the order of a hash table, so those that stand together are sorted; each keeps its
 * first words behind it.
 */
function inOrder(text: string): string {
  return text.replace(/(?:[+-](?!@)[^ )"\r]+ ?)+/g, (run) => {
    const words = run.trimEnd().split(' ')
    return words.sort().join(' ') + (run.endsWith(' ') ? ' ' : '')
  })
}

class Trial {
  readonly mismatches: string[] = []
  denials = 0
  readonly #peers: Peers
  readonly #rules: RuleGenerator
  readonly #lines: ArgvGenerator
  readonly #random
  readonly #all: readonly Command[]
  #history: string[] = []

  constructor(server: OracleServer, commands: readonly Command[], seed: number) {
    this.#peers = new Peers(server, { commands })
    this.#random = seededRandom(seed)
    this.#all = commands
      .flatMap((command) => (command.subcommands.size > 0 ? [...command.subcommands.values()] : [command]))
      .filter((command) => !isNameOnly(command) && !APART.has(command.name))
    const names = commands.flatMap((command) => [command, ...command.subcommands.values()]).map((c) => c.lowerName)
    this.#rules = new RuleGenerator(this.#random, names, CATEGORIES)
    this.#lines = new ArgvGenerator(this.#random, { keys: 3 })
  }

  async run(count: number): Promise<void> {
    await this.#same('admin', ['FLUSHALL'])
    for (const name of NAMES) await this.#same('admin', ['ACL', 'SETUSER', name, 'on', 'nopass'])
    for (let i = 0; i < count && this.mismatches.length < MOST; i++) await this.#triple(NAMES[i % NAMES.length]!)
    await this.#same('admin', ['ACL', 'DELUSER', ...NAMES])
  }

  close(): void {
    this.#peers.close()
  }

  async #triple(name: string): Promise<void> {
    this.#history = []
    await this.#same('admin', ['ACL', 'SETUSER', name, ...this.#rules.rules()])
    await this.#same('admin', ['ACL', 'GETUSER', name])
    await this.#same('admin', ['ACL', 'LIST'])
    await this.#same(name, ['AUTH', name, this.#rules.password()])
    for (let i = 0; i < 4; i++) {
      const said = await this.#same('admin', ['ACL', 'DRYRUN', name, ...this.#line(this.#all)])
      if (said.includes('no permissions')) this.denials++
    }
    for (let i = 0; i < 2; i++) await this.#same(name, this.#line(this.#all.filter(isTried)))
  }

  #line(commands: readonly Command[]): Bytes[] {
    return this.#lines.next(commands[this.#random.below(commands.length)]!)
  }

  /** Sends words as a client and compares what comes back. Gives it. */
  async #same(client: string, words: readonly (string | Bytes)[]): Promise<string> {
    const argv = words.map((word) => raw(word))
    this.#history.push(`${client}> ${argv.map((word) => JSON.stringify(word)).join(' ')}`)
    const { ours, theirs } = await this.#peers.send(client, argv)
    if (inOrder(ours) === inOrder(theirs)) return theirs
    const command = this.#peers.engine.table.find(argv)
    const isRefused = ours.includes(': -') || theirs.includes(': -')
    if (!isRefused && command !== undefined && LOOSE.has(command.name)) return theirs
    this.mismatches.push(
      [...this.#history, `  redis ${JSON.stringify(theirs)}`, `  ours  ${JSON.stringify(ours)}`].join('\n'),
    )
    return theirs
  }
}

/** Commands about data that answer at once and leave the same data on both sides. */
const isTried = ({ name, flags, spec }: Command): boolean =>
  (DATA.has(spec.group) && spec.args.length > 0 && !flags.has('blocking') && !SCANS.has(name)) ||
  name === 'PUBLISH' ||
  name === 'SPUBLISH'

describe.skipIf(oracleMissing)('generated rules', () => {
  let server: OracleServer
  let commands: Command[]

  beforeAll(async () => {
    server = await OracleServer.start()
    commands = await redisCommands(server)
  })
  afterAll(() => server.stop())

  it(`mean what they mean in redis-server: ${COUNT} users`, { timeout: 600_000 }, async () => {
    const trial = new Trial(server, commands, SEED)
    await trial.run(COUNT)
    trial.close()
    expect(trial.mismatches.join('\n\n')).toBe('')
    expect(trial.denials).toBeGreaterThan(COUNT / 2)
  })

  it('would be caught when a category has another command', async () => {
    // GETs and the like as writes: wherever @read and @write part, our users differ.
    const changed = commands.map((command) =>
      command.spec.group === 'string' && command.flags.has('readonly')
        ? new Command({ ...command.spec, flags: ['write'] }, command.execute)
        : command,
    )
    const trial = new Trial(server, changed, SEED)
    await trial.run(200)
    trial.close()
    expect(trial.mismatches.length).toBe(MOST)
  })
})
