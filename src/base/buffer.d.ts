/**
 * The slices of Node's Buffer that its published types leave out: what `toString('latin1', from, to)` calls, without
 * the argument checks. They have been there, unchanged, since Node 0.10.
 */
interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
  /** One char per byte. */
  latin1Slice(from?: number, to?: number): string
  /** UTF-8 decoded; malformed sequences become U+FFFD. */
  utf8Slice(from?: number, to?: number): string
  /** Writes the low byte of each char; returns how many were written. */
  latin1Write(text: string, at?: number, length?: number): number
}
