/** Lines under a prefix, word by word; and that no command's reply hides keys where they can't be found. */
import { describe, expect, test } from 'vitest'
import { raw } from '../../base/bytes.ts'
import { allCommands } from '../../commands/all.ts'
import type { Shape } from '../../commands/shape.ts'
import { Table } from '../../engine/table.ts'
import { underPrefix } from './prefixed-words.ts'
import { renameKeys } from './reply-keys.ts'

const table = new Table(allCommands)

function under(line: string, prefix = 'p:'): string {
  const argv = line.split(' ').map(raw)
  return underPrefix(raw(prefix), table.find(argv), argv).join(' ')
}

test.each([
  ['GET k', 'GET p:k'],
  ['MSET a 1 b 2', 'MSET p:a 1 p:b 2'],
  ['BLPOP a b 0', 'BLPOP p:a p:b 0'],
  ['lmpop 2 a b LEFT COUNT 2', 'lmpop 2 p:a p:b LEFT COUNT 2'],
  ['BITOP AND to a b', 'BITOP AND p:to p:a p:b'],
  ['ZUNIONSTORE to 2 a b WEIGHTS 1 2', 'ZUNIONSTORE p:to 2 p:a p:b WEIGHTS 1 2'],
  ['XREAD COUNT 1 STREAMS a b 0 0', 'XREAD COUNT 1 STREAMS p:a p:b 0 0'],
  ['XREADGROUP GROUP g c STREAMS a >', 'XREADGROUP GROUP g c STREAMS p:a >'],
  ['XGROUP CREATE s g $', 'XGROUP CREATE p:s g $'],
  ['OBJECT ENCODING k', 'OBJECT ENCODING p:k'],
  ['MEMORY USAGE k SAMPLES 5', 'MEMORY USAGE p:k SAMPLES 5'],
  ['SORT l BY w_* LIMIT 0 5 GET # GET n_*->f STORE to', 'SORT p:l BY p:w_* LIMIT 0 5 GET # GET p:n_*->f STORE p:to'],
  ['SORT_RO l BY nosort', 'SORT_RO p:l BY p:nosort'],
  ['GEORADIUS g 1 2 3 km STORE a STOREDIST b', 'GEORADIUS p:g 1 2 3 km STORE p:a STOREDIST p:b'],
  ['GEORADIUSBYMEMBER g STORE 3 km STORE a', 'GEORADIUSBYMEMBER p:g STORE 3 km STORE p:a'],
  ['GEOSEARCHSTORE to g FROMMEMBER m BYRADIUS 1 km', 'GEOSEARCHSTORE p:to p:g FROMMEMBER m BYRADIUS 1 km'],
  ['COPY a b DB 1', 'COPY p:a p:b DB 1'],
  ['KEYS a*', 'KEYS p:a*'],
  ['SCAN 0', 'SCAN 0 MATCH p:*'],
  ['SCAN 0 COUNT 5', 'SCAN 0 COUNT 5 MATCH p:*'],
  ['SCAN 0 COUNT 5 MATCH MATCH', 'SCAN 0 COUNT 5 MATCH p:MATCH'],
  ['HSCAN h 0 MATCH f*', 'HSCAN p:h 0 MATCH f*'],
  ['PUBLISH c m', 'PUBLISH p:c m'],
  ['SPUBLISH c m', 'SPUBLISH p:c m'],
  ['SUBSCRIBE a __keyspace@0__:k __keyevent@0__:del', 'SUBSCRIBE p:a __keyspace@0__:p:k __keyevent@0__:del'],
  ['PUBSUB CHANNELS', 'PUBSUB CHANNELS p:*'],
  ['EVAL s 2 a b c', 'EVAL s 2 p:a p:b c'],
  ['EVALSHA s 0 c', 'EVALSHA s 0 c'],
  ['PING', 'PING'],
  ['CONFIG GET maxmemory', 'CONFIG GET maxmemory'],
])('%s', (line, expected) => expect(under(line)).toBe(expected))

test('signs in a prefix are no pattern', () => {
  expect(under('KEYS *', 'a*[b]?\\')).toBe('KEYS a\\*\\[b\\]\\?\\\\*')
  expect(() => under('SORT l BY w_*', 'a*')).toThrow(/SORT with BY or GET/)
})

test.each(['FLUSHDB', 'FLUSHALL', 'SWAPDB 0 1', 'DBSIZE', 'DEBUG OBJECT k', 'JSON.GET k'])('%s is refused', (line) => {
  expect(() => under(line)).toThrow(/can't run under a key prefix/)
})

describe('replies', () => {
  const named = (shape: Shape): boolean => shape.kind === 'keyName' || (shape.of ?? []).some(named)
  const all = allCommands.flatMap((command) => [command, ...command.subcommands.values()])
  const naming = all.filter((command) => named(command.spec.reply))
  test('of some commands name keys, and all of these can be read', () => {
    expect(naming.length).toBeGreaterThan(12)
    for (const command of naming) expect(() => renameKeys(command, null, (key) => key)).not.toThrow()
  })
})
