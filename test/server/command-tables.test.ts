/** The comparison behind `geartrain compat`, on tables small enough to read. */
import { expect, test } from 'vitest'
import { raw } from '../../src/base/bytes.ts'
import { type Reply, SetReply, Status } from '../../src/base/reply.ts'
import { compareTables } from '../../src/cli/command-tables.ts'

const info = (name: string, arity: number, flags: readonly string[], subcommands: readonly Reply[] = []): Reply => {
  const set = (words: readonly string[]): SetReply => new SetReply(words.map((word) => new Status(word)))
  return [raw(name), arity, set(flags), 1, 1, 1, set(['@read']), set(['a tip']), set([]), subcommands]
}

test('order does not matter, values do, and what only we have is no difference', () => {
  const ours = [info('get', 2, ['fast', 'readonly']), info('set', -2, ['write']), info('tfcall', -2, [])]
  const theirs = [info('set', -3, ['write']), info('get', 2, ['readonly', 'fast']), info('sort', -2, ['write'])]
  expect(compareTables(ours, theirs)).toEqual([
    { name: 'get', is: 'same', fields: [] },
    { name: 'set', is: 'differs', fields: [{ field: 'arity', ours: -2, theirs: -3 }] },
    { name: 'sort', is: 'missing', fields: [] },
  ])
})

test('subcommands are compared one by one', () => {
  const ours = [info('config', -2, [], [info('config|get', -3, [])])]
  const theirs = [info('config', -2, [], [info('config|get', -3, ['admin']), info('config|set', -4, [])])]
  expect(compareTables(ours, theirs).map(({ name, is }) => `${name} ${is}`)).toEqual([
    'config same',
    'config|get differs',
    'config|set missing',
  ])
})
