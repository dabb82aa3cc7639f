/**
 * Two Socket.IO servers with one embedded store between them: what is said on one is heard on the other, by the
 * redis-streams adapter and ioredis connections that need no socket.
 *
 *     npx tsx examples/chat/chat.ts
 *
 * The servers stand in one process here to fit into one file. In several processes, one of them serves the store
 * (`await db.listen({ port: 6379 })`) and the others connect to it: `new Redis(6379)`.
 */
import { createAdapter } from '@socket.io/redis-streams-adapter'
import { open } from 'geartrain'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'

const db = await open('memory:')

/** One chat server; what it takes to be its Redis is the store of this process. */
function chatServer() {
  const redis = new Redis({ Connector: db.connector() })
  const io = new Server({ adapter: createAdapter(redis, { blockTimeInMs: 200 }) })
  io.on('connection', (socket) => {
    socket.on('join', async (room: string, done: () => void) => {
      await socket.join(room)
      done()
    })
    socket.on('say', (room: string, text: string) => socket.to(room).emit('said', `${room}: ${text}`))
  })
  io.listen(0)
  return {
    io,
    get url() {
      const address = io.httpServer.address()
      return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    },
    async close() {
      await io.close()
      redis.disconnect()
    },
  }
}

/** The next event of a name. */
const next = (socket: Socket, event: string) => new Promise<string>((resolve) => socket.once(event, resolve))

const [east, west] = [chatServer(), chatServer()]
const ada = connect(east.url, { transports: ['websocket'] })
const bob = connect(west.url, { transports: ['websocket'] })
await Promise.all([next(ada, 'connect'), next(bob, 'connect')])
await Promise.all([ada.emitWithAck('join', 'tea'), bob.emitWithAck('join', 'tea')])

ada.emit('say', 'tea', 'is anybody there?')
console.log('Bob hears', await next(bob, 'said'))
bob.emit('say', 'tea', 'yes, on the other server')
console.log('Ada hears', await next(ada, 'said'))

// The servers ask each other who is there.
console.log('in the room:', (await east.io.in('tea').fetchSockets()).length)
console.log('kept in:', await db.type('socket.io'))

ada.close()
bob.close()
await Promise.all([east.close(), west.close()])
await db.close()
