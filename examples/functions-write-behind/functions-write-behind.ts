/**
 * Write-behind: users live in the store, and a SQL database follows, each change at least once and in order.
 *
 *     npx tsx examples/functions-write-behind/functions-write-behind.ts
 *
 * Two triggers of a linked library: one notes every change of a user in a stream, in the transaction of the change; the
 * other works the stream off in the background and trims what the database has. The database here is PGlite, a Postgres in
 * this process; a linked library may use whatever Node can.
 */
import { PGlite } from '@electric-sql/pglite'
import { open } from 'geartrain'
import { type BackgroundApi, library } from 'geartrain/functions'

const sql = new PGlite()
await sql.exec('create table users (key text primary key, name text, city text)')
let outage = true

/** Writes a user as it is now; a second time does no harm. */
async function write(key: string, user: Readonly<Record<string, string>>): Promise<void> {
  if (outage) throw new Error('the database is away')
  if (Object.keys(user).length === 0) await sql.query('delete from users where key = $1', [key])
  else {
    await sql.query('insert into users values ($1, $2, $3) on conflict (key) do update set name = $2, city = $3', [
      key,
      user['name'],
      user['city'],
    ])
  }
}

const behind = library('behind', ({ redis }) => {
  redis.registerKeySpaceTrigger(
    'note',
    'user:',
    (client, { key }) => {
      client.call('xadd', 'changes', '*', 'key', String(key))
    },
    { events: ['hset', 'hdel', 'del', 'expired'] },
  )
  redis.registerStreamTrigger(
    'write',
    'changes',
    async (client: BackgroundApi, { record }) => {
      const key = record[0]?.[1] ?? ''
      const user = client.block((section) => section.call<Record<string, string>>('hgetall', key))
      await write(key, user)
    },
    { isStreamTrimmed: true, retry: { attempts: 100, backoffMs: 5 } },
  )
})

const db = await open('memory:', { engine: { functions: { libraries: [behind] } } })

/** Waits until the database has followed. */
async function followed(): Promise<void> {
  while ((await db.xlen('changes')) > 0) await new Promise((resolve) => setTimeout(resolve, 1))
}

await db.hset('user:1', { name: 'Ada', city: 'London' })
await db.hset('user:2', { name: 'Bob', city: 'Paris' })
// The store serves on while the database is away; what it missed is written when it is back.
console.log('waiting for the database:', await db.xlen('changes'))
outage = false
await followed()
console.log((await sql.query('select * from users order by key')).rows)

await db.hset('user:2', { city: 'Rome' })
await db.del('user:1')
await followed()
console.log((await sql.query('select * from users order by key')).rows)

await db.close()
await sql.close()
