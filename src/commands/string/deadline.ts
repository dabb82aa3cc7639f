/**
 * Deadlines as options of SET and GETEX, and as SETEX and PSETEX spell them.
 *
 * The one idea: the four spellings become one absolute instant in milliseconds. Values are read late: after the shape,
 * and for GETEX after the look-up.
 */
import { type Argv, type Bytes, upper } from '../../base/bytes.ts'
import { err } from '../../base/errors.ts'
import { fitInt64, formatInteger, INT64_MAX } from '../../base/integers.ts'
import type { ReplyError } from '../../base/reply.ts'
import { bytes, option } from '../args/nodes.ts'
import { readInt64 } from '../args/values.ts'
import { argvOf } from '../command.ts'

/** Beyond this many seconds the milliseconds leave int64. */
const MOST_SECONDS = 9223372036854775n
const INT64_END = 2 ** 63

/** EX, PX, EXAT and PXAT; members of a oneOf. */
export const deadlineOptions = [
  option('EX', bytes('seconds', 'integer')),
  option('PX', bytes('milliseconds', 'integer')),
  option('EXAT', bytes('unix-time-seconds', 'unix-time')),
  option('PXAT', bytes('unix-time-milliseconds', 'unix-time')),
] as const

/** The options as a handler gets them: at most one is there. */
export interface DeadlineWords {
  readonly seconds?: Bytes | undefined
  readonly milliseconds?: Bytes | undefined
  readonly 'unix-time-seconds'?: Bytes | undefined
  readonly 'unix-time-milliseconds'?: Bytes | undefined
}

/** `invalid expire time`, with the command's lower-case name. */
export const invalidExpire = (command: string): ReplyError => err(`invalid expire time in '${command}' command`)

/** The instant that the options name, or undefined without one; throws `invalid` for what is not in the future of 1970. */
export function deadlineOf(words: DeadlineWords, now: number, invalid: ReplyError): number | undefined {
  if (words.seconds !== undefined) return instant(words.seconds, 1000, now, invalid)
  if (words.milliseconds !== undefined) return instant(words.milliseconds, 1, now, invalid)
  const seconds = words['unix-time-seconds']
  if (seconds !== undefined) return instant(seconds, 1000, 0, invalid)
  const milliseconds = words['unix-time-milliseconds']
  return milliseconds === undefined ? undefined : instant(milliseconds, 1, 0, invalid)
}

/** `word` units of `unit` milliseconds after `base`. */
export function instant(word: Bytes, unit: 1 | 1000, base: number, invalid: ReplyError): number {
  const value = readInt64(word)
  if (value <= 0 || (unit === 1000 && value > MOST_SECONDS)) throw invalid
  const when = Number(value) * unit + base
  if (base > 0 && when >= INT64_END) throw invalid
  return when
}

/** A number of milliseconds as int64: doubles are exact for a quarter of a million years, rounded beyond. */
export function wholeMs(milliseconds: number): number | bigint {
  return Number.isSafeInteger(milliseconds) ? milliseconds : (fitInt64(BigInt(milliseconds)) ?? INT64_MAX)
}

/** PEXPIREAT, the effect of whatever gives a key a deadline. */
export const pexpireatEffect = (key: Bytes, deadline: number): Argv =>
  argvOf('PEXPIREAT', key, formatInteger(wholeMs(deadline)))

/** The instant named by the last deadline option among a command's words, for its effect; undefined when there is none. */
export function deadlineAmong(argv: Argv, from: number, now: number, invalid: ReplyError): number | undefined {
  for (let i = argv.length - 2; i >= from; i--) {
    switch (upper(argv[i]!)) {
      case 'EX':
        return instant(argv[i + 1]!, 1000, now, invalid)
      case 'PX':
        return instant(argv[i + 1]!, 1, now, invalid)
      case 'EXAT':
        return instant(argv[i + 1]!, 1000, 0, invalid)
      case 'PXAT':
        return instant(argv[i + 1]!, 1, 0, invalid)
    }
  }
  return undefined
}
