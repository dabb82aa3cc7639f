/**
 * Trials on two stores, compared.
 */
import { type Database, ScriptDefinitionError } from '../../../src/index.ts'
import { type Outcome, outcomeOn, type Trial, trialOf } from './trial.ts'

/** So many trials, beginning with a seed. Now and then the generator leaves the language: such seeds are told, not tried. */
export function trials(first: number, count: number): { readonly made: readonly Trial[]; readonly refused: readonly number[] } {
  const made: Trial[] = []
  const refused: number[] = []
  for (let seed = first; made.length < count; seed++) {
    const trial = trialOf(seed)
    try {
      trial.made.ir
      made.push(trial)
    } catch (error) {
      if (!(error instanceof ScriptDefinitionError)) throw error
      refused.push(seed)
    }
  }
  return { made, refused }
}

/** The trial as text, if two stores do not come to the same; undefined if they do. */
export async function difference(here: Database, there: Database, trial: Trial, other = trial): Promise<string | undefined> {
  const [own, its] = [await outcomeOn(here, trial), await outcomeOn(there, other)]
  if (essence(own) === essence(its)) return undefined
  const { seed, source, args, given } = trial
  const shown = [args, given, own, its].map((part) => JSON.stringify(part))
  return [`seed ${seed}`, source, ...shown].join('\n')
}

/** Result or code, and data: messages and lines are for people, and each store has its own. */
function essence({ result, code, data }: Outcome): string {
  return JSON.stringify([result, code, data], (_name, value: unknown) => (isRecord(value) ? inOrder(value) : value))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function inOrder(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
