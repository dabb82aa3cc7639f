/**
 * TFUNCTION LIST: its words, and what it says of a library.
 */
import { type Bytes, bytes, lower, raw } from '../base/bytes.ts'
import { MapReply, type Reply, ReplyError } from '../base/reply.ts'
import { strictText } from '../guest/utf8.ts'
import type { ScheduledJob } from './cron/cron-jobs.ts'
import type { Callable, Library } from './library.ts'
import type { TriggerKeeper } from './trigger-keeper.ts'

/** What was asked for. */
export interface ListRequest {
  readonly withCode: boolean
  readonly verbosity: number
  readonly library: string | undefined
}

const BINARY = new ReplyError('Binary option is not allowed')
const NO_NAME = new ReplyError('Library name was not given')
const NOT_A_NAME = new ReplyError('Library name is not a string')
const VERBOSITY = new Map([
  ['verbose', 1],
  ['v', 1],
  ['vv', 2],
  ['vvv', 3],
])

/** Reads the words after LIST; throws `ReplyError`. */
export function listRequest(words: readonly Bytes[]): ListRequest {
  let [withCode, verbosity, library]: [boolean, number, string | undefined] = [false, 0, undefined]
  for (let i = 0; i < words.length; i++) {
    if (strictText(words[i]!) === undefined) throw BINARY
    const word = lower(words[i]!)
    if (word === 'withcode') withCode = true
    else if (word === 'library') library = nameOf(words[++i])
    else if (VERBOSITY.has(word)) verbosity += VERBOSITY.get(word)!
    else throw new ReplyError(`Unknown option '${word}'`)
  }
  return { withCode, verbosity, library }
}

function nameOf(word: Bytes | undefined): string {
  if (word === undefined) throw NO_NAME
  const name = strictText(word)
  if (name === undefined) throw NOT_A_NAME
  return name
}

/** One library's map; its keys are in alphabetical order. */
export function describeLibrary(
  library: Library,
  { withCode, verbosity }: ListRequest,
  triggers: TriggerKeeper | undefined,
): Reply {
  const functions = [...library.functions.values()]
  const code: readonly (readonly [string, Reply])[] = withCode ? [['code', textOrNull(library.code)]] : []
  return mapOf([
    ['api_version', bytes(library.apiVersion)],
    ['cluster_functions', library.registered.clusterFunctions.map(({ name }) => bytes(name))],
    ...code,
    ['configuration', textOrNull(library.config)],
    ...cronsOf(library, verbosity),
    ['engine', raw(library.engine)],
    ['functions', functions.map((entry) => (verbosity > 0 ? describeFunction(entry) : nameReply(entry)))],
    ['keyspace_triggers', triggers?.keySpaceTriggers(library, verbosity) ?? []],
    ['name', bytes(library.name)],
    ['pending_async_calls', library.guest.pendingCalls.map(bytes)],
    ['pending_jobs', library.guest.pendingJobs],
    ['stream_triggers', triggers?.streamTriggers(library, verbosity) ?? []],
    ['user', library.user],
  ])
}

/** Only linked libraries have jobs, and only with some is there anything to say. */
function cronsOf({ crons }: Library, verbosity: number): readonly (readonly [string, Reply])[] {
  if (crons.length === 0) return []
  return [['crons', crons.map((cron) => (verbosity > 0 ? describeCron(cron) : bytes(cron.job.name)))]]
}

function describeCron({ job, runs, failures, lastError, nextMs }: ScheduledJob): Reply {
  return mapOf([
    ['last_error', textOrNull(lastError)],
    ['name', bytes(job.name)],
    ['next_time', nextMs ?? null],
    ['num_failed', failures],
    ['num_trigger', runs],
    ['schedule', bytes(job.expression.text)],
  ])
}

const nameReply = ({ registration }: Callable): Reply => bytes(registration.name)

function describeFunction({ registration }: Callable): Reply {
  return mapOf([
    ['description', textOrNull(registration.description)],
    ['flags', [...registration.flags].map(raw)],
    ['is_async', registration.isAsync],
    ['name', bytes(registration.name)],
  ])
}

function mapOf(entries: readonly (readonly [string, Reply])[]): MapReply {
  return new MapReply(entries.flatMap(([key, value]) => [raw(key), value]))
}

const textOrNull = (text: string | undefined): Reply => (text === undefined ? null : bytes(text))
