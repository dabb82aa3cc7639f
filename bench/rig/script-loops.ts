/**
 * Portable scripts beside hand-written Lua that does the same: on redis-server, and in process where no Lua is.
 *
 * The one idea: two scripts at the ends of what scripts are like. One reads, decides and writes, so that the way to the store
 * is what counts; one does 1,000 commands in a loop, so that what the printer made of the loop is.
 */
import type * as Front from '../../src/index.ts'
import type { Comparison } from '../api.ts'
import type { Rival } from './rivals.ts'
import { type Contender, inTurns } from './turns.ts'

const KEEP_MAX = `
local stored = redis.call('GET', KEYS[1])
local value = tonumber(ARGV[1])
if stored and tonumber(stored) >= value then return stored end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
`

const FILL = `
local sum = 0
for i = 0, 499 do
  local field = 'field:' .. i
  redis.call('HSET', KEYS[1], field, i)
  sum = sum + tonumber(redis.call('HGET', KEYS[1], field))
end
return sum
`

/** What a run of `FILL` answers: 0 + 1 + … + 499. */
const SUM = 124_750

/** The same two in TypeScript. */
function portable({ script, t }: typeof Front) {
  const keepMax = script(
    { name: 'keep-max', keys: { best: 'string' }, args: { value: t.number }, returns: t.number },
    ({ best }, { value }, env) => {
      const stored = env.toNumber(best.get())
      if (stored !== null && stored >= value) return stored
      best.set(value)
      return value
    },
  )
  const fill = script({ name: 'fill', keys: { table: 'hash' }, returns: t.number }, ({ table }, _args, env) => {
    let sum = 0
    for (let i = 0; i < 500; i++) {
      const field = `field:${i}`
      table.set(field, i)
      sum += env.toNumber(table.get(field)) ?? 0
    }
    return sum
  })
  return { keepMax, fill }
}

/** Runs something that answers a number so often, and wants to see the right one. */
async function answering(count: number, run: (i: number) => Promise<unknown>, expected: (i: number) => number) {
  for (let i = 0; i < count; i++) {
    const answer = Number(await run(i))
    if (answer !== expected(i)) throw new Error(`a script answered ${answer} where ${expected(i)} is right`)
  }
}

/** The two tables. */
export async function scriptLoops(front: typeof Front, { client, port }: Rival, rounds: number): Promise<Comparison[]> {
  const { keepMax, fill } = portable(front)
  const [remote, local] = [await front.open(`redis://127.0.0.1:${port}`), await front.open('memory:')]
  const [keepMaxSha, fillSha] = [
    String(await client.script('LOAD', KEEP_MAX)),
    String(await client.script('LOAD', FILL)),
  ]
  // Ever higher, over all contenders and rounds: every run writes.
  let highest = 0
  const rising = (name: string, count: number, run: (value: number) => Promise<unknown>): Contender => ({
    name,
    count,
    run: (times) =>
      answering(
        times,
        () => run(++highest),
        () => highest,
      ),
  })
  const filling = (name: string, count: number, run: () => Promise<unknown>): Contender => ({
    name,
    count,
    run: (times) => answering(times, run, () => SUM),
  })
  const readAndWrite = [
    rising('Lua by hand, ioredis evalsha', 1000, (value) => client.evalsha(keepMaxSha, 1, 'lua:best', value)),
    rising('ours, redis:', 1000, (value) => keepMax(remote, { best: 'best' }, { value })),
    rising('ours, memory:', 20_000, (value) => keepMax(local, { best: 'best' }, { value })),
  ]
  const loop = [
    filling('Lua by hand, ioredis evalsha', 50, () => client.evalsha(fillSha, 1, 'lua:table')),
    filling('ours, redis:', 50, () => fill(remote, { table: 'table' }, {})),
    filling('ours, memory:', 50, () => fill(local, { table: 'table' }, {})),
  ]
  const what = { readAndWrite: 'GET, compare, SET', loop: '1,000 commands in a loop' }
  const rows = [
    ...(await inTurns(readAndWrite, rounds)).map((timing) => ({ what: what.readAndWrite, ...timing })),
    ...(await inTurns(loop, rounds)).map((timing) => ({ what: what.loop, ...timing })),
  ]
  await Promise.all([remote.close(), local.close()])
  return [{ title: 'a script', rows }]
}
