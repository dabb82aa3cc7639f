/**
 * Cluster hash slots: CRC16 (XMODEM) of the key, or of its `{tag}`, modulo 16384.
 *
 * The one idea: only the text between the first `{` and the first `}` after it counts when it is not empty, so that
 * related keys can be kept on one node.
 */
import type { Bytes } from './bytes.ts'

export const SLOT_COUNT = 16384

const TABLE = new Uint16Array(256)
for (let i = 0; i < 256; i++) {
  let crc = i << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  TABLE[i] = crc
}

/** The hash slot of a key, 0..16383. */
export function hashSlot(key: Bytes): number {
  const open = key.indexOf('{')
  if (open >= 0) {
    const close = key.indexOf('}', open + 1)
    if (close > open + 1) return crc16(key, open + 1, close) & (SLOT_COUNT - 1)
  }
  return crc16(key, 0, key.length) & (SLOT_COUNT - 1)
}

/** CRC16, polynomial 0x1021, start 0, over the chars `from` to `to`. */
export function crc16(value: Bytes, from = 0, to = value.length): number {
  let crc = 0
  for (let i = from; i < to; i++) {
    crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >> 8) ^ value.charCodeAt(i)]!
  }
  return crc
}
