/** The printed interface is today's, and the methods behind it do what it says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EmbeddedBackend } from '../backend/embedded/embedded-backend.ts'
import { allCommands } from '../commands/all.ts'
import { createEngine } from '../create.ts'
import { printClient } from '../testing/print-client.ts'
import { Database } from './database.ts'

/** Formatting is Biome's business: only what is said is compared. */
const said = (source: string): string => source.replace(/,(?=\s*[)}\]])|(?<=\()\s*\|/g, '').replace(/[\s;]+/g, '')

it('is printed from the grammar as it stands (else: npx tsx scripts/print-client.ts)', () => {
  const folder = join(import.meta.dirname, 'methods')
  const printed = printClient(allCommands)
  expect(readdirSync(folder).sort()).toEqual([...printed.keys()].sort())
  const stale = [...printed].filter(([name, text]) => said(readFileSync(join(folder, name), 'utf8')) !== said(text))
  expect(stale.map(([name]) => name)).toEqual([])
})

const open = () => new Database(new EmbeddedBackend(createEngine()))

it('takes required arguments in order and options by name, and gives what the shapes say', async () => {
  await using db = open()
  expect(await db.set('k', 'hélas', { ex: 100 })).toBe('OK')
  expect(await db.get('k')).toBe('hélas')
  expect(await db.ttl('k')).toBe(100)
  expect(await db.rpush('l', ['a', 'b', 'c'])).toBe(3)
  expect(await db.lmpop(['no', 'l'], 'LEFT', { count: 2 })).toEqual(['l', ['a', 'b']])
  expect(await db.hset('h', { f: 1, g: '2' })).toBe(2)
  expect(await db.hgetall('h')).toEqual(
    new Map([
      ['f', '1'],
      ['g', '2'],
    ]),
  )
  expect(await db.zadd('z', { ada: 1.5, bob: 2 })).toBe(2)
  expect(await db.zrange('z', '0', '-1', { withscores: true })).toEqual([
    ['ada', 1.5],
    ['bob', 2],
  ])
  expect(await db.buffers.get('k')).toEqual(Buffer.from('hélas'))
  expect(db.sync.incr('n')).toBe(1)
  await expect(db.incr('l')).rejects.toMatchObject({ name: 'RedisError', code: 'WRONGTYPE' })
})

it('queues commands, knows what they will answer, and keeps errors in their places', async () => {
  await using db = open()
  const [set, wrong, n] = await db.multi().set('k', 'v').incr('k').incrby('n', 5).exec()
  expect(set).toBe('OK')
  expect(wrong).toMatchObject({ code: 'ERR' })
  expect(n).toBe(5)
  expect(await db.pipeline().get('k').add('ECHO', 'hi').exec()).toEqual(['v', 'hi'])
  await expect(db.multi().add('NONE').exec()).rejects.toMatchObject({ code: 'EXECABORT' })
})

it('runs a transaction again when a watched key has changed', async () => {
  await using db = open()
  let attempts = 0
  const replies = await db.transaction('n', async (tx) => {
    const n = Number(await tx.get('n'))
    if (attempts++ < 2) await db.incr('n')
    return tx.multi().set('n', n * 10)
  })
  expect(replies).toEqual(['OK'])
  expect(attempts).toBe(3)
  expect(await db.get('n')).toBe('20')
  const never = db.transaction('n', async (tx) => tx.multi().set('n', await db.incr('n')), { retries: 2 })
  await expect(never).rejects.toMatchObject({ code: 'CONFLICT' })
})

it('rejects what cannot be sent, and what comes after the end', async () => {
  const db = open()
  // @ts-expect-error: a key is missing
  await expect(db.get()).rejects.toThrow('key must be a string')
  const waiting = db.blpop('l', 0)
  await db.close()
  await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' })
  await expect(db.get('k')).rejects.toMatchObject({ code: 'CLOSED' })
})
