/** What the slow log keeps of the same lines, here and on redis-server: words trimmed, secrets hidden, order, names. */
import { expect } from 'vitest'
import { itemsOf } from '../../src/testing/cli-notation.ts'
import { Speaker } from '../transcripts/wire-stage.ts'
import { noticedAlike } from './both-servers.ts'

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`)

const LINES: readonly (readonly string[])[] = [
  ['SET', 'k', '0'.repeat(128)],
  ['SET', 'k', '0'.repeat(129)],
  ['DEL', ...numbers(31)],
  ['DEL', ...numbers(32)],
  ['DEL', ...numbers(100)],
  ['GET'],
  ['NOSUCH'],
  ['LPUSH', 'k', 'x'],
  ['AUTH', 'secret'],
  ['AUTH', 'default', 'secret'],
  ['HELLO', '2', 'AUTH', 'default', 'secret', 'SETNAME', 'you'],
  ['HELLO', '2', 'SETNAME', 'you'],
  ['CONFIG', 'SET', 'requirepass', 'secret', 'timeout', '0'],
  ['CONFIG', 'SET', 'timeout', '0', 'REQUIREPASS', ''],
  ['CONFIG', 'SET', 'nosuch', '0'],
  ['ACL', 'SETUSER', 'bob', 'on', '>secret'],
  ['ACL', 'DELUSER', 'bob'],
  ['MULTI'],
  ['INCR', 'n'],
  ['AUTH', 'x'],
  ['EXEC'],
  ['SLOWLOG', 'LEN'],
  ['DEBUG', 'SLEEP', '0'],
]

/** Says the lines while everything is logged, then gives what was: words, name; numbers relative to the first. */
async function logged(port: number): Promise<unknown[]> {
  const speaker = await Speaker.open(port)
  await speaker.ask('CONFIG', 'SET', 'slowlog-max-len', '100')
  await speaker.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '0')
  for (const line of LINES) await speaker.ask(...line)
  await speaker.ask('CONFIG', 'SET', 'slowlog-log-slower-than', '-1')
  const entries = itemsOf(await speaker.ask('SLOWLOG', 'GET', '-1')) ?? []
  speaker.close()
  return entries.map((entry) => {
    const [id, seconds, micros, argv, address, name] = itemsOf(entry) ?? []
    expect([typeof seconds, typeof micros]).toEqual(['number', 'number'])
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    return [id, itemsOf(argv!), name]
  })
}

noticedAlike('the slow log', logged, 21)
