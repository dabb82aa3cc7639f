/** Portable scripts where they cannot run yet: on Geartrain's own server, over the wire. */
import { expect, test } from 'vitest'
import { open, script, t } from '../../src/index.ts'

const increase = script(
  { name: 'increase', keys: { count: 'string' }, args: { by: t.number }, returns: t.number },
  ({ count }, { by }) => count.incrBy(by),
)

test('a server without Lua is named as the reason, and nothing is changed', async () => {
  await using db = await open('memory:')
  const { url } = await db.listen()
  await using client = await open(url)
  const call = increase(client, { count: 'n' }, { by: 2 })
  await expect(call).rejects.toMatchObject({ name: 'BackendError', code: 'UNSUPPORTED', message: /runs Lua/ })
  expect(await db.exists('n')).toBe(0)
  expect(await increase(db, { count: 'n' }, { by: 2 })).toBe(2)
})
