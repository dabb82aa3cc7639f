/** The log's bytes: the same as the encoder of requests makes, whatever the words and however much there is. */
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../base/bytes.ts'
import { raw } from '../base/bytes.ts'
import { seededRandom } from '../base/random.ts'
import { encodeCommand } from '../resp/request-encoder.ts'
import { LogBuffer } from './log-buffer.ts'

const latin1 = (buffer: LogBuffer): string => Buffer.from(buffer.bytes).toString('latin1')

/** A word of any bytes. */
function word(length: number, first: number): Bytes {
  return raw(Array.from({ length }, (_, i) => String.fromCharCode((first + 7 * i) % 256)).join(''))
}

describe('what is added', () => {
  test.each([0, 1, 9, 10, 63, 64, 65, 99, 100, 101, 1000, 70_000])('a word of %i bytes of every value', (length) => {
    const buffer = new LogBuffer()
    const argv = [raw('SET'), word(length, length), word(length, 128)]
    buffer.command(argv)
    expect(latin1(buffer)).toBe(encodeCommand(argv))
  })

  test.each([1, 9, 10, 99, 100, 5000])('a command of %i words', (count) => {
    const buffer = new LogBuffer()
    const argv = Array.from({ length: count }, (_, i) => word(i % 20, i))
    buffer.command(argv)
    expect(latin1(buffer)).toBe(encodeCommand(argv))
  })

  test('stays in order while the buffer grows, and is gone once it is cleared', () => {
    const random = seededRandom(7)
    const buffer = new LogBuffer()
    for (let round = 0; round < 3; round++) {
      let expected = ''
      for (let i = 0; i < 3000; i++) {
        const argv = [raw('HSET'), word(random.below(40), i), word(random.below(i % 100 === 0 ? 90_000 : 120), i)]
        buffer.command(argv)
        buffer.text(`#TS:${i}\r\n`)
        expected += `${encodeCommand(argv)}#TS:${i}\r\n`
      }
      expect(buffer.length).toBe(expected.length)
      expect(latin1(buffer) === expected).toBe(true)
      buffer.clear()
      expect(buffer.length).toBe(0)
    }
  })
})
