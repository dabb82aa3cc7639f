/**
 * Replies as text for people and for programs: redis-cli's five formats.
 *
 * The one idea: a format is a function from a reply to bytes, the end of line included, so that everything that prints
 * (one command, a session, a stream of messages) prints alike. Bytes of values pass through unchanged but where the
 * format escapes them.
 */
import { formatDouble } from '../../base/doubles.ts'
import {
  BigNumber,
  Double,
  MapReply,
  NilArray,
  type PushReply,
  type Reply,
  ReplyError,
  Status,
  Verbatim,
} from '../../base/reply.ts'
import { itemsOf, quote, showReply } from '../../testing/cli-notation.ts'

/** The formats: for people, for pipes, and for programs. */
export type Mode = 'standard' | 'raw' | 'csv' | 'json' | 'quoted-json'

/** How replies are printed. */
export interface Format {
  readonly mode: Mode
  /** Between the elements of an aggregate, in raw mode. */
  readonly delimiter: string
  /** After each reply, in raw mode. */
  readonly replyDelimiter: string
}

/** A reply as latin1 text. A `verbatim` one is a text for people (INFO), printed as it is in every format. */
export function render(reply: Reply, format: Format, verbatim = false): string {
  const { mode } = format
  if (verbatim) return rawText(reply, format.delimiter)
  switch (mode) {
    case 'standard':
      return `${showReply(reply).join('\n')}\n`
    case 'raw':
      return rawText(reply, format.delimiter) + format.replyDelimiter
    case 'csv':
      return `${csvText(reply)}\n`
    default:
      return `${jsonText(reply, mode === 'json' ? jsonString : quotedJsonString)}\n`
  }
}

/** What a reply without items says, unquoted; numbers and doubles as they were sent. */
function plain(reply: Reply): string {
  if (typeof reply === 'string') return reply
  if (reply instanceof Status || reply instanceof Verbatim) return reply.text
  if (reply instanceof ReplyError) return reply.message
  if (reply instanceof Double) return reply.text ?? formatDouble(reply.value)
  return reply instanceof BigNumber ? reply.digits : String(reply)
}

const isNil = (reply: Reply): boolean => reply === null || reply instanceof NilArray

function rawText(reply: Reply, delimiter: string): string {
  if (isNil(reply)) return ''
  if (typeof reply === 'boolean') return `(${reply})`
  if (reply instanceof ReplyError) return `${reply.message}\n`
  const items = itemsOf(reply)
  if (items === undefined) return plain(reply)
  const texts = items.map((item) => rawText(item, delimiter))
  return (reply instanceof MapReply ? pairs(texts, ' ') : texts).join(delimiter)
}

/** Joins what stands at even places with what follows it. */
function pairs(texts: readonly string[], between: string): string[] {
  const joined: string[] = []
  for (let i = 0; i < texts.length; i += 2) joined.push(`${texts[i]}${between}${texts[i + 1]}`)
  return joined
}

function csvText(reply: Reply): string {
  if (isNil(reply)) return 'NULL'
  if (reply instanceof ReplyError) return `ERROR,${quote(reply.message)}`
  const items = itemsOf(reply)
  if (items !== undefined) return items.map(csvText).join(',')
  return isText(reply) ? quote(plain(reply)) : plain(reply)
}

const isText = (reply: Reply): boolean =>
  typeof reply === 'string' || reply instanceof Status || reply instanceof Verbatim

type Quote = (value: string) => string

function jsonText(reply: Reply, quoted: Quote): string {
  if (isNil(reply)) return 'null'
  if (reply instanceof ReplyError) return `error:${quoted(reply.message)}`
  const items = itemsOf(reply)
  if (items === undefined) return isText(reply) ? quoted(plain(reply)) : plain(reply)
  if (!(reply instanceof MapReply)) return `[${items.map((item) => jsonText(item, quoted)).join(',')}]`
  const texts = items.map((item, at) => (at % 2 === 0 ? jsonKey(item, quoted) : jsonText(item, quoted)))
  return `{${pairs(texts, ':').join(',')}}`
}

/** JSON knows text as keys only; RESP3 knows any reply. */
function jsonKey(reply: Reply, quoted: Quote): string {
  const text = jsonText(reply, quoted)
  return text.startsWith('"') ? text : `"${text}"`
}

const JSON_ESCAPES = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\b', '\\b'],
  ['\f', '\\f'],
])
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be escaped
const TO_ESCAPE = /["\\\x00-\x1f]/g

/** A JSON string; bytes beyond ASCII stay as they are, so UTF-8 stays UTF-8. */
const jsonString: Quote = (value) =>
  `"${value.replace(TO_ESCAPE, (char) => JSON_ESCAPES.get(char) ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`

/** A JSON string of the value as redis-cli quotes it: ASCII, whatever the bytes. */
const quotedJsonString: Quote = (value) => jsonString(quote(value).slice(1, -1))

/** Whether a push says that cached keys are no longer valid (client-side caching). */
export function isInvalidation(push: PushReply): boolean {
  return push.items.length === 2 && push.items[0] === 'invalidate'
}

/** An invalidation in one line: `-> invalidate: 'a', 'b'`; all keys when the server names none. */
export function renderInvalidation(push: PushReply): string {
  const keys = push.items[1]
  const names = keys === undefined ? [] : (itemsOf(keys) ?? []).map((key) => quote(plain(key)).replace(/^"|"$/g, "'"))
  return `-> invalidate: ${names.length === 0 ? 'all keys' : names.join(', ')}\n`
}

/** Commands whose answer is a text to be read: by name, then by the name and a word that must follow. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  info: [],
  lolwut: [],
  debug: ['htstats', 'htstats-key', 'client-eviction'],
  memory: ['malloc-stats', 'doctor'],
  cluster: ['nodes', 'info'],
  client: ['list', 'info'],
  latency: ['graph', 'doctor'],
}

/** Whether the answer to a command is a text for people, printed as it is. */
export function answersWithText(argv: readonly string[]): boolean {
  const [name = '', word = ''] = argv.map((each) => each.toLowerCase())
  const words = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined
  return words !== undefined && (words.length === 0 || words.includes(word))
}
