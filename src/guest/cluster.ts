/**
 * Cluster functions: `runOnKey` and `runOnShards`, where there is one shard.
 *
 * The one idea: with one shard the function runs right here, and what goes in and out is still serialised as if it left: a
 * program that works here works on a cluster. Buffers travel as bytes, everything else as JSON. Misuse and failures are
 * told by strings, with the original's texts.
 */

import type { Bytes } from '../base/bytes.ts'
import { type Callback, isCallback } from './intrinsics.ts'
import { bytesOf, fill, isArrayBuffer, isStringObject } from './natives.ts'
import type { Scope } from './scope.ts'
import { thrownText } from './to-reply.ts'

/** One shard, seen from a library. */
interface Shard {
  readonly scope: Scope
  call(run: Callback, args: readonly unknown[]): Promise<unknown>
}

/** What travels: a buffer's bytes, or JSON. */
type Parcel = { readonly bytes: Bytes } | { readonly json: string | undefined }

const ARGUMENT = 'Failed serializing arguments'
const BAD_ARGUMENT = 'Failed deserializing remote function argument'
const BAD_RESULT = 'Failed deserializing remote function result'
const NO_NAME = 'Remote function name must be a string'
const NO_KEY = 'Can not convert value into bytes buffer'

/** `runOnKey(key, name, ...args)`: the promise of what the function answers. */
export function runOnKey(shard: Shard, [key, name, ...args]: readonly unknown[]): Promise<unknown> {
  if (typeof key !== 'string' && !isStringObject(key) && !isArrayBuffer(key)) throw NO_KEY
  return remote(shard, name, args)
}

/** `runOnShards(name, ...args)`: the promise of the answers and the errors of all shards. */
export function runOnShards(shard: Shard, [name, ...args]: readonly unknown[]): Promise<unknown> {
  const { Array: make } = shard.scope.intrinsics
  return remote(shard, name, args).then(
    (value) => make.of(make.of(value), make.of()),
    (error: unknown) => make.of(make.of(), make.of(thrownText(error))),
  )
}

function remote(shard: Shard, name: unknown, args: readonly unknown[]): Promise<unknown> {
  const { scope } = shard
  if (typeof name !== 'string' && !isStringObject(name)) throw NO_NAME
  const parcels = args.map((arg) => pack(scope, arg, () => ARGUMENT))
  const run = scope.clusterFunctions.get(String(name))
  if (!isCallback(run)) {
    return scope.intrinsics.Promise.reject(
      `Remote function ${String(name)} does not exists on library ${scope.library}`,
    )
  }
  const answer = scope.intrinsics.Promise.resolve().then(() =>
    shard.call(
      run,
      parcels.map((parcel) => unpack(scope, parcel, BAD_ARGUMENT)),
    ),
  )
  return answer.then((value) =>
    unpack(
      scope,
      pack(scope, value ?? null, (why) => `Failed serializing result, ${why}.`),
      BAD_RESULT,
    ),
  )
}

function pack(scope: Scope, value: unknown, text: (why: string) => string): Parcel {
  if (isArrayBuffer(value)) return { bytes: bytesOf(value) }
  try {
    return { json: scope.intrinsics.JSON.stringify(value) }
  } catch (error) {
    throw text(thrownText(error))
  }
}

function unpack(scope: Scope, parcel: Parcel, text: string): unknown {
  if ('bytes' in parcel) {
    const buffer = new scope.intrinsics.ArrayBuffer(parcel.bytes.length)
    fill(buffer, parcel.bytes)
    return buffer
  }
  // JSON has no word for functions and undefined.
  if (parcel.json === undefined) throw text
  return scope.intrinsics.JSON.parse(parcel.json)
}
