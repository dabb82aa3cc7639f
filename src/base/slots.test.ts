import { describe, expect, it } from 'vitest'
import { raw } from './bytes.ts'
import { crc16, hashSlot } from './slots.ts'

describe('hashSlot', () => {
  it('is CRC16 XMODEM modulo 16384', () => {
    expect(crc16(raw('123456789'))).toBe(0x31c3)
    expect(hashSlot(raw('123456789'))).toBe(12739)
    expect(hashSlot(raw('foo'))).toBe(12182)
    expect(hashSlot(raw(''))).toBe(0)
    expect(hashSlot(raw('\xff\x00\xff'))).toBe(crc16(raw('\xff\x00\xff')) % 16384)
  })

  it('hashes the first tag only, when it is not empty', () => {
    const slot = hashSlot(raw('user1000'))
    expect(hashSlot(raw('{user1000}.following'))).toBe(slot)
    expect(hashSlot(raw('a{user1000}{b}'))).toBe(slot)
    expect(hashSlot(raw('foo{}{bar}'))).toBe(crc16(raw('foo{}{bar}')) % 16384)
    expect(hashSlot(raw('foo{{bar}}zap'))).toBe(hashSlot(raw('{bar')))
    expect(hashSlot(raw('foo}{bar'))).toBe(crc16(raw('foo}{bar')) % 16384)
  })
})
