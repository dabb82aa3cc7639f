/**
 * Asking a Redis over the network a few questions, without a client library.
 */
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Argv, bytes } from '../base/bytes.ts'
import { type Reply, ReplyError } from '../base/reply.ts'
import { ReplyDecoder } from '../resp/reply-decoder.ts'
import { encodeCommand } from '../resp/request-encoder.ts'
import { systemCode } from '../server/errors.ts'

/** A server that cannot be reached, or refuses. */
export class RemoteError extends Error {
  readonly code = 'GEARTRAIN_REMOTE'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'RemoteError'
  }
}

/** A `redis://` or `rediss://` address. Throws `RemoteError` for any other. */
export function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new RemoteError(`'${text}' is no address of a Redis: write redis://host:port, or rediss:// for TLS.`)
  }
  return url
}

/** Sends commands over RESP3, after signing in as the address says, and gives their replies. Errors are thrown. */
export async function askRemote(url: URL, commands: readonly Argv[]): Promise<readonly Reply[]> {
  const auth =
    url.password === '' ? [] : ['AUTH', decodeURIComponent(url.username) || 'default', decodeURIComponent(url.password)]
  const all = [['HELLO', '3', ...auth].map(bytes), ...commands]
  const socket = open(url)
  const replies: Reply[] = []
  try {
    socket.write(all.map(encodeCommand).join(''), 'latin1')
    const decoder = new ReplyDecoder()
    for await (const chunk of socket) {
      decoder.push(chunk)
      for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) {
        if (reply instanceof ReplyError) throw new RemoteError(`${url.host} answered: ${reply.message}`)
        replies.push(reply)
      }
      if (decoder.error !== undefined) throw new RemoteError(`${url.host} does not speak RESP: ${decoder.error}`)
      if (replies.length === all.length) return replies.slice(1)
    }
  } catch (error) {
    if (error instanceof RemoteError) throw error
    throw new RemoteError(
      `${url.host} cannot be reached (${systemCode(error) || error}): is a Redis running there?`,
      error,
    )
  } finally {
    socket.destroy()
  }
  throw new RemoteError(`${url.host} closed the connection.`)
}

function open(url: URL): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || 6379)
  return url.protocol === 'rediss:' ? connectTls({ host, port, servername: host }) : connect({ host, port })
}
