import { describe, expect, it } from 'vitest'
import { type Callback, isCallback } from '../intrinsics.ts'
import { seesKeyRaw } from './key-raw.ts'
import { metered } from './metered-code.ts'

/** As a realm holds it: with counts. */
function compiled(source: string): Callback {
  const value: unknown = new Function('$geartrainMeter', `return ${metered(`(${source})`)}`)({ left: 1000 })
  if (!isCallback(value)) throw new Error(`${source} is no function`)
  return value
}

describe('a callback that reads the event and the key only cannot see key_raw', () => {
  it.each([
    '() => {}',
    'async (c) => { await c }',
    'function () {}',
    '(c, d) => { c.call("get", d.key) }',
    '(c, d) => { for (const x of [1]) c.call("get", d.key + d.event.length) }',
    'async (c, d) => { await c.block((s) => s.call("get", d?.key)) }',
    '(c, { key, event: what }) => c.call(what, key)',
    '({ call }, { key }) => call(key)',
    'function named(c, d) { d.key = d.event; return { key: d.key } }',
  ])('%s', (source) => {
    expect(seesKeyRaw(compiled(source))).toBe(false)
  })
})

describe('a callback of which that cannot be shown may see it', () => {
  it.each([
    '(c, d) => d.key_raw',
    '(c, d) => d["key_raw"]',
    '(c, d) => d[c]',
    '(c, d) => c[d]',
    '(c, d) => c(d)',
    '(c, d) => ({ ...d })',
    '(c, d) => ({ d })',
    '(c, d) => { d.more = 1 }',
    '(c, d) => d.hasOwnProperty("key_raw")',
    '(c, d) => { d.key = function () { return this }; return d.key() }',
    '(c, d) => { d.key = function () { return this }; return d.key`` }',
    '(c, d) => { for (const name in d) c(name) }',
    '(c, d) => () => JSON.stringify(d)',
    '(c, { key, ...rest }) => rest',
    '(c, { key_raw }) => key_raw',
    '(c, { [c]: any }) => any',
    '(c, d = 1) => d.key',
    '(c, ...rest) => rest[0]',
    '(...all) => all[1]',
    '(c, d, e = d) => e',
    '(c = () => d, d) => d.key',
    'function () { return arguments[1] }',
    'function (c, d) { return eval("d") }',
    'class { constructor(c, d) { this.d = d } }',
  ])('%s', (source) => {
    expect(seesKeyRaw(compiled(source))).toBe(true)
  })

  it('bound functions, methods, builtins and proxies', () => {
    const { method } = {
      method(c: unknown, d: { key: unknown }): unknown[] {
        return [c, d.key]
      },
    }
    const arrow = () => {}
    const given: readonly unknown[] = [arrow.bind(undefined), method, parseInt, new Proxy(arrow, {})]
    const callbacks = given.filter(isCallback)
    expect(callbacks.map(seesKeyRaw)).toEqual([true, true, true, true])
  })
})
