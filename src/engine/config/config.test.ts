import { expect, test } from 'vitest'
import { type Bytes, bytes } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import { Config, ConfigError } from './config.ts'
import { DIRECTIVES } from './directives.ts'
import { Problem } from './kinds.ts'

const config = (options = {}) => new Config(options, () => undefined)

/** Sets and gives the error's text, or OK. */
function set(target: Config, ...words: string[]): string {
  const pairs: [Bytes, Bytes][] = []
  for (let i = 0; i < words.length; i += 2) pairs.push([bytes(words[i]!), bytes(words[i + 1]!)])
  try {
    target.set(pairs)
    return 'OK'
  } catch (error) {
    if (error instanceof ReplyError) return error.message
    throw error
  }
}

test('every default is a value of its own directive, printed as it stands', () => {
  for (const { name, kind, initial } of DIRECTIVES) expect([name, kind(initial, initial)]).toEqual([name, initial])
})

test('what is given at start may be anything, what never changes included', () => {
  const started = config({ Port: '7000', databases: '4', 'client-query-buffer-limit': '2mb' })
  expect([started.number('port'), started.number('databases')]).toEqual([7000, 4])
  expect(started.get('client-query-buffer-limit')).toBe('2097152')
})

test('a bad directive at start is an error that names it', () => {
  expect(() => config({ nosuch: '1' })).toThrow(ConfigError)
  expect(() => config({ nosuch: '1' })).toThrow("Bad directive 'nosuch': there is no such directive")
  expect(() => config({ port: '70000' })).toThrow(
    "Bad directive 'port': argument must be between 0 and 65535 inclusive",
  )
  expect(() => config({ 'io-threads': '2' })).toThrow("Bad directive 'io-threads': only '1' is supported")
})

test('one bad value puts all back, and who follows hears of it', () => {
  const target = config()
  const heard: string[] = []
  target.onChange('timeout', (value) => {
    heard.push(value)
  })
  target.onChange('hz', () => new Problem('not today'))
  expect(set(target, 'timeout', '5', 'loglevel', 'loud')).toContain("related to argument 'loglevel')")
  expect(target.get('timeout')).toBe('0')
  heard.length = 0
  expect(set(target, 'timeout', '5', 'hz', '20')).toBe(
    "ERR CONFIG SET failed (possibly related to argument 'hz') - not today",
  )
  expect([target.get('timeout'), target.get('hz')]).toEqual(['0', '10'])
  expect(heard).toEqual(['5', '0'])
})

test('what someone must apply is refused while nobody does', () => {
  const target = config()
  expect(set(target, 'port', '7000')).toBe(
    "ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port. Check server logs.",
  )
  target.onChange('port', () => undefined)
  expect(set(target, 'port', '7000')).toBe('OK')
})

test('an old name is the same directive', () => {
  const target = config()
  expect(set(target, 'hash-max-ziplist-entries', '7')).toBe('OK')
  expect(target.get('hash-max-listpack-entries')).toBe('7')
  expect(target.match(bytes('hash-max-*-entries'))).toEqual([
    ['hash-max-listpack-entries', '7'],
    ['hash-max-ziplist-entries', '7'],
  ])
})

test('following calls at once only where the value is not the default', () => {
  const heard: string[] = []
  const target = config({ timeout: '9' })
  target.follow('timeout', (value) => heard.push(value))
  target.follow('hz', (value) => heard.push(value))
  expect(heard).toEqual(['9'])
})
