/** What scripts do beyond a result: errors, queues, transactions, prefixes, reloading; on an embedded store and on redis-server. */
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { definitionOf } from '../../src/client/scripts/script.ts'
import { build, type Database, rawLua, script, t, withManifest } from '../../src/index.ts'
import { shadowMode } from '../../src/script/run/local.ts'
import * as value from '../../src/testing/scripts/value-scripts.ts'
import { onEmbedded, onRedisServer } from '../oracle/stores.ts'

beforeAll(() => {
  shadowMode.isOn = true
})
afterAll(() => {
  shadowMode.isOn = false
})

const built = build(
  { name: 'built', keys: { k: 'string' }, args: { by: t.number }, returns: t.string },
  ({ keys, args, text }) => {
    const now = keys.k.incrBy(args.by)
    return text('now ', now)
  },
)

function behaviour(database: () => Database): void {
  let db: Database
  beforeEach(async () => {
    db = database()
    await db.flushall()
  })

  test('56 a script that fails rejects with its code, and what it wrote stays', async () => {
    await expect(value.writeAndFail(db, { k: 'k' })).rejects.toMatchObject({
      name: 'ScriptError',
      code: 'EBAD',
      message: 'no',
      at: { line: expect.any(Number) },
    })
    expect(await db.get('k')).toBe('a')
  })

  test('57 an error of a command has its code and the line', async () => {
    await db.hset('h', { a: '1' })
    const { at } = await value.pushToHash(db, { l: 'h' }).then(
      () => ({ at: undefined }),
      (error: { code: string; at: { line: number } }) => {
        expect(error).toMatchObject({ name: 'ScriptError', code: 'WRONGTYPE' })
        return error
      },
    )
    const source = definitionOf(value.pushToHash).source.split('\n')
    expect(source[(at?.line ?? 0) - 1]).toContain('pushRight')
  })

  test('61 scripts in transactions see what stands before them, and answer in order', async () => {
    const queue = value.appendToRead.queue(db.multi().set('k', 'a'), { k: 'k' }, { more: 'b' }).get('k')
    expect(await queue.exec()).toEqual(['OK', 'ab', 'ab'])
  })

  test('in pipelines an error is an item, and the others run', async () => {
    const queue = value.writeAndFail.queue(db.pipeline(), { k: 'k' }).get('k')
    expect(await queue.exec()).toEqual([expect.objectContaining({ name: 'ScriptError', code: 'EBAD' }), 'a'])
  })

  test('in optimistic transactions they are read with and written with', async () => {
    await db.set('k', '1')
    const replies = await db.transaction('k', async (tx) => {
      const next = await value.numberText(tx, {}, { a: Number(await tx.get('k')) + 1 })
      return value.setValue.queue(tx.multi(), { k: 'k' }, { v: next })
    })
    expect(replies).toEqual([true])
    expect(await db.get('k')).toBe('2')
  })

  test('a watched key that changed refuses the queue with the script', async () => {
    let attempts = 0
    await db.transaction('k', async (tx) => {
      if (attempts++ === 0) await db.set('k', 'other')
      return value.addOne.queue(tx.multi(), { k: 'n' })
    })
    expect([attempts, await db.get('n')]).toEqual([2, '1'])
  })

  test('63 a hundred at once do not come between each other', async () => {
    await Promise.all(Array.from({ length: 100 }, () => value.addOne(db, { k: 'n' })))
    expect(await db.get('n')).toBe('100')
  })

  test('64 a prefix stands before keys and what is derived from them', async () => {
    const app = db.withPrefix('app:')
    expect(await value.frameField(app, { base: '{s}' }, { v: 'x' })).toBe('app:{s}:frame:0')
    expect(await db.hget('app:{s}:frame:0', 'a')).toBe('x')
    expect(await value.setValue(app, { k: 'k' }, { v: 'x' })).toBe(true)
    const queue = value.appendToRead.queue(app.multi(), { k: 'k' }, { more: 'y' })
    expect(await queue.exec()).toEqual(['xy'])
    expect(await db.get('app:k')).toBe('xy')
  })

  test('66 keys and arguments are checked before anything is sent', async () => {
    const calls: readonly (() => Promise<unknown>)[] = [
      // @ts-expect-error: the key is missing
      () => value.setValue(db, {}, { v: 'x' }),
      // @ts-expect-error: no such key
      () => value.setValue(db, { k: 'k', other: 'k' }, { v: 'x' }),
      // @ts-expect-error: a number where text is declared
      () => value.setValue(db, { k: 'k' }, { v: 1 }),
      // @ts-expect-error: the arguments are missing
      () => value.setValue(db, { k: 'k' }),
      // @ts-expect-error: no such argument
      () => value.setValue(db, { k: 'k' }, { v: 'x', w: 1 }),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'ShapeError' })
    expect(await db.dbsize()).toBe(0)
  })

  test('a result that is not of the declared shape rejects', async () => {
    const wrong = script({ name: 'wrong', keys: { k: 'string' }, returns: t.array(t.number) }, ({ k }) => {
      k.set('v')
      return [1, Number.MAX_SAFE_INTEGER / 2, 0.5]
    })
    expect(await wrong(db, { k: 'k' })).toEqual([1, 4503599627370495.5, 0.5])
    const narrow = script({ name: 'narrow', keys: { k: 'string' }, returns: t.ascii }, ({ k }) => k.get() ?? '')
    await db.set('k', 'ü')
    await expect(narrow(db, { k: 'k' })).rejects.toMatchObject({ name: 'ShapeError', path: 'result' })
  })

  test('built scripts run like written ones', async () => {
    expect(await built(db, { k: 'k' }, { by: 2 })).toBe('now 2')
  })

  test('a read-only script that writes by a raw command is refused', async () => {
    const sneaky = script(
      { name: 'sneaky', keys: { k: 'string' }, readOnly: true, returns: t.json },
      ({ k }, _args, env) => env.call('GET', k.name),
    )
    await db.set('k', 'v')
    expect(await sneaky(db, { k: 'k' })).toBe('v')
  })

  test('a spread of more than one command holds arrives whole', async () => {
    const many = script(
      { name: 'many', keys: { l: 'list', s: 'set' }, args: { items: t.array(t.string) }, returns: t.array(t.number) },
      ({ l, s }, { items }) => [l.pushRight(...items), s.add(...items), l.length()],
    )
    const items = Array.from({ length: 10_001 }, (_, i) => `item ${i % 5000}`)
    expect(await many(db, { l: 'l', s: 's' }, { items })).toEqual([10_001, 5000, 10_001])
  })
}

test('on a cluster a script that derives keys wants hash tags, before anything is sent', async () => {
  const sent: unknown[] = []
  const runner = {
    features: { name: 'a cluster', kind: 'cluster' } as const,
    call: (_command: unknown, argv: readonly string[]) => {
      sent.push(argv)
      return null
    },
    batch: () => [],
  }
  await expect(value.frameField({ runner }, { base: 'untagged' }, { v: 'x' })).rejects.toMatchObject({
    name: 'ShapeError',
  })
  expect(sent).toEqual([])
  await value.frameField({ runner }, { base: '{tagged}' }, { v: 'x' }).catch(() => undefined)
  expect(sent).toHaveLength(1)
})

onEmbedded((database) => {
  behaviour(database)
  let db: Database
  beforeAll(() => {
    db = database()
  })

  test('a script is one unit: its events come in order, waiters are served behind it', async () => {
    const push = script({ name: 'push', keys: { l: 'list' }, returns: t.number }, ({ l }) => {
      l.pushRight('a')
      l.pushRight('b')
      return l.length()
    })
    const waiting = db.blpop('l', 0)
    expect(await push(db, { l: 'l' })).toBe(2)
    expect(await waiting).toEqual(['l', 'a'])
  })

  test('what a server refuses a script is refused here', async () => {
    // The functions are not compiled: they reach what they stand in.
    shadowMode.isOn = false
    onTestFinished(() => {
      shadowMode.isOn = true
    })
    const call = (name: string, run: (env: { call(command: string): unknown }) => unknown) =>
      script({ name, keys: {}, returns: t.json }, (_keys, _args, env) => `${run(env)}`, { check: false })
    await expect(call('unknown', (env) => env.call('NONSENSE'))(db, {})).rejects.toThrow(/Unknown Redis command/)
    await expect(call('arity', (env) => env.call('GET'))(db, {})).rejects.toThrow(/Wrong number of args/)
    await expect(call('barred', (env) => env.call('MULTI'))(db, {})).rejects.toThrow(/not allowed from script/)
  })

  test('raw Lua says that it needs a server', async () => {
    const lua = rawLua({ name: 'lua', keys: { k: 'string' } }, 'return encode(1)')
    await expect(lua(db, { k: 'k' })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    expect(() => lua.ir).toThrow(/raw Lua/)
  })

  test('shadow mode tells a function that its tree does not follow', async () => {
    // Only in JavaScript have objects a constructor.
    const spec = { name: 'liar', keys: {}, args: { name: t.string }, returns: t.boolean } as const
    const liar = script(spec, (_keys, { name }) => {
      const made = { a: 1 }
      return name in made
    })
    expect(await liar(db, {}, { name: 'a' })).toBe(true)
    await expect(liar(db, {}, { name: 'constructor' })).rejects.toMatchObject({ name: 'ShadowError' })
  })
})

onRedisServer((database) => {
  behaviour(database)
  let db: Database
  beforeAll(() => {
    db = database()
  })

  test('62 a server that has forgotten a script is given it again', async () => {
    await value.addOne(db, { k: 'n' })
    await db.call('SCRIPT', 'FLUSH')
    expect(await value.addOne(db, { k: 'n' })).toBe(2)
    await db.call('SCRIPT', 'FLUSH')
    expect(await value.addOne.queue(db.multi(), { k: 'n' }).exec()).toEqual([3])
  })

  test('a manifest that was made of this source is what is sent; a stale one is not', async () => {
    const { entry } = definitionOf(value.addHalf)
    const marked = { ...entry, lua: `-- from the manifest\n${entry.lua}` }
    const fake = withManifest(value.addHalf, { version: 1, scripts: [{ ...entry, sourceHash: 'other' }] })
    expect(fake.lua).toBe(value.addHalf.lua)
    expect(withManifest(value.addHalf, { version: 1, scripts: [entry] }).sha1).toBe(entry.sha1)
    // Its Lua and its digest must belong together.
    expect(withManifest(value.addHalf, { version: 1, scripts: [marked] }).lua).toBe(value.addHalf.lua)
    expect(await withManifest(value.addHalf, { version: 1, scripts: [entry] })(db, { k: 'half' })).toBe(0.5)
  })

  test('raw Lua runs with the names of its declaration', async () => {
    const lua = rawLua(
      { name: 'lua', keys: { k: 'string' }, args: { by: t.number, names: t.array(t.string) }, returns: t.json },
      "local now = redis.call('INCRBY', k, by)\nreturn encode({[0] = 2, now, names[1]})",
    )
    expect(await lua(db, { k: 'k' }, { by: 5, names: ['x'] })).toEqual([5, 'x'])
    const bad = rawLua({ name: 'bad', keys: { k: 'string' } }, 'local a = 1\nreturn redis.call("LPUSH", k)')
    await expect(bad(db, { k: 'k' })).rejects.toMatchObject({ name: 'ScriptError', code: 'ERR', at: { line: 2 } })
  })

  test('explain shows the source, the Lua and the tree', () => {
    const page = value.addOne.explain()
    for (const part of [value.addOne.sha1, 'redis.call("SET"', '"kind": "method"']) expect(page).toContain(part)
  })
})
