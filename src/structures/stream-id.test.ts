import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw } from '../base/bytes.ts'
import {
  compareIds,
  formatId,
  idMs,
  idSeq,
  isMinId,
  MAX_ID,
  MIN_ID,
  nextId,
  nextInMs,
  previousId,
  sameId,
  sameMs,
  streamId,
} from './stream-id.ts'
import { parseId, parseNewId, parseRangeEnd } from './stream-id-text.ts'

const TOP = 2n ** 64n - 1n

/** Any part, with the neighbourhoods of 0, 2^53 and 2^64 well represented. */
const part = fc.oneof(
  fc.bigInt({ min: 0n, max: TOP }),
  fc.bigInt({ min: 0n, max: 5000n }),
  fc.bigInt({ min: 2n ** 53n - 3000n, max: 2n ** 53n + 3000n }),
  fc.bigInt({ min: TOP - 5000n, max: TOP }),
)

const shown = (word: string) => {
  const id = parseId(raw(word), 'first')
  return id === undefined ? undefined : (formatId(id) as string)
}

describe('stream ids', () => {
  it('keep both parts exactly and print them', () => {
    fc.assert(
      fc.property(part, part, (ms, seq) => {
        const id = streamId(ms, seq)
        expect([idMs(id), idSeq(id)]).toEqual([ms, seq])
        expect(formatId(id)).toBe(`${ms}-${seq}`)
        expect(sameId(parseId(raw(`${ms}-${seq}`), 'first')!, id)).toBe(true)
      }),
    )
  })

  it('order as pairs of integers do', () => {
    fc.assert(
      fc.property(part, part, part, part, fc.boolean(), (ms, seq, otherMs, otherSeq, same) => {
        const a = (ms << 64n) | seq
        const b = ((same ? ms : otherMs) << 64n) | otherSeq
        const ids = [streamId(ms, seq), streamId(same ? ms : otherMs, otherSeq)] as const
        expect(Math.sign(compareIds(...ids))).toBe(a < b ? -1 : a > b ? 1 : 0)
        expect(sameId(...ids)).toBe(a === b)
        expect(sameMs(...ids)).toBe(a >> 64n === b >> 64n)
      }),
    )
  })

  it('step forth and back by one, over the border of the milliseconds', () => {
    fc.assert(
      fc.property(part, part, (ms, seq) => {
        const wide = (ms << 64n) | seq
        const next = nextId(streamId(ms, seq))
        const previous = previousId(streamId(ms, seq))
        if (next !== undefined) expect((idMs(next) << 64n) | idSeq(next)).toBe(wide + 1n)
        else expect(wide).toBe(2n ** 128n - 1n)
        if (previous !== undefined) expect((idMs(previous) << 64n) | idSeq(previous)).toBe(wide - 1n)
        else expect(wide).toBe(0n)
      }),
    )
    expect(formatId(nextId(streamId(5, TOP))!)).toBe('6-0')
    expect(formatId(previousId(streamId(6, 0))!)).toBe(`5-${TOP}`)
  })

  it('end at 2^64-1 in both parts', () => {
    expect(nextId(MAX_ID)).toBeUndefined()
    expect(previousId(MIN_ID)).toBeUndefined()
    expect(nextInMs(streamId(7, TOP))).toBeUndefined()
    expect(formatId(nextInMs(streamId(7, TOP - 1n))!)).toBe(`7-${TOP}`)
    expect(formatId(MAX_ID)).toBe('18446744073709551615-18446744073709551615')
    expect([isMinId(MIN_ID), isMinId(streamId(0, 1)), isMinId(MAX_ID)]).toEqual([true, false, false])
  })
})

describe('reading stream ids', () => {
  it('fills a missing sequence from the wanted side', () => {
    expect(formatId(parseId(raw('7'), 'first')!)).toBe('7-0')
    expect(formatId(parseId(raw('7'), 'last')!)).toBe(`7-${TOP}`)
  })

  it('knows the ends of everything in ranges only', () => {
    expect(parseRangeEnd(raw('-'), 'last')).toBe(MIN_ID)
    expect(parseRangeEnd(raw('+'), 'first')).toBe(MAX_ID)
    expect([shown('-'), shown('+'), shown('*'), shown('$'), shown('>')]).toEqual(Array(5).fill(undefined))
  })

  it('lets new entries leave the sequence open', () => {
    const open = parseNewId(raw('12-*'))!
    expect([formatId(open.id), open.anySeq]).toEqual(['12-0', true])
    const given = parseNewId(raw('12-3'))!
    expect([formatId(given.id), given.anySeq]).toEqual(['12-3', false])
    expect(shown('12-*')).toBeUndefined()
    expect(parseNewId(raw('*'))).toBeUndefined()
  })

  it('takes and refuses what redis-server 7.0.15 takes and refuses', () => {
    const taken: [string, string][] = [
      [' 5-1', '5-1'],
      ['+5-1', '5-1'],
      ['005-01', '5-1'],
      ['5-\t7', '5-7'],
      ['9-+4', '9-4'],
      ['7--0', '7-0'],
      ['6--03', '6-18446744073709551613'],
      ['6- -3', '6-18446744073709551613'],
      ['8--9223372036854775809', '8-9223372036854775807'],
      ['8-18446744073709551615', '8-18446744073709551615'],
      ['5-3\0junk', '5-3'],
    ]
    for (const [word, id] of taken) expect([word, shown(word)]).toEqual([word, id])
    const refused = ['', '6--3', '-5', '9-', '-', '9-++4', '9-4 ', '(11', '12-1-2', '13-0x1', 'a-1', '1-a', '\x005-1']
    refused.push('8--9223372036854775808', '8-18446744073709551616', '18446744073709551616-0', `${'0'.repeat(127)}1-1`)
    for (const word of refused) expect([word, shown(word)]).toEqual([word, undefined])
  })
})
