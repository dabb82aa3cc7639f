/** Typed methods of the stream commands. Printed from the grammar by scripts/print-client.ts: change the commands, not this file. */
import type { Entries, Text, Value } from '../../commands/args/nodes.ts'
import type { Returned } from '../returned.ts'

/** The stream commands as methods. */
export interface StreamMethods<M, S> {
  /** `XACK key group id [id ...]`: Takes entries off what a group has pending, and says how many were there. */
  xack(key: Text, group: Value, ids: Value | readonly Value[]): Returned<M, number>
  /** `XADD key [NOMKSTREAM] [MAXLEN <= | ~> threshold | MINID <= | ~> threshold] [LIMIT limit] id field value [field value ...]`: Adds an entry at the end of a stream, made when it is missing. */
  xadd(
    key: Text,
    id: Value,
    fields: Entries,
    options: {
      nomkstream: true
      maxlen?: Value | readonly ['=' | '~', Value]
      minid?: Value | readonly ['=' | '~', Value]
      limit?: number
    },
  ): Returned<M, S | null>
  xadd(
    key: Text,
    id: Value,
    fields: Entries,
    options?: {
      nomkstream?: boolean
      maxlen?: Value | readonly ['=' | '~', Value]
      minid?: Value | readonly ['=' | '~', Value]
      limit?: number
    },
  ): Returned<M, S>
  /** `XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]`: Gives entries that were pending for long to another consumer, in steps. */
  xautoclaim(
    key: Text,
    group: Value,
    consumer: Value,
    minIdle: number,
    start: Value,
    options: { count?: number; justid: true },
  ): Returned<M, [S, S[], S[]]>
  xautoclaim(
    key: Text,
    group: Value,
    consumer: Value,
    minIdle: number,
    start: Value,
    options?: { count?: number; justid?: boolean },
  ): Returned<M, [S, [S, [S, S][]][], S[]]>
  /** `XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]`: Gives pending entries to another consumer. */
  xclaim(
    key: Text,
    group: Value,
    consumer: Value,
    minIdle: Value,
    ids: Value | readonly Value[],
    options: { idle?: number; time?: number; retrycount?: number; force?: boolean; justid: true; lastid?: Value },
  ): Returned<M, S[]>
  xclaim(
    key: Text,
    group: Value,
    consumer: Value,
    minIdle: Value,
    ids: Value | readonly Value[],
    options?: { idle?: number; time?: number; retrycount?: number; force?: boolean; justid?: boolean; lastid?: Value },
  ): Returned<M, [S, [S, S][]][]>
  /** `XDEL key id [id ...]`: Removes entries from a stream by their ids. */
  xdel(key: Text, ids: Value | readonly Value[]): Returned<M, number>
  /** `XGROUP CREATE key group id | $ [MKSTREAM] [ENTRIESREAD entries-read]`: Makes a consumer group of a stream. */
  xgroup_create(
    key: Text,
    group: Value,
    id: Value,
    options?: { mkstream?: boolean; entriesread?: number | bigint },
  ): Returned<M, 'OK'>
  /** `XGROUP CREATECONSUMER key group consumer`: Makes a consumer of a group. */
  xgroup_createconsumer(key: Text, group: Value, consumer: Value): Returned<M, number>
  /** `XGROUP DELCONSUMER key group consumer`: Removes a consumer with all it has pending, and says how much that was. */
  xgroup_delconsumer(key: Text, group: Value, consumer: Value): Returned<M, number>
  /** `XGROUP DESTROY key group`: Removes a consumer group with all it has pending. */
  xgroup_destroy(key: Text, group: Value): Returned<M, number>
  /** `XGROUP HELP`: Describes the subcommands. */
  xgroup_help(): Returned<M, string[]>
  /** `XGROUP SETID key group id | $ [ENTRIESREAD entries-read]`: Sets how far a consumer group has been given a stream. */
  xgroup_setid(key: Text, group: Value, id: Value, options?: { entriesread?: number | bigint }): Returned<M, 'OK'>
  /** `XINFO CONSUMERS key group`: Lists the consumers of a group. */
  xinfo_consumers(key: Text, group: Value): Returned<M, { name: S; pending: number; idle: number }[]>
  /** `XINFO GROUPS key`: Lists the consumer groups of a stream. */
  xinfo_groups(key: Text): Returned<
    M,
    {
      name: S
      consumers: number
      pending: number
      'last-delivered-id': S
      'entries-read': number | null
      lag: number | null
    }[]
  >
  /** `XINFO HELP`: Describes the subcommands. */
  xinfo_help(): Returned<M, string[]>
  /** `XINFO STREAM key [FULL [COUNT count]]`: Tells the length, ids and counters of a stream, in full its entries and groups too. */
  xinfo_stream(
    key: Text,
    options: { full: true; count?: number },
  ): Returned<
    M,
    {
      length: number
      'radix-tree-keys': number
      'radix-tree-nodes': number
      'last-generated-id': S
      'max-deleted-entry-id': S
      'entries-added': number
      'recorded-first-entry-id': S
      entries: [S, [S, S][]][]
      groups: {
        name: S
        'last-delivered-id': S
        'entries-read': number | null
        lag: number | null
        'pel-count': number
        pending: [S, S, number, number][]
        consumers: { name: S; 'seen-time': number; 'pel-count': number; pending: [S, number, number][] }[]
      }[]
    }
  >
  xinfo_stream(
    key: Text,
    options?: { full?: boolean; count?: number },
  ): Returned<
    M,
    {
      length: number
      'radix-tree-keys': number
      'radix-tree-nodes': number
      'last-generated-id': S
      'max-deleted-entry-id': S
      'entries-added': number
      'recorded-first-entry-id': S
      groups: number
      'first-entry': [S, [S, S][]] | null
      'last-entry': [S, [S, S][]] | null
    }
  >
  /** `XLEN key`: Counts the entries of a stream. */
  xlen(key: Text): Returned<M, number>
  /** `XPENDING key group [IDLE min-idle-time] [start [end [count [consumer]]]]`: Tells what a group has pending: how much for whom, or entry by entry. */
  xpending(
    key: Text,
    group: Value,
    options: { idle?: number; start: Value; end?: Value; count?: number; consumer?: Value },
  ): Returned<M, [S, S, number, number][]>
  xpending(
    key: Text,
    group: Value,
    options?: { idle?: number; start?: Value; end?: Value; count?: number; consumer?: Value },
  ): Returned<M, [number, S | null, S | null, [S, number][] | null]>
  /** `XRANGE key start end [COUNT count]`: Returns the entries between two ids, the oldest first. */
  xrange(key: Text, start: Value, end: Value, options?: { count?: number }): Returned<M, [S, [S, S][]][]>
  /** `XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]`: Returns what came after the given ids in several streams, waiting for it if asked to. */
  xread(streams: Entries, options?: { count?: number; block?: number }): Returned<M, Map<S, [S, [S, S][]][]> | null>
  /** `XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key ...] id [id ...]`: Gives a consumer what its group has not been given yet, or what it was given and has not acknowledged. */
  xreadgroup(
    group: readonly [Value, Value],
    streams: Entries,
    options?: { count?: number; block?: number; noack?: boolean },
  ): Returned<M, Map<S, [S, [S, S][] | null][]> | null>
  /** `XREVRANGE key end start [COUNT count]`: Returns the entries between two ids, the newest first. */
  xrevrange(key: Text, end: Value, start: Value, options?: { count?: number }): Returned<M, [S, [S, S][]][]>
  /** `XSETID key lastid [ENTRIESADDED entriesadded] [MAXDELETEDID maxdeletedid]`: Sets the last id of a stream, and the counts of what was added and deleted. */
  xsetid(key: Text, lastid: Value, options?: { entriesadded?: number; maxdeletedid?: Value }): Returned<M, 'OK'>
  /** `XTRIM key [MAXLEN <= | ~> threshold | MINID <= | ~> threshold] [LIMIT limit]`: Removes the oldest entries of a stream, by its length or by an id. */
  xtrim(
    key: Text,
    options?: {
      maxlen?: Value | readonly ['=' | '~', Value]
      minid?: Value | readonly ['=' | '~', Value]
      limit?: number
    },
  ): Returned<M, number>
}
