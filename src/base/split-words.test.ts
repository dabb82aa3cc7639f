import { describe, expect, it } from 'vitest'
import { splitWords } from './split-words.ts'

describe('splitWords', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  \t ', []],
    ['set k v', ['set', 'k', 'v']],
    ['PING ""', ['PING', '']],
    [`"PING" '' x`, ['PING', '', 'x']],
    [`PING 'a\\'b'`, ['PING', "a'b"]],
    ['PING "\\x41\\n\\r\\t\\b\\a\\q\\""', ['PING', 'A\n\r\t\b\x07q"']],
    ['PING "\\x4"', ['PING', 'x4']],
    ['PING "\\xZZ"', ['PING', 'xZZ']],
    ['PING a"b c"', ['PING', 'ab c']],
    [`PING a'b'`, ['PING', 'ab']],
    [`'\\n'`, ['\\n']],
    ['a\0b', ['a']],
    ['\xff "\xfe"', ['\xff', '\xfe']],
  ])('splits %j', (line, words) => {
    expect(splitWords(line)).toEqual(words)
  })

  it.each(['"', "'", 'a "b', "a 'b", '"a"b', "'a'b", '"a\\"', '"a\\', `'a"`])('refuses %j', (line) => {
    expect(splitWords(line)).toBeUndefined()
  })
})
