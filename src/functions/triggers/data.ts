/**
 * What triggers' callbacks are told: the data of a key event, and of a stream's entry.
 *
 * The one idea: names and values come twice, as text (null where they are none) and as the bytes that they are.
 */
import { type Bytes, raw } from '../../base/bytes.ts'
import { MapReply, type Reply, Verbatim } from '../../base/reply.ts'
import { KeyData, MapData, type TriggerData } from '../../guest/host.ts'
import type { KeyEvent } from '../../keyspace/reports.ts'
import type { Value } from '../../keyspace/value.ts'
import { idMs, idSeq, type StreamId } from '../../structures/stream-id.ts'
import { oldValueData, pairsOf } from './old-value.ts'

const EVENT_NAME = raw('event')
const KEY = raw('key')
const KEY_RAW = raw('key_raw')
const OLD = raw('old')

/** `{ event, key, key_raw }`, and `old` when there is an old value to tell. */
export function keyEventData({ name, key }: KeyEvent, old: Value | undefined): TriggerData {
  if (old === undefined) return new KeyData(name, key)
  const fields: Reply[] = [EVENT_NAME, raw(name), KEY, key, KEY_RAW, new Verbatim(key), OLD, oldValueData(old)]
  return new MapData(new MapReply(fields))
}

/** `{ id, stream_name, stream_name_raw, record, record_raw }`. */
export function entryData(stream: Bytes, id: StreamId, fields: readonly Bytes[]): TriggerData {
  return new MapData(
    new MapReply([
      raw('id'),
      [idMs(id), idSeq(id)],
      raw('stream_name'),
      stream,
      raw('stream_name_raw'),
      new Verbatim(stream),
      raw('record'),
      pairsOf(fields, (value) => value),
      raw('record_raw'),
      pairsOf(fields, (value) => new Verbatim(value)),
    ]),
  )
}
