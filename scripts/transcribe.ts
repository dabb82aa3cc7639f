/**
 * Writes a transcript as redis-server answers it.
 *
 *   npx tsx scripts/transcribe.ts < lines.txt > test/transcripts/group/family.txt
 *   npx tsx scripts/transcribe.ts test/transcripts/group/family.txt          writes the file anew, in place
 *
 * Takes command lines, with or without `A> `, and the marks and pauses of transcripts (`# title`, `@resp3`, `~ 1s`); a
 * whole transcript may be given, to be answered anew. `?` and `/regex/` stay where they still fit, and steps marked
 * `@ours` as they are: redis-server does not know them. A whole transcript marked so is answered by our engine: read it!
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { allCommands } from '../src/commands/all.ts'
import { itemsOf } from '../src/testing/cli-notation.ts'
import { type Place, parseTranscript, type Step, type Transcript } from '../src/testing/transcript.ts'
import { EngineStage } from '../src/testing/transcript-engine.ts'
import { fits, type Heard, showHeard } from '../src/testing/transcript-match.ts'
import type { Stage } from '../src/testing/transcript-play.ts'
import { RealServer } from '../test/transcripts/real-server.ts'

const MESSAGES = new Set(['message', 'pmessage', 'smessage'])
/** An expected line that stands for many. */
const WILD = /^(?: *\d+[)~#] )*(?:\?|\/.+\/)$/
const BLOCKING = new Set(allCommands.filter(({ flags }) => flags.has('blocking')).map(({ name }) => name))

/** Makes a transcript of what may be a list of commands. */
function completed(source: string): string {
  const isTranscript = /^[A-Z]> /m.test(source)
  const lines = source.split('\n').filter((line) => line !== '')
  const marked = isTranscript ? lines : lines.map((line) => (/^[#@~]/.test(line) ? line : `A> ${line}`))
  return marked[0]?.startsWith('# ') ? marked.join('\n') : ['# Untitled', ...marked].join('\n')
}

async function answered(transcript: Transcript, stage: Stage): Promise<string[]> {
  const out = [`# ${transcript.title}`]
  if (transcript.protocol !== undefined) out.push(`@resp${transcript.protocol}`)
  if (transcript.ours !== undefined) out.push(`@ours ${transcript.ours}`)
  for (const step of transcript.steps) {
    if (step.ours !== undefined) out.push(`@ours ${step.ours}`)
    out.push(step.text)
    if (step.ours !== undefined) out.push(...asItWas(step))
    else out.push(...(await answers(step, stage, transcript.protocol === 3)))
  }
  return out
}

const asItWas = ({ expected }: Step): string[] =>
  expected.flatMap(({ client, place, lines, blocked }) => [
    ...(place === 'reply' ? [] : [place === 'late' ? `${client}:` : `${client}!`]),
    ...(blocked ? ['(blocked)'] : lines),
  ])

async function answers(step: Step, stage: Stage, resp3: boolean): Promise<string[]> {
  stage.forget()
  if (step.client === undefined) await stage.pass(step.waitMs)
  else await stage.say(step.client, step.argv)
  for (let turns = 0; turns < 3; turns++) await stage.linger()
  const heard = stage.heard()
  const own = heard.get(step.client ?? '') ?? []
  const out = wildLines(step, own, resp3) ?? inOrder(step.client ?? '', own, 'reply', resp3)
  if (own.length === 0 && BLOCKING.has(step.argv[0]?.toUpperCase() ?? '')) out.push('(blocked)')
  for (const [client, all] of heard) if (client !== step.client) out.push(...inOrder(client, all, undefined, resp3))
  return out
}

/** The lines as they were, where they stand for many replies and for this one too. */
function wildLines(step: Step, heard: readonly Heard[], resp3: boolean): string[] | undefined {
  const before = step.expected.find(({ place, client }) => place === 'reply' && client === step.client)
  if (before === undefined || !before.lines.some((line) => WILD.test(line))) return undefined
  return fits([before], heard, resp3) ? [...before.lines] : undefined
}

/** What a client heard, each change of place announced, and each message. */
function inOrder(client: string, all: readonly Heard[], from: Place | undefined, resp3: boolean): string[] {
  let place = from
  return all.flatMap((one) => {
    const next = isMessage(one) ? 'push' : place === 'reply' ? 'reply' : 'late'
    const header = next !== place || next === 'push' ? [`${client}${next === 'push' ? '!' : ':'}`] : []
    place = next
    return [...header, ...showHeard(one, resp3)]
  })
}

const isMessage = ({ reply }: Heard): boolean => MESSAGES.has(String(itemsOf(reply)?.[0]))

async function onRedisServer(transcript: Transcript): Promise<string[]> {
  const server = await RealServer.start()
  const stage = server.stage(transcript.protocol ?? 2)
  const lines = await answered(transcript, stage)
  stage.close()
  await server.stop()
  return lines
}

async function onOurs(transcript: Transcript): Promise<string[]> {
  const stage = new EngineStage(transcript.protocol ?? 2)
  const lines = await answered(transcript, stage)
  stage.close()
  return lines
}

const path = process.argv[2]
const transcript = parseTranscript(completed(readFileSync(path ?? 0, 'utf8')))
const lines = await (transcript.ours === undefined ? onRedisServer(transcript) : onOurs(transcript))
const written = `${lines.map((line) => Buffer.from(line, 'latin1').toString('utf8')).join('\n')}\n`
if (path === undefined) process.stdout.write(written)
else writeFileSync(path, written)
