/**
 * Known ways out of JavaScript sandboxes, tried from inside libraries: none leads out of an isolate; the control is the
 * realm, which is no boundary, and from which several do.
 */
import { expect, test } from 'vitest'
import { ESCAPES } from './escape-attempts.ts'
import { isolatingEngine, PROLOGUE, trustingEngine, Wire } from './rig.ts'

/** Says whether a function constructor, or a global object, is the host's. */
const REACH = `
  const isHost = (it) => { try { return it !== undefined && it !== null && (typeof it.process === 'object' || typeof it.require === 'function') } catch { return false } }
  const reach = (F) => { try { return isHost(F('return this')()) } catch { return false } }
  const leaks = (text) => /node:|node_modules|[.]ts:|file:/.test(String(text))
`

/** Whether each attempt got out, by name. */
async function tried(wire: Wire): Promise<ReadonlyMap<string, boolean>> {
  const outcomes = new Map<string, boolean>()
  for (const { name, body } of ESCAPES) {
    const library = `${PROLOGUE}${REACH}
      redis.registerAsyncFunction('f', (c) => { const attempt = async () => { ${body} }; return attempt().then((v) => v === true ? 1 : 0, () => 0) })`
    expect(await wire.send('TFUNCTION', 'LOAD', 'REPLACE', library), name).toBe('+OK')
    // Some poison what the runtime uses: they need not answer well, they must not get out.
    outcomes.set(name, (await wire.send('TFCALLASYNC', 'L.f', '0')) === ':1')
    expect(await wire.send('GET', 'mine'), name).toBe('$1 v')
  }
  return outcomes
}

test('there are at least 40 attempts, each once', () => {
  expect(new Set(ESCAPES.map(({ name }) => name)).size).toBe(ESCAPES.length)
  expect(ESCAPES.length).toBeGreaterThanOrEqual(40)
})

test('no way leads out of an isolate, and the program is as it was', async () => {
  const wire = new Wire(isolatingEngine({ lockTimeoutMs: 2000 }))
  await wire.send('SET', 'mine', 'v')
  const before = Object.getOwnPropertyNames(Object.prototype)
  const escaped = [...(await tried(wire))].filter(([, isOut]) => isOut).map(([name]) => name)
  expect(escaped).toEqual([])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect([1, 2].map(String)).toEqual(['1', '2'])
})

test('control: at least five lead out of a realm', async () => {
  const wire = new Wire(trustingEngine())
  await wire.send('SET', 'mine', 'v')
  const escaped = [...(await tried(wire))].filter(([, isOut]) => isOut).map(([name]) => name)
  expect(escaped.length).toBeGreaterThanOrEqual(5)
})

test('one library does not see another one', async () => {
  const wire = new Wire(isolatingEngine())
  const other = '#!js api_version=1.0 name=M\n'
  await wire.send(
    'TFUNCTION',
    'LOAD',
    `${PROLOGUE}globalThis.secret = 1; Object.prototype.polluted = 1; redis.registerFunction('f', () => 1)`,
  )
  await wire.send(
    'TFUNCTION',
    'LOAD',
    `${other}redis.registerFunction('f', () => [typeof globalThis.secret, typeof {}.polluted])`,
  )
  expect(await wire.send('TFCALL', 'M.f', '0')).toBe('*2 $9 undefined $9 undefined')
})
