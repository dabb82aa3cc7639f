/**
 * 1,000 data calls in one function of a library, beside the same loop in Redis' Lua.
 *
 * The one idea: served, both are called by the same client over loopback, so a round trip is in both figures; a linked
 * library is at home in the program that it belongs to, so there it is called without one. The loops do the same commands on
 * the same keys, half of them writes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type * as Functions from '../../src/functions/index.ts'
import type * as Front from '../../src/index.ts'
import type { Row } from '../embedded.ts'
import { built } from './built.ts'
import { startOurs } from './rivals.ts'
import { type Contender, inTurns } from './turns.ts'

const CALLS_PER_ROUND = 200

/** What a library does with `redis`; sent to the realm host as it is, linked as the body of a module. */
const BODY = `
redis.registerFunction('loop', (client) => {
  let length = 0
  for (let i = 0; i < 500; i++) {
    const key = 'key:' + i
    client.call('SET', key, 'value:0123456789')
    length += client.call('GET', key).length
  }
  return length
})
`

const SCRIPT = `
local length = 0
for i = 0, 499 do
  local key = 'key:' .. i
  redis.call('SET', key, 'value:0123456789')
  length = length + #redis.call('GET', key)
end
return length
`

/** What both loops answer: 500 values of 16 chars. */
const ANSWER = 8000

function calling(name: string, call: () => Promise<unknown>): Contender {
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const answer = await call()
      if (Number(answer) !== ANSWER) throw new Error(`a loop answered ${String(answer)}`)
    }
  }
  return { name, count: CALLS_PER_ROUND, run }
}

/** Rows for the table; none, with a printed reason, while this version has no functions. */
export async function functionLoops(redis: Redis, rounds: number): Promise<Row[]> {
  if (built('functions/index.js') === undefined) {
    console.error('skipped: 1,000 calls in one function; this version runs no functions yet')
    return []
  }
  const folder = mkdtempSync(join(tmpdir(), 'geartrain-bench-'))
  const linked = join(folder, 'linked.mjs')
  writeFileSync(linked, `export default (redis) => {${BODY}}`)
  const ours = await startOurs(['--trust-libraries', '--library', linked])
  try {
    await ours.client.call('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=realm${BODY}`)
    const sha = String(await redis.script('LOAD', SCRIPT))
    const front: typeof Front = await import(built('index.js')!)
    const { library }: typeof Functions = await import(built('functions/index.js')!)
    const { default: register } = await import(linked)
    const here = await front.open('memory:', { engine: { functions: { libraries: [library('linked', register)] } } })
    const contenders = [
      calling('ours, TFCALL in process (linked)', () => here.call('TFCALL', 'linked.loop', 0)),
      calling('ours, TFCALL (linked)', () => ours.client.call('TFCALL', 'linked.loop', 0)),
      calling('ours, TFCALL (realm)', () => ours.client.call('TFCALL', 'realm.loop', 0)),
      calling('redis-server, EVALSHA', () => redis.evalsha(sha, 0)),
    ]
    const timings = await inTurns(contenders, rounds)
    return timings.map((timing) => ({ what: '1,000 calls in a function', ...timing }))
  } finally {
    await ours.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
