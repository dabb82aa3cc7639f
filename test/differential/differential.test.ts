/**
 * Generated commands with fixed seeds on our engine and on redis-server 7.0: raw replies, events, data, effects.
 *
 * DIFFERENTIAL_COMMANDS sets the number (20,000 here, 300,000 in the long form).
 */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { tokensOf } from './commands.ts'
import { differences } from './differences.ts'
import { contentsOf, replay } from './replay.ts'
import { type RunReport, World } from './world.ts'

const TOTAL = Number(process.env.DIFFERENTIAL_COMMANDS ?? (process.env.SOAK === '1' ? 300_000 : 20_000))
const PER_SEED = 5_000
const SEEDS = Array.from({ length: Math.ceil(TOTAL / PER_SEED) }, (_, i) => i + 1)
/** In the long form every option token comes at least 50 times; the short form scales with its length. */
const LEAST_PER_TOKEN = Math.max(1, Math.floor((50 * TOTAL) / 300_000))

describe.skipIf(oracleMissing)('generated commands', () => {
  let server: OracleServer
  const tokens = new Map<string, number>()

  beforeAll(async () => {
    server = await OracleServer.start()
  })
  afterAll(() => server.stop())

  it.each(SEEDS)(
    'answer as redis-server does, and their effects repeat the data: seed %i',
    { timeout: 300_000 },
    async (seed) => {
      const world = new World(server, seed)
      onTestFinished(() => world.close())
      const report = await world.run(PER_SEED)
      for (const [token, count] of report.tokens) tokens.set(token, (tokens.get(token) ?? 0) + count)
      expect(report.mismatches).toEqual([])
      expect(report.commands).toBe(PER_SEED)
      expectSameAfterReplay(report)
    },
  )

  it(`use every option token at least ${LEAST_PER_TOKEN} times`, () => {
    const rare = tokensOf().filter((token) => (tokens.get(token) ?? 0) < LEAST_PER_TOKEN)
    expect(rare.map((token) => `${token}: ${tokens.get(token) ?? 0}`)).toEqual([])
  })
})

function expectSameAfterReplay({ peers, effects }: RunReport): void {
  const now = peers.engine.clock.now()
  // A minute's margin: what expires while this runs is not compared.
  const from = now + 60_000
  expect(effects.length).toBeGreaterThan(0)
  expect(contentsOf(replay(effects, now), from)).toEqual(contentsOf(peers.engine, from))
}

it('has at most 30 listed differences, each of one command and one field, with a reason', () => {
  expect(differences.length).toBeLessThanOrEqual(30)
  expect(new Set(differences.map(({ command, field }) => `${command} ${field}`)).size).toBe(differences.length)
  for (const { reason } of differences) expect(reason.length).toBeGreaterThan(10)
})
