/**
 * The data of triggers, as their callbacks see it. `TriggerData` (host.ts) says what stands for what.
 *
 * The one idea: making a buffer costs more than the SET that fires a trigger, and few callbacks look at `key_raw`: of a key
 * event it is made when somebody does. It is an own property that is listed and can be changed, as if it were there.
 */
import type { Bytes } from '../base/bytes.ts'
import { isArray, MapReply, type Reply, Verbatim } from '../base/reply.ts'
import { bufferOf } from './from-reply.ts'
import { KeyData, type TriggerData } from './host.ts'
import type { Intrinsics } from './intrinsics.ts'
import { decode } from './natives.ts'

const { create, defineProperty, getPrototypeOf } = Object

/** The value that a trigger's callback is given. */
export function dataValue(make: Intrinsics, data: TriggerData): unknown {
  return data instanceof KeyData ? keyValue(make, data) : toldValue(make, data.fields)
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
  const out: Record<string, unknown> = create(make.Object.prototype)
  for (let i = 0; i < items.length; i += 2) out[String(items[i])] = toldValue(make, items[i + 1]!)
  return out
}

function keyValue(make: Intrinsics, { event, key }: KeyData): object {
  const value: Record<string, unknown> = create(make.Object.prototype)
  value.event = event
  value.key = decode(key) ?? null
  return defineProperty(new WithKey(value, make, key), 'key_raw', KEY_RAW)
}

/** A class that adds its private fields to an object that is there. */
class Given {
  constructor(value: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is how an object gets private fields
    return value
  }
}

/** An object that remembers, where nobody sees it, which key it tells of: a field costs a tenth of a WeakMap's entry. */
class WithKey extends Given {
  readonly #make: Intrinsics
  readonly #key: Bytes
  #buffer: ArrayBuffer | undefined = undefined

  constructor(value: object, make: Intrinsics, key: Bytes) {
    super(value)
    this.#make = make
    this.#key = key
  }

  static bufferFor(holder: unknown): ArrayBuffer | undefined {
    let at = holder
    // Asked through an object that inherits from it, too.
    while (typeof at === 'object' && at !== null) {
      if (#buffer in at) {
        at.#buffer ??= bufferOf(at.#make, at.#key)
        return at.#buffer
      }
      at = getPrototypeOf(at)
    }
    return undefined
  }
}

const KEY_RAW: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: unknown) {
    return WithKey.bufferFor(this)
  },
  set(this: object, value: unknown) {
    defineProperty(this, 'key_raw', { value, writable: true, enumerable: true, configurable: true })
  },
}
