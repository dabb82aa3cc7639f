/**
 * Contenders in turns: how long each takes for the same work, and how that compares with the first.
 *
 * The one idea: a shared machine is slow and fast by the second, so every round runs all contenders, one after the other, and
 * a ratio is taken within the round; what is told is the median of the rounds.
 */
import { median } from './figures.ts'

export interface Contender {
  readonly name: string
  /** Operations per round: about a tenth of a second's worth. */
  readonly count: number
  /** Does `count` operations. */
  run(count: number): Promise<void> | void
}

export interface Timing {
  readonly contender: string
  /** Microseconds per operation. */
  readonly micros: number
  /** How many times longer than the first contender takes. */
  readonly ratio: number
}

/** Times contenders over some rounds, after one round to warm up. */
export async function inTurns(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const samples: number[][] = contenders.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const micros = await time(contender)
      if (round > 0) samples[i]!.push(micros)
    }
  }
  return contenders.map(({ name }, i) => ({
    contender: name,
    micros: median(samples[i]!),
    ratio: median(samples[i]!.map((micros, round) => micros / samples[0]![round]!)),
  }))
}

async function time({ count, run }: Contender): Promise<number> {
  const start = performance.now()
  await run(count)
  return ((performance.now() - start) * 1000) / count
}
