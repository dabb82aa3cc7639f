/** Typed methods of the bitmap commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The bitmap commands as methods. */
export interface BitmapMethods<M> {
  /** `BITCOUNT key [start [end [BYTE | BIT]]]`: Counts the bits that are set in a string, or in a part of it given in bytes or bits. */
  bitcount(key: Text, options?: { start?: Value; end?: Value; byte?: boolean; bit?: boolean }): Returned<M, number>
  /** `BITFIELD key [<GET encoding offset | SET encoding offset value | INCRBY encoding offset increment | OVERFLOW <WRAP | SAT | FAIL>> ...]`: Reads, writes and increases integers of any width at any bit of a string. */
  bitfield(
    key: Text,
    operation: readonly (
      | readonly ['GET', Value, Value]
      | readonly ['SET', Value, Value, Value]
      | readonly ['INCRBY', Value, Value, Value]
      | readonly ['OVERFLOW', 'WRAP' | 'SAT' | 'FAIL']
    )[],
  ): Returned<M, (number | null)[]>
  /** `BITFIELD_RO key [GET encoding offset ...]`: Reads integers of any width at any bit of a string. */
  bitfield_ro(key: Text, operation: readonly (readonly ['GET', Value, Value])[]): Returned<M, number[]>
  /** `BITOP <AND | OR | XOR | NOT> destkey key [key ...]`: Combines strings bit by bit, shorter ones filled up with zeros, and stores what comes of it. */
  bitop(operation: 'AND' | 'OR' | 'XOR' | 'NOT', destkey: Text, keys: Text | readonly Text[]): Returned<M, number>
  /** `BITPOS key bit [start [end [BYTE | BIT]]]`: Finds the first bit of a value in a string, or in a part of it given in bytes or bits. */
  bitpos(
    key: Text,
    bit: number,
    options?: { start?: Value; end?: Value; byte?: boolean; bit?: boolean },
  ): Returned<M, number>
  /** `GETBIT key offset`: Gives one bit of a string; past its end all bits are 0. */
  getbit(key: Text, offset: Value): Returned<M, number>
  /** `SETBIT key offset value`: Writes one bit of a string, which grows as far as needed, and gives the bit that was there. */
  setbit(key: Text, offset: Value, value: Value): Returned<M, number>
}
