/**
 * Contenders in turns: how long each takes for the same work, and how that compares with the first.
 *
 * The one idea: a shared machine is slow and fast by the second, so every round runs all contenders, one after the other, and
 * a ratio is taken within the round; what is told is the median of the rounds. Whoever runs after one that waits (for a
 * server) finds a processor that has slowed down, and nobody's caches are warm: so each turn begins with work that does not
 * count, and none has the better place.
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

/** Rounds before those that count: V8 goes on optimizing through the first. */
const WARM_UP = 3
/** The share of a turn that does not count. */
const LEAD_IN = 0.2

/** Times contenders over some rounds. */
export async function inTurns(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const samples: number[][] = contenders.map(() => [])
  for (let round = 0; round < WARM_UP + rounds; round++) {
    for (const i of orderOf(contenders.length, round)) {
      const micros = await time(contenders[i]!)
      if (round >= WARM_UP) samples[i]!.push(micros)
    }
  }
  return contenders.map(({ name }, i) => ({
    contender: name,
    micros: median(samples[i]!),
    ratio: median(samples[i]!.map((micros, round) => micros / samples[0]![round]!)),
  }))
}

/** Who comes first changes with each round, and so does who comes after whom. */
function orderOf(count: number, round: number): number[] {
  const order = Array.from({ length: count }, (_, turn) => (turn + round) % count)
  return round % 2 === 0 ? order : order.reverse()
}

async function time({ count, run }: Contender): Promise<number> {
  await run(Math.ceil(count * LEAD_IN))
  const start = performance.now()
  await run(count)
  return ((performance.now() - start) * 1000) / count
}
