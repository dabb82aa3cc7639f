/** The slate from both sides: what fits crosses as it is, and nothing that stands there is believed. */
import { describe, expect, test } from 'vitest'
import { bytes, raw } from '../../../base/bytes.ts'
import { OK } from '../../../base/reply.ts'
import { seededRandom } from '../../../testing/index.ts'
import { ASCII, BYTE, isBulkAscii, LONGEST_WORD, MOST_WORDS, readChars, SLATE_BYTES, writeWords } from './slate.ts'
import { SlateReader } from './slate-reader.ts'

function sides(): { readonly slate: Uint8Array; readonly reader: SlateReader } {
  const memory = new SharedArrayBuffer(SLATE_BYTES)
  return { slate: new Uint8Array(memory), reader: new SlateReader(memory) }
}

describe('words', () => {
  test('of every length up to the longest come as they were written, once and again', () => {
    const { slate, reader } = sides()
    const words = Array.from({ length: LONGEST_WORD + 1 }, (_, length) => 'abcdefg\0z'.repeat(8).slice(0, length))
    for (const _ of [1, 2]) {
      for (const word of words) {
        expect(writeWords(slate, ['get', word], ASCII)).toBe(true)
        expect(reader.words()).toEqual(['get', word])
      }
    }
  })

  test('of all bytes come as they were written, where bytes are let in', () => {
    const { slate, reader } = sides()
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')
    const words = ['x', all.slice(0, 64), all.slice(64, 128), all.slice(128, 192), all.slice(192)]
    expect(writeWords(slate, words, ASCII)).toBe(false)
    expect(writeWords(slate, words, BYTE)).toBe(true)
    expect(reader.words()).toEqual(words)
  })

  test('of one place are not taken for each other', () => {
    const { slate, reader } = sides()
    // 2,000 words in 256 places.
    for (let i = 0; i < 2000; i++) {
      expect(writeWords(slate, [`key:${i}`, `key:${i + 1}`], ASCII)).toBe(true)
      expect(reader.words()).toEqual([`key:${i}`, `key:${i + 1}`])
    }
  })

  test('that are remembered stay as they were when the slate is written anew', () => {
    const { slate, reader } = sides()
    writeWords(slate, ['abc', 'a longer word, not joined'], ASCII)
    const [short, long] = reader.words()!
    slate.fill(0x7a)
    expect([short, long]).toEqual(['abc', 'a longer word, not joined'])
  })

  test.each([
    ['too long', ['x'.repeat(LONGEST_WORD + 1)]],
    ['too many', new Array<string>(MOST_WORDS + 1).fill('x')],
    ['no string', ['get', 5]],
    ['no bytes', ['get', 'Ω']],
  ])('that are %s are left to another way', (_why, words) => {
    expect(writeWords(sides().slate, words, BYTE)).toBe(false)
  })
})

describe('a slate written by an enemy', () => {
  test.each([
    ['no word', [0]],
    ['more words than there are', [MOST_WORDS + 1, 1, 0, 65]],
    ['255 words', [255]],
    ['a word longer than any', [1, LONGEST_WORD + 1, 0, 65]],
    ['a word of 255 chars at the end', [2, 1, 0, 65, 255, 0]],
  ])('with %s is no command', (_what, written) => {
    const { slate, reader } = sides()
    slate.set(written)
    expect(reader.words()).toBeUndefined()
  })

  test('never makes the reader read beyond it, whatever stands there', () => {
    const { slate, reader } = sides()
    const random = seededRandom(7)
    for (let round = 0; round < 1000; round++) {
      for (let at = 0; at < slate.length; at++) slate[at] = random.below(256)
      slate[0] = random.below(MOST_WORDS + 2)
      for (let at = 1; at < slate.length; at += 7) slate[at] = random.below(LONGEST_WORD + 2)
      for (const word of reader.words() ?? []) {
        expect(word.length).toBeLessThanOrEqual(LONGEST_WORD)
        expect(Buffer.from(slate).latin1Slice().includes(word)).toBe(true)
      }
    }
  })

  test('with a false place gets the word that it wrote', () => {
    const { slate, reader } = sides()
    slate.set([1, 3, 9, 97, 98, 99])
    expect(reader.words()).toEqual(['abc'])
    slate.set([1, 3, 9, 97, 98, 100])
    expect(reader.words()).toEqual(['abd'])
  })
})

describe('answers', () => {
  test('that are short bulks stand on the slate', () => {
    const { slate, reader } = sides()
    for (let length = 0; length <= LONGEST_WORD; length++) {
      const bulk = bytes('0123456789'.repeat(7).slice(0, length))
      expect(reader.answer(bulk)).toBeUndefined()
      expect(readChars(slate, 1, slate[0]!)).toBe(bulk)
      expect(isBulkAscii(slate)).toBe(true)
    }
  })

  test('that are no ASCII are told from those that are', () => {
    const { slate, reader } = sides()
    const bulk = raw('ab\x80')
    expect(reader.answer(bulk)).toBeUndefined()
    expect(readChars(slate, 1, slate[0]!)).toBe(bulk)
    expect(isBulkAscii(slate)).toBe(false)
  })

  test('of other kinds, and long ones, are given', () => {
    const { reader } = sides()
    expect(reader.answer(OK)).toBe(true)
    expect(reader.answer(5)).toBe(5)
    expect(reader.answer(null)).toBe(null)
    expect(reader.answer(raw('x'.repeat(LONGEST_WORD + 1)))).toBe('x'.repeat(LONGEST_WORD + 1))
  })
})
