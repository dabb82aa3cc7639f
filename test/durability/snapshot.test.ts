/** A snapshot is the data at its boundary, whatever is written meanwhile; the log goes on from there. */
import { expect, it } from 'vitest'
import { rewriteTrial, trial } from './snapshot-trial.ts'

const SEEDS = Array.from(
  { length: Number(process.env.SNAPSHOT_SEEDS ?? (process.env.SOAK === '1' ? 200 : 4)) },
  (_, i) => i + 1,
)

it.each(SEEDS)(
  'under heavy writes it is what was there at its boundary, and effects go on from it: seed %i',
  async (seed) => {
    const report = await trial({ seed })
    expect(report.atBoundary).toEqual([])
    expect(report.afterwards).toEqual([])
    expect(report.turns).toBeGreaterThan(20)
    expect(report.effects).toBeGreaterThan(100)
  },
)

it.each(SEEDS)('a log written anew under heavy writes brings back all of it: seed %i', async (seed) => {
  const { differing, turns } = await rewriteTrial(seed)
  expect(differing).toEqual([])
  expect(turns).toBeGreaterThan(20)
})

it('among the writes are expiry and eviction', async () => {
  const reports = [await trial({ seed: 1 }), await trial({ seed: 2 }), await trial({ seed: 3 })]
  expect(Math.max(...reports.map(({ expired }) => expired))).toBeGreaterThan(0)
  expect(Math.max(...reports.map(({ evicted }) => evicted))).toBeGreaterThan(0)
})

it('without values kept as they were it is not: the trial can fail', async () => {
  const { atBoundary } = await trial({ seed: 1, withoutPreImages: true })
  expect(atBoundary.length).toBeGreaterThan(0)
})
