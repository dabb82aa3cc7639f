/** docs/COMPATIBILITY.md is what its printer prints. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { oracleMissing } from '../oracle/available.ts'
import { OracleServer } from '../oracle/redis-server.ts'
import { commandPart, compareWith } from './commands.ts'
import { directivePart } from './directives.ts'
import { partOf, withPart } from './page.ts'

const page = readFileSync('docs/COMPATIBILITY.md', 'utf8')

test('its directives are those of the engine (else: npx tsx scripts/print-compatibility.ts)', () => {
  expect(partOf(page, 'directives')).toBe(directivePart())
})

test.skipIf(oracleMissing)('its commands are those of redis-server and ours', async () => {
  const server = await OracleServer.start()
  const comparison = await compareWith(server)
  await server.stop()
  expect(comparison.standings.length).toBeGreaterThan(350)
  expect(partOf(page, 'commands')).toBe(commandPart(comparison))
  const unknown = { name: 'nosuch', is: 'missing', fields: [] } as const
  expect(() => commandPart({ ...comparison, standings: [...comparison.standings, unknown] })).toThrow(
    'no reason: nosuch',
  )
  const unlike = { name: 'get', is: 'differs', fields: [] } as const
  expect(() => commandPart({ ...comparison, standings: [unlike] })).toThrow('no reason: get')
})

test('a part is replaced and nothing else', () => {
  const text = 'a\n<!-- printed: x -->\nold $&\n<!-- end -->\nb\n<!-- printed: y -->\nkept\n<!-- end -->\n'
  expect(partOf(text, 'x')).toBe('old $&')
  expect(withPart(text, 'x', 'new $&')).toBe(text.replace('old', 'new'))
  expect(() => withPart(text, 'z', '')).toThrow("no part 'z'")
})
