/**
 * The globals that a library in a realm may have: the language's own, less what reaches outside or runs uncounted text.
 */

/**
 * Everything else is taken out of a fresh realm: `eval`, `EvalError`, `SharedArrayBuffer`, `Atomics`, `WebAssembly` …
 * `FinalizationRegistry` too: what it calls, it calls outside of every limit of time.
 */
export const ALLOWED_GLOBALS: ReadonlySet<string> = new Set(
  `globalThis Infinity NaN undefined isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape Object Function Boolean Symbol Error AggregateError RangeError ReferenceError
  SyntaxError TypeError URIError Number BigInt Math Date String RegExp Array Int8Array Uint8Array Uint8ClampedArray
  Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array Map
  Set WeakMap WeakSet WeakRef ArrayBuffer DataView JSON Iterator Promise Proxy Reflect Intl
  console`.split(/\s+/),
)
