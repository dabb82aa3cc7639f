/**
 * A mixed workload: what a thousand clients of different trades ask, with keys from a bounded space.
 *
 * The one idea: every command is valid at any time on its own keys, so any error reply is an error of the server.
 */
import { raw } from '../../src/base/bytes.ts'
import { encodeCommand } from '../../src/resp/request-encoder.ts'

type Words = readonly string[]

const KEYS = 10_000
const TEXT = 'v'.repeat(100)
const PAGE = 'p'.repeat(10_000)

/** How often of a hundred, what it needs, and the commands: one request and the number of replies to it. */
const TRADES: readonly [share: number, needs: Words, (n: number) => readonly Words[]][] = [
  [30, ['GET'], (n) => [['GET', `string:${n}`]]],
  [15, ['SET'], (n) => [['SET', `string:${n}`, TEXT]]],
  [2, ['SET'], (n) => [['SET', `page:${n % 100}`, PAGE, 'EX', '5']]],
  [3, ['GET'], (n) => [['GET', `page:${n % 100}`]]],
  [8, ['INCR'], (n) => [['INCR', `counter:${n % 100}`]]],
  [6, ['HSET'], (n) => [['HSET', `hash:${n % 1000}`, `field:${n % 37}`, TEXT]]],
  [6, ['HGETALL'], (n) => [['HGETALL', `hash:${n % 1000}`]]],
  [5, ['LPUSH'], (n) => [['LPUSH', `list:${n % 100}`, TEXT]]],
  [5, ['RPOP'], (n) => [['RPOP', `list:${n % 100}`]]],
  [3, ['SADD'], (n) => [['SADD', `set:${n % 100}`, `member:${n}`]]],
  [3, ['SISMEMBER'], (n) => [['SISMEMBER', `set:${n % 100}`, `member:${n}`]]],
  [3, ['ZADD'], (n) => [['ZADD', `board:${n % 10}`, `${n}`, `member:${n % 1000}`]]],
  [3, ['ZRANGE'], (n) => [['ZRANGE', `board:${n % 10}`, '0', '9', 'WITHSCORES']]],
  [3, ['XADD'], (n) => [['XADD', `stream:${n % 10}`, 'MAXLEN', '~', '1000', '*', 'f', TEXT]]],
  [1, ['DEL'], (n) => [['DEL', `string:${n}`]]],
  [2, ['MULTI', 'EXEC'], (n) => [['MULTI'], ['INCR', `counter:${n % 100}`], ['EXPIRE', `string:${n}`, '60'], ['EXEC']]],
  [2, ['MGET'], (n) => [['MGET', `string:${n}`, `string:${(n * 7) % KEYS}`, `page:${n % 100}`]]],
]

/** Every command that the workload asks. */
export const NEEDED: Words = [...new Set(TRADES.flatMap(([, needs]) => needs))]

export interface Request {
  readonly wire: string
  readonly replies: number
}

/** Draws requests of trades that need no command of `without`; chance is seeded, so that each server hears the same. */
export function mixedWorkload(without: Words): () => Request {
  const trades = TRADES.filter(([, needs]) => !needs.some((name) => without.includes(name)))
  const deck = trades.flatMap(([share, , make]) => Array.from({ length: share }, () => make))
  let state = 1
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return () => {
    const commands = deck[draw(deck.length)]!(draw(KEYS))
    return { wire: commands.map((words) => encodeCommand(words.map(raw))).join(''), replies: commands.length }
  }
}
