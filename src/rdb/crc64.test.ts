import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Crc64 } from './crc64.ts'

/** Bit by bit, as the definition says. */
function slow(bytes: Uint8Array): bigint {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n
  }
  return crc
}

const valueOf64 = ({ low, high }: Crc64): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

describe('the checksum', () => {
  it('of 123456789 is the one that Redis states', () => {
    const crc = new Crc64()
    crc.update(Buffer.from('123456789'), 0, 9)
    expect(valueOf64(crc).toString(16)).toBe('e9c6d914c4b8d9ca')
  })

  it('is that of the definition, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (bytes, cut) => {
        const crc = new Crc64()
        const middle = Math.min(cut, bytes.length)
        crc.update(bytes, 0, middle)
        crc.update(bytes, middle, bytes.length)
        expect(valueOf64(crc)).toBe(slow(bytes))
        const stored = Buffer.alloc(10)
        stored.writeBigUInt64LE(valueOf64(crc), 1)
        expect(crc.equals(stored, 1)).toBe(true)
        stored[8]! ^= 1
        expect(crc.equals(stored, 1)).toBe(false)
      }),
    )
  })
})
