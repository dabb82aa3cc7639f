/**
 * A value, read from whatever form its type byte names.
 *
 * The one idea: one table from type to reader. Everything Redis has saved up to version 12 is here; what it saves of
 * modules is refused by name, since nobody but the module knows what it means.
 */
import { type Bytes, EMPTY, raw } from '../base/bytes.ts'
import { parseSafe } from '../base/integers.ts'
import type { ByteSource } from './byte-source.ts'
import { TYPE } from './format.ts'
import { readZiplist, readZipmap } from './old-packs.ts'
import * as collection from './read-collection.ts'
import { readStream } from './read-stream.ts'
import type { RdbValue } from './value.ts'

/** A value of this type; undefined for an empty collection, which Redis never keeps. Throws `RdbError`. */
export function readValue(source: ByteSource, type: number): RdbValue | undefined {
  const read = READERS[type]
  if (read === undefined) throw source.corrupt(`${type} is no type of a value`)
  return read(source)
}

const refuseModule = (source: ByteSource): never => {
  throw source.error('RDB_UNSUPPORTED', `a value belongs to the Redis module ${moduleName(source)}, which is not here`)
}

type Reader = (source: ByteSource) => RdbValue | undefined

const READERS: Readonly<Record<number, Reader>> = {
  [TYPE.string]: readString,
  [TYPE.list]: collection.readList,
  [TYPE.set]: collection.readSet,
  [TYPE.zset]: (source) => collection.readSortedSet(source, true),
  [TYPE.hash]: collection.readHash,
  [TYPE.zset2]: (source) => collection.readSortedSet(source, false),
  [TYPE.moduleOld]: refuseModule,
  [TYPE.module]: refuseModule,
  [TYPE.hashZipmap]: (source) => collection.readHashOfPack(source, readZipmap),
  [TYPE.listZiplist]: collection.readListZiplist,
  [TYPE.setIntset]: collection.readSetIntset,
  [TYPE.zsetZiplist]: collection.readSortedSetZiplist,
  [TYPE.hashZiplist]: (source) => collection.readHashOfPack(source, readZiplist),
  [TYPE.listQuicklist]: collection.readQuicklist,
  [TYPE.streamListpacks]: (source) => readStream(source, 1),
  [TYPE.hashListpack]: collection.readHashListpack,
  [TYPE.zsetListpack]: collection.readSortedSetListpack,
  [TYPE.listQuicklist2]: collection.readQuicklist2,
  [TYPE.streamListpacks2]: (source) => readStream(source, 2),
  [TYPE.setListpack]: collection.readSetListpack,
  [TYPE.streamListpacks3]: (source) => readStream(source, 3),
  [TYPE.hashMetadataEarly]: (source) => collection.readHashMetadata(source, true),
  [TYPE.hashListpackExEarly]: (source) => collection.readHashListpackEx(source, true),
  [TYPE.hashMetadata]: (source) => collection.readHashMetadata(source, false),
  [TYPE.hashListpackEx]: (source) => collection.readHashListpackEx(source, false),
}

function readString(source: ByteSource): number | Bytes {
  const value = source.stringOrInteger()
  return typeof value === 'number' ? value : (parseSafe(value) ?? value)
}

const MODULE_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const MODULE_NAME_LENGTH = 9

/** The nine letters in the upper 54 bits of a module's id. */
export function moduleName(source: ByteSource): Bytes {
  let id = BigInt(source.exactLength()) >> 10n
  let name: string = EMPTY
  for (let i = 0; i < MODULE_NAME_LENGTH; i++) {
    name = MODULE_ALPHABET.charAt(Number(id & 63n)) + name
    id >>= 6n
  }
  return raw(name)
}
