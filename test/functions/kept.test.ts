/** Libraries live as long as the data: what is kept, what changes are told, and what is refused on the way back. */
import { describe, expect, test } from 'vitest'
import { bytes, raw } from '../../src/base/bytes.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Effect } from '../../src/keyspace/reports.ts'
import { PROLOGUE, trustingEngine, Wire } from './rig.ts'

const ONE = `${PROLOGUE}redis.registerFunction('one', () => 'é1')`
const kept = (engine: Engine) => engine.extras.get('functions')!

async function recorded(run: (wire: Wire) => Promise<void>): Promise<{ engine: Engine; changes: Effect[] }> {
  const engine = trustingEngine()
  const changes: Effect[] = []
  engine.keyspace.reports.wantsEffects = true
  engine.onEffects = (effects) => changes.push(...effects.filter(({ extra }) => extra === 'functions'))
  await run(new Wire(engine))
  return { engine, changes }
}

describe('libraries that were sent', () => {
  test('come back from a snapshot with text, config and owner', async () => {
    const wire = new Wire(trustingEngine())
    await wire.send('ACL', 'SETUSER', 'zoë', 'on', 'nopass', '+@all', '~*')
    await wire.send('AUTH', 'zoë', 'x')
    await wire.send('TFUNCTION', 'LOAD', 'CONFIG', '{"a":"é"}', ONE)
    const again = new Wire(trustingEngine())
    await again.send('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=other\nredis.registerFunction('f', () => 1)`)
    kept(again.engine).load(kept(wire.engine).save())
    expect(await again.send('TFUNCTION', 'LIST', 'WITHCODE')).toBe(await wire.send('TFUNCTION', 'LIST', 'WITHCODE'))
    expect(await again.send('TFCALL', 'L.one', '0')).toBe(await wire.send('TFCALL', 'L.one', '0'))
    kept(again.engine).load(undefined)
    expect(await again.send('TFUNCTION', 'LIST')).toBe('*0')
    expect(kept(again.engine).save()).toBeUndefined()
  })

  test('come back from the changes in a log', async () => {
    const { engine, changes } = await recorded(async (wire) => {
      await wire.send('TFUNCTION', 'LOAD', ONE)
      await wire.send('TFUNCTION', 'LOAD', ONE)
      await wire.send('TFUNCTION', 'LOAD', `#!js api_version=1.0 name=gone\nredis.registerFunction('f', () => 1)`)
      await wire.send('TFUNCTION', 'LOAD', 'REPLACE', ONE.replace('1)', '2)'))
      await wire.send('TFUNCTION', 'LOAD', 'REPLACE', `${PROLOGUE}nonsense()`)
      await wire.send('TFUNCTION', 'DELETE', 'gone')
    })
    expect(changes).toHaveLength(4)
    const again = trustingEngine()
    for (const { argv } of changes) kept(again).apply(argv[0]!)
    expect(kept(again).save()).toBe(kept(engine).save())
    // A library that is not there any more is no error.
    kept(again).apply(changes.at(-1)!.argv[0]!)
  })

  test('are told of in the unit of their command, with its transaction', async () => {
    const units: string[][] = []
    const engine = trustingEngine()
    engine.keyspace.reports.wantsEffects = true
    engine.onEffects = (effects) => units.push(effects.map(({ extra, argv }) => extra ?? argv.join(' ')))
    const wire = new Wire(engine)
    await wire.send('TFUNCTION', 'LOAD', ONE)
    await wire.send('MULTI')
    await wire.send('SET', 'k', 'v')
    await wire.send('TFUNCTION', 'DELETE', 'L')
    await wire.send('EXEC')
    expect(units).toEqual([['functions'], ['SET k v', 'functions']])
  })

  test('that cannot run again end the loading, and say which', async () => {
    const save = (code: string) => bytes(JSON.stringify({ libraries: [{ code, user: 'default' }] }))
    expect(() => kept(trustingEngine()).load(save(`${PROLOGUE}nonsense()`))).toThrow(
      "The library '#!js api_version=1.0 name=L' that was kept with the data: Failed loading library: ReferenceError: nonsense is not defined.",
    )
    for (const damaged of ['', '{', '[]', '{}', '{"libraries":[1]}', '{"libraries":[{"code":1,"user":"u"}]}']) {
      expect(() => kept(trustingEngine()).load(raw(damaged)), damaged).toThrow(/libraries|library/)
      expect(() => kept(trustingEngine()).apply(raw(damaged)), damaged).toThrow(/libraries|library/)
    }
  })
})

test('libraries given at start are not kept: they are given again', async () => {
  const engine = trustingEngine({ libraries: [ONE] })
  expect(kept(engine).save()).toBeUndefined()
  kept(engine).load(undefined)
  const wire = new Wire(engine)
  expect(await wire.send('TFCALL', 'L.one', '0')).toBe('$3 \xc3\xa91')
  // One that is sent in the place of it is.
  await wire.send('TFUNCTION', 'LOAD', 'REPLACE', ONE)
  expect(kept(engine).save()).toBeDefined()
})
