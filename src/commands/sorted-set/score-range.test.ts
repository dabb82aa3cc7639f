import { describe, expect, test } from 'vitest'
import { raw } from '../../base/bytes.ts'
import { ReplyError } from '../../base/reply.ts'
import { readScoreBound } from './score-range.ts'

const read = (word: string) => readScoreBound(raw(word))

describe('a score bound', () => {
  test('is a number, exclusive behind a parenthesis', () => {
    expect(read('1.5')).toEqual({ score: 1.5, exclusive: false })
    expect(read('(1e3')).toEqual({ score: 1000, exclusive: true })
    expect(read('(-inf')).toEqual({ score: -Infinity, exclusive: true })
    expect(read('0x1.8p1')).toEqual({ score: 3, exclusive: false })
  })

  test('may be what a score may not: too large, too small, led by blanks, or nothing', () => {
    expect(read('-1e999').score).toBe(-Infinity)
    expect(read('1e-999').score).toBe(0)
    expect(read('0x1p99999').score).toBe(Infinity)
    expect(read('0x1p-99999').score).toBe(0)
    expect(read(' \t5').score).toBe(5)
    expect(read('').score).toBe(0)
    expect(read('(')).toEqual({ score: 0, exclusive: true })
  })

  test('ends at its first zero byte', () => {
    expect(read('7\0junk').score).toBe(7)
    expect(read('\0junk').score).toBe(0)
  })

  test.each(['nan', 'x', '1 ', ' ', '((1', '[1', '1e', '0x', 'in'])('is not %j', (word) => {
    expect(() => read(word)).toThrow(ReplyError)
  })
})
