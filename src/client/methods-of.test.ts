/** The printed interface is today's, and the methods behind it do what it says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { allCommands } from '../commands/all.ts'
import { createEngine } from '../create.ts'
import { printClient } from '../testing/print-client.ts'
import { Recorder } from '../testing/recorder.ts'
import { CommandError, methodsOf } from './methods-of.ts'

/** Formatting is Biome's business: only what is said is compared. */
const said = (source: string): string => source.replace(/,(?=\s*[)}\]])/g, '').replace(/[\s;]+/g, '')

it('is printed from the grammar as it stands (else: npx tsx scripts/print-client.ts)', () => {
  const folder = join(import.meta.dirname, 'methods')
  const printed = printClient(allCommands)
  expect(readdirSync(folder).sort()).toEqual([...printed.keys()].sort())
  const stale = [...printed].filter(([name, text]) => said(readFileSync(join(folder, name), 'utf8')) !== said(text))
  expect(stale.map(([name]) => name)).toEqual([])
})

it('takes required arguments in order and options by name, and gives what the shapes say', async () => {
  const engine = createEngine()
  const { session } = new Recorder(engine)
  const db = methodsOf(allCommands, async (argv) => engine.execute(session, argv) ?? null)
  expect(await db.set('k', 'hélas', { seconds: 100 })).toBe('OK')
  expect(await db.get('k')).toBe('hélas')
  expect(await db.ttl('k')).toBe(100)
  expect(await db.rpush('l', ['a', 'b', 'c'])).toBe(3)
  expect(await db.lmpop(['no', 'l'], 'LEFT', { count: 2 })).toEqual(['l', ['a', 'b']])
  expect(await db.hset('h', ['f', '1', 'g', '2'])).toBe(2)
  expect(await db.hgetall('h')).toEqual(
    new Map([
      ['f', '1'],
      ['g', '2'],
    ]),
  )
  await expect(db.incr('l')).rejects.toThrow(CommandError)
  await expect(db.incr('l')).rejects.toMatchObject({ code: 'WRONGTYPE' })
  engine.stop()
})
