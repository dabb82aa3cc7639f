/** Opening databases of this process. */
import { expect, test } from 'vitest'
import { script, t } from '../index.ts'
import { open } from './open.ts'

test('a nameless store is private, a named one shared until the last has left', async () => {
  const [one, other] = [await open(), await open('memory:')]
  await one.set('k', 'v')
  expect(await other.get('k')).toBeNull()
  const [a, b] = [await open('memory:shop'), await open('memory:shop')]
  await a.set('k', 'v')
  expect(await b.get('k')).toBe('v')
  await a.close()
  expect(await b.get('k')).toBe('v')
  await b.close()
  await using again = await open('memory:shop')
  expect(await again.get('k')).toBeNull()
  await Promise.all([one.close(), other.close()])
})

test('a store can be served, to databases as to any client', async () => {
  const db = await open()
  const { port, url } = await db.listen()
  expect(url).toBe(`redis://127.0.0.1:${port}`)
  await db.close()
})

test('what scripts log is heard by who opened the store', async () => {
  const heard: string[] = []
  await using db = await open('memory:', { onScriptLog: (level, message) => heard.push(`${level} ${message}`) })
  const note = script({ name: 'note', keys: {}, returns: t.nil }, (_keys, _args, env) => {
    env.log('warning', 'low')
    return null
  })
  await note(db, {}, {})
  expect(heard).toEqual(['warning low'])
})

test('a URL that means nothing says what would', async () => {
  await expect(open('mongodb://x')).rejects.toMatchObject({ code: 'UNSUPPORTED', message: /memory:/ })
  await expect(open('nonsense')).rejects.toThrow('nonsense')
})

test('what is no option, or a number of a database that cannot be had, is refused', async () => {
  await expect(Reflect.apply(open, undefined, ['memory:', { keyprefix: 'a:' }])).rejects.toThrow(
    /^open has no option "keyprefix": it has .*keyPrefix/,
  )
  for (const url of ['memory:', 'memory:numbered', 'file:./nowhere']) {
    await expect(open(url, { db: 3 })).rejects.toMatchObject({ code: 'UNSUPPORTED', message: /database 0, not 3/ })
  }
  await using db = await open('memory:', { db: 0, password: 'for a server', connectTimeoutMs: 10 })
  expect(await db.ping()).toBe('PONG')
})
