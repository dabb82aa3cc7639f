/** Typed methods of the stream commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Text } from '../../commands/args/nodes.ts'

/** The stream commands as methods. */
export interface StreamMethods {
  /** `XACK key group id [id ...]`: Takes entries off what a group has pending, and says how many were there. */
  xack(key: Text, group: Text, ids: readonly Text[]): Promise<number>
  /** `XADD key [NOMKSTREAM] [MAXLEN <= | ~> threshold | MINID <= | ~> threshold] [LIMIT limit] id field value [field value ...]`: Adds an entry at the end of a stream, made when it is missing. */
  xadd(
    key: Text,
    id: Text,
    fields: readonly Text[],
    options?: {
      nomkstream?: boolean
      maxlen?: readonly ['=' | '~', Text]
      minid?: readonly ['=' | '~', Text]
      limit?: number
    },
  ): Promise<string | null>
  /** `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`: Gives entries that were pending for long to another consumer, in steps. */
  xautoclaim(
    key: Text,
    group: Text,
    consumer: Text,
    minIdle: number,
    start: Text,
    options: { count?: number; justid: true },
  ): Promise<[string, string[], string[]]>
  xautoclaim(
    key: Text,
    group: Text,
    consumer: Text,
    minIdle: number,
    start: Text,
    options?: { count?: number; justid?: boolean },
  ): Promise<[string, [string, string[]][], string[]]>
  /** `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`: Gives pending entries to another consumer. */
  xclaim(
    key: Text,
    group: Text,
    consumer: Text,
    minIdle: Text | number,
    ids: readonly Text[],
    options: { ms?: number; time?: number; count?: number; force?: boolean; justid: true; lastid?: Text },
  ): Promise<string[]>
  xclaim(
    key: Text,
    group: Text,
    consumer: Text,
    minIdle: Text | number,
    ids: readonly Text[],
    options?: { ms?: number; time?: number; count?: number; force?: boolean; justid?: boolean; lastid?: Text },
  ): Promise<[string, string[]][]>
  /** `XDEL key id [id ...]`: Removes entries from a stream by their ids. */
  xdel(key: Text, ids: readonly Text[]): Promise<number>
  /** `XGROUP CREATE key group id | $ [MKSTREAM] [ENTRIESREAD entries-read]`: Makes a consumer group of a stream. */
  xgroup_create(
    key: Text,
    group: Text,
    id: Text,
    options?: { mkstream?: boolean; entriesRead?: number | bigint },
  ): Promise<'OK'>
  /** `XGROUP CREATECONSUMER key group consumer`: Makes a consumer of a group. */
  xgroup_createconsumer(key: Text, group: Text, consumer: Text): Promise<number>
  /** `XGROUP DELCONSUMER key group consumer`: Removes a consumer with all it has pending, and says how much that was. */
  xgroup_delconsumer(key: Text, group: Text, consumer: Text): Promise<number>
  /** `XGROUP DESTROY key group`: Removes a consumer group with all it has pending. */
  xgroup_destroy(key: Text, group: Text): Promise<number>
  /** `XGROUP HELP`: Lists the subcommands of XGROUP. */
  xgroup_help(): Promise<string[]>
  /** `XGROUP SETID key group id | $ [ENTRIESREAD entries-read]`: Sets how far a consumer group has been given a stream. */
  xgroup_setid(key: Text, group: Text, id: Text, options?: { entriesRead?: number | bigint }): Promise<'OK'>
  /** `XINFO CONSUMERS key group`: Lists the consumers of a group. */
  xinfo_consumers(key: Text, group: Text): Promise<{ name: string; pending: number; idle: number }[]>
  /** `XINFO GROUPS key`: Lists the consumer groups of a stream. */
  xinfo_groups(key: Text): Promise<
    {
      name: string
      consumers: number
      pending: number
      'last-delivered-id': string
      'entries-read': number | null
      lag: number | null
    }[]
  >
  /** `XINFO HELP`: Lists the subcommands of XINFO. */
  xinfo_help(): Promise<string[]>
  /** `XINFO STREAM key [FULL [COUNT count]]`: Tells the length, ids and counters of a stream, in full its entries and groups too. */
  xinfo_stream(key: Text, options?: { full?: 'FULL'; count?: number }): Promise<Map<unknown, unknown>>
  /** `XLEN key`: Counts the entries of a stream. */
  xlen(key: Text): Promise<number>
  /** `XPENDING key group [IDLE min-idle-time] [start [end [count [consumer]]]]`: Tells what a group has pending: how much for whom, or entry by entry. */
  xpending(
    key: Text,
    group: Text,
    options?: { minIdle?: number; start?: Text; end?: Text; count?: number; consumer?: Text },
  ): Promise<unknown[]>
  /** `XRANGE key start end [COUNT count]`: Returns the entries between two ids, the oldest first. */
  xrange(key: Text, start: Text, end: Text, options?: { count?: number }): Promise<[string, string[]][]>
  /** `XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`: Returns what came after the given ids in several streams, waiting for it if asked to. */
  xread(
    streams: readonly Text[],
    options?: { count?: number; milliseconds?: number },
  ): Promise<Map<string, [string, string[]][]> | null>
  /** `XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key ...] id [id ...]`: Gives a consumer what its group has not been given yet, or what it was given and has not acknowledged. */
  xreadgroup(
    group: readonly [Text, Text],
    streams: readonly Text[],
    options?: { count?: number; milliseconds?: number; noack?: boolean },
  ): Promise<Map<string, [string, unknown[] | null][]> | null>
  /** `XREVRANGE key end start [COUNT count]`: Returns the entries between two ids, the newest first. */
  xrevrange(key: Text, end: Text, start: Text, options?: { count?: number }): Promise<[string, string[]][]>
  /** `XSETID key lastid [ENTRIESADDED entriesadded] [MAXDELETEDID maxdeletedid]`: Sets the last id of a stream, and the counts of what was added and deleted. */
  xsetid(key: Text, lastid: Text, options?: { entriesadded?: number; maxdeletedid?: Text }): Promise<'OK'>
  /** `XTRIM key [MAXLEN <= | ~> threshold | MINID <= | ~> threshold] [LIMIT limit]`: Removes the oldest entries of a stream, by its length or by an id. */
  xtrim(
    key: Text,
    options?: { maxlen?: readonly ['=' | '~', Text]; minid?: readonly ['=' | '~', Text]; limit?: number },
  ): Promise<number>
}
