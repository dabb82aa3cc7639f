/**
 * Sessions of an Express application in an embedded store, with the packages that everybody uses: express-session keeps
 * them by connect-redis, which talks to ioredis, which reaches the store of this process without a socket.
 *
 *     npx tsx examples/sessions/sessions.ts
 *
 * To move to a server, change the line that makes `redis`: `new Redis('redis://…')`. Nothing else knows where the data is.
 */
import { once } from 'node:events'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { open } from 'geartrain'
import { Redis } from 'ioredis'

declare module 'express-session' {
  interface SessionData {
    visits: number
  }
}

const db = await open('memory:')
const redis = new Redis({ Connector: db.connector() })

const app = express()
app.use(
  session({
    store: new RedisStore({ client: redis, prefix: 'session:', ttl: 3600 }),
    secret: 'only an example',
    resave: false,
    saveUninitialized: false,
  }),
)
app.get('/', (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1
  response.send(`visit ${request.session.visits}`)
})
app.post('/leave', (request, response) => {
  request.session.destroy(() => response.send('forgotten'))
})

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`

// A browser keeps the cookie that it was given and sends it back.
const get = async (path: string, cookie: string, method = 'GET') => {
  const response = await fetch(url + path, { method, headers: { cookie } })
  const given = response.headers.getSetCookie()[0]?.split(';')[0]
  return { said: await response.text(), cookie: given ?? cookie }
}

const ada = await get('/', '')
console.log('Ada:', ada.said)
console.log('Ada:', (await get('/', ada.cookie)).said)
console.log('Bob:', (await get('/', '')).said)

// The sessions are ordinary keys of the store, with a deadline.
const [key] = await db.keys('session:*')
console.log('kept:', await db.dbsize(), 'minutes left:', Math.round((await db.ttl(key!)) / 60))

console.log('Ada:', (await get('/leave', ada.cookie, 'POST')).said)
console.log('Ada:', (await get('/', ada.cookie)).said)

server.close()
await redis.quit()
await db.close()
