/**
 * Functions of libraries on every host beside Lua on redis-server: `npm run bench -- functions`.
 *
 * The one idea: all are called by the same client over loopback, so that a round trip is in every figure; the loops do the
 * same commands on the same keys, the computation the same arithmetic. The last table is ours alone: a cached answer by a
 * plain function that goes on in the background only on a miss, beside an async one that always does.
 *
 * Options: `--rounds N` (5), `--no-build`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Redis } from 'ioredis'
import { build } from './rig/built.ts'
import { show, table } from './rig/figures.ts'
import { machine } from './rig/machine.ts'
import { startOurs, startRedis } from './rig/rivals.ts'
import { type Contender, inTurns } from './rig/turns.ts'

/** What every host runs. */
const BODY = `
redis.registerFunction('one', () => 1)
redis.registerFunction('ping', (client) => client.call('incr', 'n') > 0n ? 1 : 0)
redis.registerFunction('loop', (client) => {
  let length = 0
  for (let i = 0; i < 500; i++) {
    const key = 'key:' + i
    client.call('SET', key, 'value:0123456789')
    length += client.call('GET', key).length
  }
  return length
})
redis.registerFunction('compute', () => {
  const size = 20000
  const composite = []
  let count = 0
  for (let i = 2; i <= size; i++) {
    if (!composite[i]) {
      count++
      for (let j = i * i; j <= size; j += i) composite[j] = true
    }
  }
  return count
})
const cached = (section) => section.call('get', 'cached') ?? section.call('set', 'cached', 1)
redis.registerAsyncFunction('hit', (client) => cached(client) && 1)
redis.registerAsyncFunction('always', async (client) => client.block(cached) && 1)
`

const SCRIPTS = {
  one: 'return 1',
  ping: "return redis.call('incr', 'n') > 0 and 1 or 0",
  loop: `
    local length = 0
    for i = 0, 499 do
      local key = 'key:' .. i
      redis.call('SET', key, 'value:0123456789')
      length = length + #redis.call('GET', key)
    end
    return length`,
  compute: `
    local size, composite, count = 20000, {}, 0
    for i = 2, size do
      if not composite[i] then
        count = count + 1
        for j = i * i, size, i do composite[j] = true end
      end
    end
    return count`,
} as const

type Work = keyof typeof SCRIPTS

/** What is compared: the title, how often per round, and what it answers. */
const WORKS: Readonly<Record<Work, { readonly what: string; readonly count: number; readonly answer: number }>> = {
  one: { what: 'a call that answers 1', count: 2000, answer: 1 },
  ping: { what: 'a call with one command', count: 2000, answer: 1 },
  loop: { what: '1,000 commands in a call', count: 60, answer: 8000 },
  compute: { what: 'primes up to 20,000', count: 60, answer: 2262 },
}

type Call = () => Promise<unknown>

function contender(name: string, count: number, answer: number, call: Call): Contender {
  return {
    name,
    count,
    run: async (times) => {
      for (let i = 0; i < times; i++) {
        const answered = Number(await call())
        if (answered !== answer) throw new Error(`${name} answered ${answered} where ${answer} is right`)
      }
    },
  }
}

interface Host {
  readonly name: string
  readonly library: string
  readonly client: Redis
}

async function besideLua(work: Work, hosts: readonly Host[], redis: Redis, rounds: number): Promise<string[][]> {
  const { what, count, answer } = WORKS[work]
  const sha = String(await redis.script('LOAD', SCRIPTS[work]))
  const contenders = [
    contender('redis-server, EVALSHA', count, answer, () => redis.evalsha(sha, 0)),
    ...hosts.map(({ name, library, client }) =>
      contender(`ours, TFCALL (${name})`, count, answer, () => client.call('TFCALL', `${library}.${work}`, 0)),
    ),
  ]
  return (await inTurns(contenders, rounds)).map((timing) => rowOf(what, timing))
}

async function cachedAnswers({ name, library, client }: Host, rounds: number): Promise<string[][]> {
  await client.set('cached', 1)
  const calling = (fn: string, what: string): Contender =>
    contender(`${what} (${name})`, 1000, 1, () => client.call('TFCALLASYNC', `${library}.${fn}`, 0))
  const contenders = [calling('hit', 'plain, background on a miss'), calling('always', 'async')]
  return (await inTurns(contenders, rounds)).map((timing) => rowOf('a cached answer', timing))
}

function rowOf(what: string, timing: Awaited<ReturnType<typeof inTurns>>[number]): string[] {
  const { contender: name, micros, ratio } = timing
  return [what, name, show(micros), show(ratio)]
}

/** Prints the table. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '5' }, 'no-build': { type: 'boolean' } },
  })
  build(args)
  const rounds = Number(values.rounds)
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-bench-'))
  const linked = join(folder, 'linked.mjs')
  writeFileSync(linked, `export default (redis) => {${BODY}}`)
  const redis = await startRedis()
  const isolating = await startOurs()
  const trusting = await startOurs(['--trust-libraries', '--library', linked])
  try {
    await isolating.client.call('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=isolate${BODY}`)
    await trusting.client.call('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=realm${BODY}`)
    const hosts: readonly Host[] = [
      { name: 'isolate', library: 'isolate', client: isolating.client },
      { name: 'realm', library: 'realm', client: trusting.client },
      { name: 'linked', library: 'linked', client: trusting.client },
    ]
    const rows: string[][] = []
    for (const work of ['one', 'ping', 'loop', 'compute'] as const) {
      rows.push(...(await besideLua(work, hosts, redis.client, rounds)))
    }
    for (const host of hosts) rows.push(...(await cachedAnswers(host, rounds)))
    console.log(`${machine()}\n\n${table(['one after the other', 'with', 'µs each', 'times the first'], rows)}`)
  } finally {
    await Promise.all([redis.stop(), isolating.stop(), trusting.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}
