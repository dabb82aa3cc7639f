/**
 * The directives of what is kept on disk: where, in which form, how soon.
 *
 * The one idea: a store without a folder has them too, at Redis' defaults, and refuses to be told otherwise where a promise
 * would be made that nobody keeps: `appendonly yes` needs someone who writes.
 */
import type { Directive } from './directive.ts'
import { anyText, integerIn, type Kind, oneOfWords, Problem, sizeIn, yesNo } from './kinds.ts'

const INT_MAX = 2147483647
const LONG_MAX = 9223372036854775807n

/** What CONFIG SET says where nothing is written. */
const NO_FOLDER = 'this store has no folder: nothing is written to disk'
/** A name in a folder, not a way to one. */
const fileName =
  (name: string): Kind =>
  (text) => {
    if (text === '') return new Problem(`${name} can't be empty`)
    return /[/\\]/.test(text) ? new Problem(`${name} can't be a path, just a filename`) : text
  }

const folderName: Kind = (text) => {
  if (text === '') return new Problem("appenddirname can't be empty")
  return /[/\\]/.test(text) ? new Problem("appenddirname can't be a path, just a dirname") : text
}

/** Pairs of seconds and changes, one blank between each. */
const points: Kind = (text) => {
  if (text === '') return text
  const words = text.split(' ')
  const isPoint = (word: string, i: number): boolean => /^\d{1,15}$/.test(word) && (i % 2 === 1 || Number(word) >= 1)
  return words.length % 2 === 0 && words.every(isPoint) ? text : new Problem('Invalid save parameters')
}

export const PERSISTENCE_DIRECTIVES: readonly Directive[] = [
  { name: 'dir', initial: '', kind: anyText, guarded: true },
  { name: 'dbfilename', initial: 'dump.rdb', kind: fileName('dbfilename'), guarded: true },
  { name: 'save', initial: '', kind: points, unapplied: NO_FOLDER },
  // Ours: 12 keeps deadlines of hash fields, for Redis 7.4 and later.
  { name: 'geartrain-rdb-version', initial: '10', kind: oneOfWords('10', '12') },
  { name: 'rdbcompression', initial: 'yes', kind: yesNo },
  { name: 'rdbchecksum', initial: 'yes', kind: yesNo, immutable: true },
  { name: 'stop-writes-on-bgsave-error', initial: 'yes', kind: yesNo },
  { name: 'sanitize-dump-payload', initial: 'no', kind: oneOfWords('no', 'yes', 'clients') },
  { name: 'appendonly', initial: 'no', kind: yesNo, unapplied: NO_FOLDER },
  { name: 'appendfilename', initial: 'appendonly.aof', kind: fileName('appendfilename'), immutable: true },
  { name: 'appenddirname', initial: 'appendonlydir', kind: folderName, immutable: true },
  { name: 'appendfsync', initial: 'everysec', kind: oneOfWords('everysec', 'always', 'no') },
  { name: 'no-appendfsync-on-rewrite', initial: 'no', kind: yesNo },
  { name: 'auto-aof-rewrite-percentage', initial: '100', kind: integerIn(0, INT_MAX) },
  { name: 'auto-aof-rewrite-min-size', initial: '67108864', kind: sizeIn(0, LONG_MAX) },
  { name: 'aof-load-truncated', initial: 'yes', kind: yesNo },
  { name: 'aof-timestamp-enabled', initial: 'no', kind: yesNo },
]
