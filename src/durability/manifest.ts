/**
 * The manifest: which files the log consists of.
 *
 * The one idea: a line for each file (`file appendonly.aof.1.base.rdb seq 1 type b`): one base, a snapshot; then, in the
 * order of their numbers, the increments that go on from it; and history, files that are no longer needed. Who reads the
 * manifest reads the log: changing it by a rename is how a rewrite takes effect.
 */
import { raw } from '../base/bytes.ts'
import { splitWords } from '../base/split-words.ts'
import { DurabilityError } from './durable.ts'

export interface LogFile {
  readonly name: string
  readonly seq: number
}

export interface Manifest {
  readonly base: LogFile | undefined
  readonly increments: readonly LogFile[]
  readonly history: readonly LogFile[]
}

export const EMPTY_MANIFEST: Manifest = { base: undefined, increments: [], history: [] }

const LONGEST_LINE = 1024

/** Reads a manifest's text; throws `DurabilityError` CORRUPT with the line. */
export function parseManifest(text: string, path: string): Manifest {
  let base: LogFile | undefined
  const increments: LogFile[] = []
  const history: LogFile[] = []
  const named = new Set<string>()
  const corrupt = (number: number, why: string): DurabilityError =>
    new DurabilityError('CORRUPT', path, `${path}: line ${number} of the manifest: ${why}`)
  if (text === '') throw corrupt(1, 'the file is empty')
  text
    .replace(/\n$/, '')
    .split('\n')
    .forEach((line, i) => {
      if (line.startsWith('#')) return
      if (line.length > LONGEST_LINE) throw corrupt(i + 1, 'it is too long')
      const { type, ...file } = fileOf(line, (why) => corrupt(i + 1, why))
      if (named.has(file.name)) throw corrupt(i + 1, 'a file is named again')
      named.add(file.name)
      switch (type) {
        case 'b':
          if (base !== undefined) throw corrupt(i + 1, 'there is a base already')
          base = file
          return
        case 'h':
          history.push(file)
          return
        case 'i':
          if (file.seq <= (increments.at(-1)?.seq ?? 0)) throw corrupt(i + 1, 'the numbers of increments do not rise')
          increments.push(file)
          return
        default:
          throw corrupt(i + 1, `there is no type ${JSON.stringify(type)}`)
      }
    })
  return { base, increments, history }
}

function fileOf(line: string, corrupt: (why: string) => Error): LogFile & { readonly type: string | undefined } {
  const words = splitWords(raw(line.trim()))
  if (words === undefined || words.length < 6 || words.length % 2 !== 0) {
    throw corrupt('it is no list of names and values')
  }
  const facts = new Map<string, string>()
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i]!.toLowerCase()
    if (facts.has(name)) throw corrupt(`it says ${JSON.stringify(name)} twice`)
    facts.set(name, words[i + 1]!)
  }
  const name = facts.get('file')
  const seq = Number(facts.get('seq'))
  if (name === undefined || name === '') throw corrupt('it names no file')
  if (/[/\\]/.test(name)) throw corrupt('a file is named by a path')
  if (!Number.isSafeInteger(seq) || seq < 1) throw corrupt('its seq is no number')
  return { name, seq, type: facts.get('type') }
}

/** Whether a file of history was a base, and not an increment. */
export const isBase = ({ name }: LogFile): boolean => name.includes('.base.')

/** A file beside the manifest. */
export interface FileBeside {
  readonly name: string
  readonly size: number
}

/**
 * Checks a manifest against the files beside it. Throws `DurabilityError` CORRUPT where it must have lost a line, or a word
 * of it: an increment is named before anything is written to it, and it becomes history together with its base. Else the log
 * would go on as if what that file holds had never happened, and write over it.
 */
export function checkManifest({ increments, history }: Manifest, path: string, files: readonly FileBeside[]): void {
  const log = path.slice(path.lastIndexOf('/') + 1).replace(/\.manifest$/, '')
  const last = increments.at(-1)?.seq ?? 0
  const isBaseHistory = history.some(isBase)
  for (const { name, size } of files) {
    const number = name.startsWith(log) ? /^\.(\d+)\.incr\.aof$/.exec(name.slice(log.length))?.[1] : undefined
    if (number === undefined || size === 0 || increments.some((increment) => increment.name === name)) continue
    const isFollowed = increments.length === 0 || Number(number) <= last
    const isHistory = history.some((file) => file.name === name)
    if (isHistory ? isBaseHistory && isFollowed : Number(number) <= last) continue
    const why = isHistory ? 'calls it history, which its base is not' : 'does not name it'
    throw new DurabilityError(
      'CORRUPT',
      path,
      `${name} holds ${size} bytes, but ${path} ${why}. Name it there again, or move it away to start without it.`,
    )
  }
}

export function formatManifest({ base, increments, history }: Manifest): string {
  const line = ({ name, seq }: LogFile, type: string): string => `file ${quoted(name)} seq ${seq} type ${type}\n`
  return [
    base === undefined ? '' : line(base, 'b'),
    ...history.map((file) => line(file, 'h')),
    ...increments.map((file) => line(file, 'i')),
  ].join('')
}

/** Names with spaces or worse stand in quotes. */
function quoted(name: string): string {
  if (/^[!#-&(-[\]-~]+$/.test(name)) return name
  const escaped = name.replace(/["\\]/g, '\\$&').replace(/[^ -~]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `"${escaped}"`
}
