/**
 * The data of triggers, as their callbacks see it. `TriggerData` (host.ts) says what stands for what.
 */
import { isArray, MapReply, type Reply, Verbatim } from '../base/reply.ts'
import { bufferOf } from './from-reply.ts'
import { KeyData, type TriggerData } from './host.ts'
import type { Intrinsics } from './intrinsics.ts'
import { decode } from './natives.ts'

/** The value that a trigger's callback is given; of a key event without `key_raw` where nobody can tell (`seesKeyRaw`). */
export function dataValue(make: Intrinsics, data: TriggerData, withKeyRaw: boolean): unknown {
  return data instanceof KeyData ? keyValue(make, data, withKeyRaw) : toldValue(make, data.fields)
}

function toldValue(make: Intrinsics, data: Reply): unknown {
  if (typeof data === 'string') return decode(data) ?? null
  if (data instanceof Verbatim) return bufferOf(make, data.text)
  if (data instanceof MapReply) return dataObject(make, data.items)
  if (!isArray(data)) return data
  const out: unknown[] = new make.Array()
  for (const item of data) out.push(toldValue(make, item))
  return out
}

function dataObject(make: Intrinsics, items: readonly Reply[]): object {
  const out: Record<string, unknown> = make.Object.create(make.Object.prototype)
  for (let i = 0; i < items.length; i += 2) out[String(items[i])] = toldValue(make, items[i + 1]!)
  return out
}

function keyValue(make: Intrinsics, { event, key }: KeyData, withKeyRaw: boolean): object {
  const out: Record<string, unknown> = make.Object.create(make.Object.prototype)
  out.event = event
  out.key = decode(key) ?? null
  if (withKeyRaw) out.key_raw = bufferOf(make, key)
  return out
}
