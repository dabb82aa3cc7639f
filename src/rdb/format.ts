/**
 * The numbers of the format: what a byte in front of something says that follows.
 *
 * The one idea: every constant stands here once, under Redis' own name, so that readers and writers agree.
 */

/** The version that is written: what redis-server 7.0 reads and writes. */
export const RDB_VERSION = 10
/** The version that has deadlines of hash fields (Redis 7.4). */
export const RDB_VERSION_FIELD_DEADLINES = 12
/** The newest version that is read. */
export const RDB_VERSION_NEWEST = 12

/** In front of a value: its type and form. */
export const TYPE = {
  string: 0,
  list: 1,
  set: 2,
  zset: 3,
  hash: 4,
  zset2: 5,
  moduleOld: 6,
  module: 7,
  hashZipmap: 9,
  listZiplist: 10,
  setIntset: 11,
  zsetZiplist: 12,
  hashZiplist: 13,
  listQuicklist: 14,
  streamListpacks: 15,
  hashListpack: 16,
  zsetListpack: 17,
  listQuicklist2: 18,
  streamListpacks2: 19,
  setListpack: 20,
  streamListpacks3: 21,
  hashMetadataEarly: 22,
  hashListpackExEarly: 23,
  hashMetadata: 24,
  hashListpackEx: 25,
} as const

/** In front of what is no key. */
export const OPCODE = {
  slotInfo: 244,
  function2: 245,
  functionEarly: 246,
  moduleAux: 247,
  idle: 248,
  freq: 249,
  aux: 250,
  resizeDb: 251,
  expireTimeMs: 252,
  expireTime: 253,
  selectDb: 254,
  eof: 255,
} as const

/** The two bits in front of a length. */
export const LENGTH = { six: 0, fourteen: 1, wide: 2, encoded: 3 } as const
/** The first byte of a length of 32 or 64 bits. */
export const LENGTH_32 = 0x80
export const LENGTH_64 = 0x81
/** What an encoded string is: the low six bits of its first byte. */
export const ENCODED = { int8: 0, int16: 1, int32: 2, lzf: 3 } as const

/** The parts of a module's value that can be skipped without the module. */
export const MODULE_PART = { eof: 0, signed: 1, unsigned: 2, float: 3, double: 4, string: 5 } as const

/** How a quicklist2 node holds its elements: one alone, or several in a listpack. */
export const NODE = { plain: 1, packed: 2 } as const

/** Flags of a stream's entry in its listpack. */
export const ENTRY = { deleted: 1, sameFields: 2 } as const

/** What a file starts with, before four digits of version. */
export const MAGIC = 'REDIS'
/** The checksum came with this version. */
export const CHECKSUM_SINCE = 5
export const CHECKSUM_BYTES = 8
/** Version (2) and checksum (8) behind the value of a DUMP. */
export const DUMP_FOOTER_BYTES = 10
