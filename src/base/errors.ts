/**
 * The catalogue of Redis' error texts that more than one command uses.
 *
 * The one idea: errors that never vary are constants, allocated once; those that name something are factories.
 * A text used by one command only stands in that command's file. Texts are Redis 7.0.15's, byte for byte.
 */
import { ReplyError } from './reply.ts'

export const WRONGTYPE = new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value')
export const SYNTAX = new ReplyError('ERR syntax error')
export const NOT_AN_INTEGER = new ReplyError('ERR value is not an integer or out of range')
export const NOT_A_FLOAT = new ReplyError('ERR value is not a valid float')
export const OUT_OF_RANGE = new ReplyError('ERR value is out of range')
export const NOT_POSITIVE = new ReplyError('ERR value is out of range, must be positive')
export const NO_SUCH_KEY = new ReplyError('ERR no such key')
export const INDEX_OUT_OF_RANGE = new ReplyError('ERR index out of range')
export const STRING_TOO_LONG = new ReplyError('ERR string exceeds maximum allowed size (proto-max-bulk-len)')
export const OVERFLOW = new ReplyError('ERR increment or decrement would overflow')
export const DB_OUT_OF_RANGE = new ReplyError('ERR DB index is out of range')
export const INVALID_STREAM_ID = new ReplyError('ERR Invalid stream ID specified as stream command argument')
export const READONLY = new ReplyError("READONLY You can't write against a read only replica.")
export const INTERNAL = new ReplyError('ERR internal error')

/** `ERR <text>`, for texts that vary. */
export function err(text: string): ReplyError {
  return new ReplyError(`ERR ${text}`)
}

/** The arity error; subcommands are named `config|get`. */
export function wrongArity(name: string): ReplyError {
  return err(`wrong number of arguments for '${name.toLowerCase()}' command`)
}
