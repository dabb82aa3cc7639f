/**
 * Plays a transcript on a stage: an engine in process, a server on the network, a real redis-server.
 *
 * The one idea: a stage says commands, lets time pass and tells what each client heard until all was quiet; the player
 * compares. Nobody may hear anything that the transcript does not have.
 */
import type { Argv } from '../base/bytes.ts'
import type { Step, Transcript } from './transcript.ts'
import { fits, type Heard, showHeard } from './transcript-match.ts'

/** Where a transcript is played. */
export interface Stage {
  /** Says a command as a client, which is connected when it first speaks, and waits until all is quiet. */
  say(client: string, argv: Argv): Promise<void>
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  /** Everything each client heard since the last `forget`; called again where something seems to be missing. */
  heard(): ReadonlyMap<string, readonly Heard[]>
  forget(): void
  /** Waits a moment for what may still come; false when waiting is of no use. */
  linger(): Promise<boolean>
}

/** How a transcript is played. */
export interface PlayOptions {
  /** Leaves out the steps that redis-server does not know. */
  readonly withoutOurs?: boolean
}

const ENOUGH_DIFFERENCES = 8

/** Plays the whole transcript and gives the differences, as text; none when all is as written. */
export async function play(transcript: Transcript, stage: Stage, options: PlayOptions = {}): Promise<string[]> {
  const differences: string[] = []
  const resp3 = transcript.protocol === 3
  for (const step of transcript.steps) {
    if (options.withoutOurs === true && step.ours !== undefined) continue
    stage.forget()
    if (step.client === undefined) await stage.pass(step.waitMs)
    else await stage.say(step.client, step.argv)
    // Patience ends with the first differences: a broken transcript is not waited for at each line.
    while (!asWritten(step, stage, resp3) && differences.length < 3 && (await stage.linger()));
    if (!asWritten(step, stage, resp3)) differences.push(difference(step, stage, resp3))
    if (differences.length >= ENOUGH_DIFFERENCES) break
  }
  return differences
}

const NOTHING: readonly Heard[] = []

function asWritten(step: Step, stage: Stage, resp3: boolean): boolean {
  const heard = stage.heard()
  const clients = new Set([...step.expected.map(({ client }) => client), ...heard.keys()])
  return [...clients].every((name) =>
    fits(
      step.expected.filter(({ client }) => client === name),
      heard.get(name) ?? NOTHING,
      resp3,
    ),
  )
}

function difference(step: Step, stage: Stage, resp3: boolean): string {
  const expected = step.expected.flatMap(({ client, lines, blocked }) =>
    (blocked ? ['(blocked)'] : lines).map((line) => `  ${client} ${line}`),
  )
  const got = [...stage.heard()].flatMap(([client, heard]) =>
    heard.flatMap((one) => showHeard(one, resp3)).map((line) => `  ${client} ${line}`),
  )
  const lines = (what: readonly string[]): string => (what.length === 0 ? '  nothing' : what.slice(0, 30).join('\n'))
  return `line ${step.line}: ${step.text}\n expected\n${lines(expected)}\n got\n${lines(got)}`
}
