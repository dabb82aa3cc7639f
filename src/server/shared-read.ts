/**
 * Reading into one buffer that all connections share.
 *
 * The one idea: `node:net` gives every chunk that it reads a buffer of its own; a socket made with `onread` reads where it
 * is told. An accepted socket cannot be told any more, so its handle moves to a new socket that can. Bytes are decoded
 * before the next read, so one buffer serves everyone and an idle connection holds none. Served to redis-benchmark this
 * is worth 10 to 15 % (P=1 and P=16) over 'data' events, which remain where there is no such handle: over TLS, and
 * should node ever hide it.
 */
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'

/** Takes `buffer[0, length)`; the memory is used again when this returns. */
export type Receive = (buffer: Buffer, length: number) => void

interface HandleOptions extends SocketConstructorOpts {
  readonly handle: object
  readonly onread: OnReadOpts
}

/** A socket that reads, and where its file descriptor is known, that. */
export interface ReadingSocket {
  readonly socket: Socket
  readonly fd: number
}

/** A value of 100 KB arrives in one read: 64 KB, as libuv would read, halves such SETs. */
const SIZE = 256 * 1024
let shared: Buffer | undefined

/** Starts reading an accepted, paused socket into the shared buffer. The socket to use from now on is the one returned. */
export function readShared(accepted: Socket, receive: Receive): ReadingSocket {
  const handle: unknown = Reflect.get(accepted, '_handle')
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle))
    return readChunks(accepted, receive)
  const buffer = (shared ??= Buffer.allocUnsafeSlow(SIZE))
  const callback = (length: number): boolean => {
    receive(buffer, length)
    return true
  }
  const options: HandleOptions = { handle, onread: { buffer, callback } }
  const socket = new Socket(options)
  // The first socket is left without a handle: destroying it tells its server that this connection is off its books.
  Reflect.set(accepted, '_handle', null)
  accepted.destroy()
  return { socket, fd: 'fd' in handle ? Number(handle.fd) : -1 }
}

/** Starts reading a socket by its 'data' events. */
export function readChunks(socket: Socket, receive: Receive): ReadingSocket {
  socket.on('data', (chunk: Buffer) => receive(chunk, chunk.length))
  socket.resume()
  return { socket, fd: -1 }
}
