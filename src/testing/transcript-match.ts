/**
 * Whether what a client received is what a transcript says.
 *
 * The one idea: replies take the expected lines in order, each as many as it prints; what is left on either side is a
 * difference. `?` and `/regex/` stand for one whole reply, or behind an element's number for that element's line.
 */
import { PushReply, type Reply } from '../base/reply.ts'
import { resp2Forms, showReply } from './cli-notation.ts'
import type { Expectation } from './transcript.ts'

/** Something a client received. */
export interface Heard {
  readonly reply: Reply
  /** Whether it was pushed; undefined where the protocol does not say. */
  readonly pushed: boolean | undefined
}

interface Line {
  readonly text: string
  readonly isPush: boolean
}

/** Says whether everything heard by one client fits. `resp3` is the notation of the transcript. */
export function fits(expected: readonly Expectation[], heard: readonly Heard[], resp3: boolean): boolean {
  const lines = expected.flatMap(({ lines, place }) => lines.map((text): Line => ({ text, isPush: place === 'push' })))
  let at = 0
  for (const one of heard) {
    const taken = take(lines, at, one, resp3)
    if (taken === 0) return false
    at += taken
  }
  return at === lines.length
}

/** The lines of what was heard, for people and for `transcribe`. */
export function showHeard({ reply }: Heard, resp3: boolean): string[] {
  return resp3 ? showReply(reply) : showReply(resp2Forms(reply)[0]!)
}

/** How many of the lines from `at` this reply accounts for; 0 when it fits none. */
function take(lines: readonly Line[], at: number, { reply, pushed }: Heard, resp3: boolean): number {
  const first = lines[at]
  if (first === undefined || (first.isPush && pushed === false)) return 0
  if (first.text === '?') return 1
  for (const form of resp3 ? [reply] : resp2Forms(reply)) {
    const shown = showReply(form)
    const pattern = patternOf(first.text)
    if (pattern !== undefined) {
      if (pattern.test(shown.join('\n'))) return 1
      continue
    }
    if (shown.every((line, i) => sameLine(lines[at + i]?.text, line))) return shown.length
  }
  return 0
}

const NUMBERED = /^((?: *\d+[)~#] )+)(.*)$/

function sameLine(expected: string | undefined, line: string): boolean {
  if (expected === line) return true
  const [, place, said] = NUMBERED.exec(expected ?? '') ?? []
  if (place === undefined || said === undefined || !line.startsWith(place)) return false
  return said === '?' || (patternOf(said)?.test(line.slice(place.length)) ?? false)
}

const patternOf = (text: string): RegExp | undefined =>
  text.length > 2 && text.startsWith('/') && text.endsWith('/') ? new RegExp(text.slice(1, -1)) : undefined

/** Whether a reply off the wire says of itself that it was pushed: in RESP3 alone. */
export const saysPushed = (reply: Reply, resp3: boolean): boolean | undefined =>
  resp3 ? reply instanceof PushReply : undefined
