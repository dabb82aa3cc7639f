/**
 * Keys that forget themselves: whatever is written under `session:` lives an hour from then on, whoever writes it.
 *
 *     npx tsx examples/functions-auto-expire/functions-auto-expire.ts
 *
 * The rule stands beside the data, so no client can forget it. The same text goes to a server: `geartrain functions deploy`.
 */
import { open } from 'geartrain'

const db = await open('memory:')

await db.functions.load(`#!js api_version=1.0 name=sessions
const HOUR = 3600
redis.registerKeySpaceTrigger('forget', 'session:', (client, data) => {
  client.call('expire', data.key, HOUR)
}, { description: 'sessions live an hour', events: ['hset', 'set'] })`)

await db.hset('session:ada', { user: 'Ada' })
await db.set('session:bob', 'Bob')
await db.set('settings', 'are kept')

console.log('minutes for Ada:', Math.round((await db.ttl('session:ada')) / 60))
console.log('minutes for Bob:', Math.round((await db.ttl('session:bob')) / 60))
console.log('settings:', (await db.ttl('settings')) === -1 ? 'kept' : 'forgotten')

// A transaction shows cause and effect together: nobody ever sees a session without a deadline.
const [, left] = await db.multi().set('session:eve', 'Eve').ttl('session:eve').exec()
console.log('inside the transaction the trigger has not run yet:', left === -1)
console.log('after it, it has:', (await db.ttl('session:eve')) > 0)

await db.close()
