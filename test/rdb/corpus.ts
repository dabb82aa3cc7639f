/** Small files and values for mutations: every type and form, as we write them and as others did. */
import { type Bytes, raw } from '../../src/base/bytes.ts'
import { ByteSource } from '../../src/rdb/byte-source.ts'
import { type RdbWriteOptions, RdbWriter } from '../../src/rdb/rdb-writer.ts'
import { readValue } from '../../src/rdb/read-value.ts'
import { forms } from './forms.ts'

const FAR_MS = 4102444800000

/** A file with a key of every form. */
export function smallFile(options: RdbWriteOptions = { version: 12 }): Buffer {
  const writer = new RdbWriter(options)
  const chunks: Uint8Array[] = [...writer.aux(raw('redis-ver'), raw('7.0.15')), ...writer.function(raw('#!lua name=x'))]
  writer.select(0, forms.length, 1)
  for (const [i, { name, type, bytes }] of forms.entries()) {
    // Long values are but more of the same.
    if (bytes.length > 1000) continue
    const value = readValue(new ByteSource(bytes), type)
    if (i === forms.length >> 1) writer.select(3, 1, 0)
    if (value !== undefined) {
      const used = i % 3 === 0 ? { idleSeconds: 77 } : i % 3 === 1 ? { frequency: 5 } : {}
      chunks.push(...writer.key({ key: raw(name), value, deadlineMs: i % 2 === 0 ? FAR_MS + i : undefined, ...used }))
    }
  }
  chunks.push(...writer.end())
  return Buffer.concat(chunks)
}

/** A value as its type byte and its bytes. */
export const values: readonly Bytes[] = forms
  .filter(({ bytes }) => bytes.length < 1000)
  .map(({ type, bytes }) => raw(String.fromCharCode(type) + bytes.latin1Slice()))
