/**
 * Guards of builtins whose work is not bounded by what memory holds: a length is only a number, and V8 cannot stop a
 * builtin that walks to the end of `{ length: 2 ** 53 }`.
 *
 * The one idea: in place of each such builtin stands a function that looks first. What is an ordinary array or array-like
 * of a length within bounds goes to the builtin as it is; what is longer is a RangeError; what can change its mind between
 * two looks (a proxy, a length that is computed) is copied, looked at once, and written back. Loops of these functions
 * are JavaScript, which can be stopped.
 */

/** The longest array that a builtin may walk. */
const LONGEST = 2 ** 23
/** The most work of a search for a text in a text: the product of their lengths. */
const HARDEST = 2 ** 28
/** The most elements of a typed array that become values one by one. */
const MANY = 2 ** 20
/** Shorter texts are found in one go. */
const SHORT = 8

const { apply, construct, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Reflect
const { isArray } = Array
const NativeProxy = Proxy
const { has: hasMember, add: addMember } = WeakSet.prototype
const { max, trunc } = Math
const proxies = new WeakSet()
/** Without proxies an array is an array, and needs no second look. */
let hasProxies = false

type Method = (...args: readonly unknown[]) => unknown

const isProxy = (value: object): boolean => apply(hasMember, proxies, [value])
const tooLong = (): RangeError => new RangeError(`a length beyond ${LONGEST} is not walked here`)

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** The length of what cannot lie about it; undefined for all else. */
function plainLength(value: object): number | undefined {
  for (let at: object | null = value; at !== null; at = getPrototypeOf(at)) {
    if (isProxy(at)) return undefined
    const found = getOwnPropertyDescriptor(at, 'length')
    if (found === undefined) continue
    return typeof found.value === 'number' ? found.value : undefined
  }
  return 0
}

/** A length as it is looked at once. */
function lengthOnce(value: object): number {
  const length = trunc(Number(Reflect.get(value, 'length'))) || 0
  if (length > LONGEST) throw tooLong()
  return max(length, 0)
}

function copyOf(value: object, length: number): unknown[] {
  const copy: unknown[] = []
  copy.length = length
  for (let i = 0; i < length; i++)
    if (i in value)
      defineProperty(copy, i, { value: Reflect.get(value, i), writable: true, enumerable: true, configurable: true })
  return copy
}

function writeBack(to: object, from: readonly unknown[], before: number): void {
  for (let i = 0; i < from.length; i++) {
    if (i in from) Reflect.set(to, i, from[i])
    else Reflect.deleteProperty(to, i)
  }
  for (let i = from.length; i < before; i++) Reflect.deleteProperty(to, i)
  Reflect.set(to, 'length', from.length)
}

/** Runs a method of arrays on whatever it is given. */
function onArrayLike(method: Method, isMutator: boolean, self: unknown, args: readonly unknown[]): unknown {
  if (!hasProxies && isArray(self) && self.length <= LONGEST) return apply(method, self, args)
  if (!isObject(self)) return apply(method, self, args)
  const plain = plainLength(self)
  if (plain !== undefined) {
    if (plain > LONGEST) throw tooLong()
    return apply(method, self, args)
  }
  const length = lengthOnce(self)
  const copy = copyOf(self, length)
  const result = apply(method, copy, args)
  if (!isMutator) return result
  writeBack(self, copy, length)
  return result === copy ? self : result
}

const READERS =
  'indexOf lastIndexOf includes forEach map filter some every find findIndex findLast findLastIndex reduce reduceRight join slice concat flat flatMap toString toLocaleString toReversed toSorted toSpliced with'.split(
    ' ',
  )
const MUTATORS = 'reverse sort fill copyWithin unshift shift splice'.split(' ')

/** Puts a function in the place of a builtin. It is a method: nobody can construct it. */
function replace(holder: object, name: string | symbol, make: (native: Method) => Method): void {
  const found = getOwnPropertyDescriptor(holder, name)
  if (found === undefined || typeof found.value !== 'function') return
  const native: Method = found.value
  const guard = make(native)
  defineProperty(guard, 'name', { value: native.name, configurable: true })
  defineProperty(guard, 'length', { value: native.length, configurable: true })
  defineProperty(holder, name, { ...found, value: guard })
}

function guardArrays(): void {
  for (const [names, isMutator] of [
    [READERS, false],
    [MUTATORS, true],
  ] as const) {
    for (const name of names) {
      replace(
        Array.prototype,
        name,
        (native) =>
          ({
            guard(this: unknown, ...args: readonly unknown[]) {
              if (name === 'concat' || name === 'flat') for (const arg of args) if (isObject(arg)) checkLength(arg)
              return onArrayLike(native, isMutator, this, args)
            },
          }).guard,
      )
    }
  }
}

/** For what is read to its end by a builtin, whatever it says the second time. */
function checkLength(value: object): void {
  const length = plainLength(value) ?? lengthOnce(value)
  if (length > LONGEST) throw tooLong()
}

/** What a builtin would read to its end: an array of it, read here, one by one. */
function listed(source: unknown): unknown {
  if (!isObject(source)) return source
  const isIterable = Reflect.get(source, Symbol.iterator)
  if (isIterable === undefined || isIterable === null) {
    return copyOf(source, lengthOnce(source))
  }
  const items: unknown[] = []
  for (const item of iterableOf(source)) {
    if (items.length >= LONGEST) throw tooLong()
    defineProperty(items, items.length, { value: item, writable: true, enumerable: true, configurable: true })
  }
  return items
}

function* iterableOf(source: object): Generator<unknown> {
  const iterator: unknown = apply(Reflect.get(source, Symbol.iterator), source, [])
  if (!isObject(iterator)) throw new TypeError('not iterable')
  const next = Reflect.get(iterator, 'next')
  for (;;) {
    const step: unknown = apply(next, iterator, [])
    if (!isObject(step) || Reflect.get(step, 'done')) return
    yield Reflect.get(step, 'value')
  }
}

/** Guards a constructor: it is called with a source that has been read. */
function guardConstructor(global: object, name: string, source: (argument: unknown) => unknown): void {
  const found = getOwnPropertyDescriptor(global, name)
  if (found === undefined || typeof found.value !== 'function') return
  const native = found.value
  const guard = function (this: unknown, ...args: readonly unknown[]): unknown {
    const given = args.length > 0 ? [source(args[0]), ...args.slice(1)] : args
    if (new.target === undefined) return apply(native, this, given)
    return construct(native, given, new.target === guard ? native : new.target)
  }
  adopt(guard, native)
  defineProperty(global, name, { ...found, value: guard })
}

/** Gives a guard what the native constructor has, and makes it the constructor of its objects. */
function adopt(guard: object, native: object): void {
  for (const key of Reflect.ownKeys(native)) {
    const found = getOwnPropertyDescriptor(native, key)!
    const own = getOwnPropertyDescriptor(guard, key)
    if (own === undefined || own.configurable) defineProperty(guard, key, found)
    else if (own.writable) Reflect.set(guard, key, Reflect.get(native, key))
  }
  Reflect.setPrototypeOf(guard, getPrototypeOf(native))
  const prototype: unknown = Reflect.get(native, 'prototype')
  if (isObject(prototype)) {
    defineProperty(prototype, 'constructor', { value: guard, writable: true, enumerable: false, configurable: true })
  }
}

function guardProxies(global: object): void {
  const made = (proxy: object): object => {
    hasProxies = true
    apply(addMember, proxies, [proxy])
    return proxy
  }
  const guard = function (this: unknown, target: object, handler: ProxyHandler<object>): object {
    if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'")
    return made(new NativeProxy(target, handler))
  }
  Reflect.set(guard, 'revocable', (target: object, handler: ProxyHandler<object>) => {
    const pair = NativeProxy.revocable(target, handler)
    made(pair.proxy)
    return pair
  })
  defineProperty(guard, 'name', { value: 'Proxy', configurable: true })
  defineProperty(guard, 'prototype', { value: undefined })
  defineProperty(global, 'Proxy', { value: guard, writable: true, enumerable: false, configurable: true })
}

const SOURCES = ['Set', 'Map', 'WeakSet', 'WeakMap']
const TYPED = `Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array
  BigUint64Array Float16Array Float32Array Float64Array`.split(/\s+/)

/** A typed array's source: numbers, buffers and other typed arrays as they are, all else read here. */
const typedSource = (source: unknown): unknown =>
  !isObject(source) || ArrayBuffer.isView(source) || Object.prototype.toString.call(source).endsWith('Buffer]')
    ? source
    : listed(source)

function guardReaders(): void {
  const first = (native: Method): Method =>
    ({
      guard(this: unknown, source: unknown, ...rest: readonly unknown[]) {
        return apply(native, this, [listed(source), ...rest])
      },
    }).guard
  replace(Array, 'from', first)
  replace(Object, 'fromEntries', first)
  replace(getPrototypeOf(Uint8Array)!, 'from', first)
  for (const name of ['all', 'allSettled', 'any', 'race']) replace(Promise, name, first)
  replace(getPrototypeOf(Uint8Array.prototype)!, 'set', first)
  const spread =
    (at: number) =>
    (native: Method): Method =>
      ({
        guard(this: unknown, ...args: readonly unknown[]) {
          const list = args[at]
          if (isObject(list)) checkLength(list)
          return apply(native, this, args)
        },
      }).guard
  replace(Function.prototype, 'apply', spread(1))
  replace(Reflect, 'apply', spread(2))
  replace(Reflect, 'construct', spread(1))
}

/** Searches whose cost is a product: refused where both are long. */
function guardSearches(): void {
  for (const name of ['indexOf', 'lastIndexOf', 'includes', 'split', 'replace', 'replaceAll']) {
    replace(
      String.prototype,
      name,
      (native) =>
        ({
          guard(this: unknown, ...args: readonly unknown[]) {
            const [wanted] = args
            if (typeof wanted === 'string' && wanted.length > SHORT && wanted.length * String(this).length > HARDEST) {
              throw new RangeError('a search of that size is not made here')
            }
            return apply(native, this, args)
          },
        }).guard,
    )
  }
  replace(String, 'raw', (native) => (strings, ...values) => {
    if (isObject(strings)) {
      const parts: unknown = Reflect.get(strings, 'raw')
      if (isObject(parts)) return apply(native, undefined, [{ raw: copyOf(parts, lengthOnce(parts)) }, ...values])
    }
    return apply(native, undefined, [strings, ...values])
  })
}

/** What lists or sorts the elements of a typed array makes a value of each: a thousand times the work of reading it. */
function guardTyped(): void {
  const many = (value: unknown): boolean => ArrayBuffer.isView(value) && Number(Reflect.get(value, 'length')) > MANY
  const first = (native: Method): Method =>
    ({
      guard(this: unknown, ...args: readonly unknown[]) {
        for (const arg of args) if (many(arg)) throw tooLong()
        return apply(native, this, args)
      },
    }).guard
  for (const name of ['keys', 'values', 'entries', 'getOwnPropertyNames', 'getOwnPropertyDescriptors', 'assign']) {
    replace(Object, name, first)
  }
  replace(Reflect, 'ownKeys', first)
  const typed = getPrototypeOf(Uint8Array.prototype)!
  for (const name of ['sort', 'toSorted', 'join', 'toLocaleString']) {
    replace(
      typed,
      name,
      (native) =>
        ({
          guard(this: unknown, ...args: readonly unknown[]) {
            if (many(this)) throw tooLong()
            return apply(native, this, args)
          },
        }).guard,
    )
  }
}

/** `JSON.stringify` walks arrays of any length, also such as a proxy says it is. */
function guardJson(): void {
  replace(JSON, 'stringify', (native) => (value, replacer, ...rest) => {
    const walk = (_key: string, item: unknown): unknown => {
      if (isArray(item)) checkLength(item)
      return isArray(item) && isProxy(item) ? copyOf(item, lengthOnce(item)) : item
    }
    if (replacer !== undefined && replacer !== null) return apply(native, JSON, [value, replacer, ...rest])
    return apply(native, JSON, [value, hasHugeArray(value) ? walk : replacer, ...rest])
  })
}

function hasHugeArray(value: unknown): boolean {
  return isArray(value) && (isProxy(value) || (plainLength(value) ?? 0) > LONGEST)
}

/** Puts the guards into a fresh realm, before any other code runs in it. */
export function guardBuiltins(global: object): void {
  guardProxies(global)
  guardArrays()
  guardReaders()
  guardSearches()
  guardTyped()
  guardJson()
  for (const name of SOURCES) guardConstructor(global, name, listed)
  for (const name of TYPED) guardConstructor(global, name, typedSource)
}
