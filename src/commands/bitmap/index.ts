/** Commands on the bits of strings. */
import { getbit, setbit } from './bit.ts'
import { bitfield, bitfieldRo } from './field.ts'
import { bitop } from './operation.ts'
import { bitcount, bitpos } from './range.ts'

export const bitmapCommands = [setbit, getbit, bitcount, bitpos, bitop, bitfield, bitfieldRo]
