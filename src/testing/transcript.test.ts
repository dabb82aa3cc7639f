import { expect, test } from 'vitest'
import { raw } from '../base/bytes.ts'
import { Double, MapReply, type Reply, ReplyError, SetReply, Status } from '../base/reply.ts'
import { resp2Forms, showReply } from './cli-notation.ts'
import { parseTranscript } from './transcript.ts'
import { EngineStage } from './transcript-engine.ts'
import { play } from './transcript-play.ts'

const differencesOf = async (text: string, protocol: 2 | 3 = 2): Promise<string[]> => {
  const stage = new EngineStage(protocol)
  const differences = await play(parseTranscript(`# test\n${text}`), stage)
  stage.close()
  return differences
}

test('replies look as redis-cli prints them', () => {
  const reply: Reply = [raw('a"\x00\xff\n'), 3, [new Status('OK'), [null, new ReplyError('ERR no')]], []]
  expect(showReply(reply)).toEqual([
    '1) "a\\"\\x00\\xff\\n"',
    '2) (integer) 3',
    '3) 1) OK',
    '   2) 1) (nil)',
    '      2) (error) ERR no',
    '4) (empty array)',
  ])
  expect(showReply(Array.from({ length: 10 }, () => [1, 2])).slice(0, 3)).toEqual([
    ' 1) 1) (integer) 1',
    '    2) (integer) 2',
    ' 2) 1) (integer) 1',
  ])
})

test('a nested reply may have more lines than a call takes arguments', () => {
  const many = new Array<Reply>(200_000).fill(1)
  expect(showReply([many, new MapReply([1, many])])).toHaveLength(400_001)
})

test('RESP3 has its own words, and what RESP2 would have said', () => {
  const map = new MapReply([raw('k'), new SetReply([raw('m')]), raw('l'), new Double(1.5)])
  expect(showReply(map)).toEqual(['1# "k" => 1~ "m"', '2# "l" => (double) 1.5'])
  expect(showReply(new MapReply([raw('k'), [1, 2], raw('l'), [3]]))).toEqual([
    '1# "k" => ',
    '   1) (integer) 1',
    '   2) (integer) 2',
    '2# "l" => 1) (integer) 3',
  ])
  expect(resp2Forms(map).map(showReply)[0]).toEqual(['1) "k"', '2) 1) "m"', '3) "l"', '4) "1.5"'])
})

test('a transcript that is true has no differences', async () => {
  const text = `A> SET k v PX 100
OK
B> BLPOP l 1
(blocked)
C> SUBSCRIBE c
?
A> PUBLISH c x
(integer) 1
C!
1) "message"
2) "c"
3) ?
A> MGET k none
1) /^"v"$/
2) (nil)
~ 1s
B:
(nil)
A> GET k
(nil)`
  expect(await differencesOf(text)).toEqual([])
})

test.each([
  ['a wrong word', 'A> ECHO a\n"b"'],
  ['a reply too many', 'A> PING'],
  ['a reply too few', 'A> CLIENT REPLY OFF\nOK'],
  ['a line too many', 'A> PING\nPONG\nPONG'],
  ['a wait that is none', 'A> PING\n(blocked)'],
  ['a pattern that does not match', 'A> PING\n/^PING$/'],
  ['a message nobody got', 'A> PING\nPONG\nB!\n1) "message"'],
  ['a message that is not written', 'B> SUBSCRIBE c\n?\nA> PUBLISH c x\n(integer) 1'],
  ['a time that was too short', 'A> SET k v PX 100\nOK\n~ 99ms\nA> GET k\n(nil)'],
])('%s is a difference', async (_, text) => {
  expect(await differencesOf(text)).toHaveLength(1)
})

test('what cannot be read is refused with its line', () => {
  expect(() => parseTranscript('A> PING')).toThrow('# title')
  expect(() => parseTranscript('# t\nOK')).toThrow('line 2')
  expect(() => parseTranscript('# t\n@nosuch')).toThrow('@nosuch')
  expect(() => parseTranscript('# t\n@ours')).toThrow('reason')
  expect(() => parseTranscript('# t\nA> SET "k')).toThrow('quotes')
})

test('marks say where a transcript, or a step, is true', () => {
  const { protocol, ours, steps } = parseTranscript('# t\n@resp3\nA> PING\nPONG\n@ours a reason\nA> PING\nPONG')
  expect([protocol, ours, steps.map((step) => step.ours)]).toEqual([3, undefined, [undefined, 'a reason']])
  expect(parseTranscript('# t\n@ours why\nA> PING\nPONG').ours).toBe('why')
})
