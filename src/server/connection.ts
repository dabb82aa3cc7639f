/**
 * Connection: one client of the server, between its socket and the engine.
 *
 * The one idea: a read is a batch. Every command that has arrived runs, the replies gather as one text, and that is
 * written once. A parked client's commands wait undecoded until the engine resumes it.
 *
 * Invariants: nothing runs for a client that is closing; the engine forgets a client before, or as soon as, its socket
 * is gone; replies that the peer does not take are kept outside V8's heap and counted.
 */
import type { Duplex } from 'node:stream'
import type { Reply } from '../base/reply.ts'
import { type Client, GATE, type Outlet, type Pushed, type TransportFacts } from '../commands/client.ts'
import type { Session } from '../engine/session.ts'
import { encodeInto, encodeReply, type TextSink } from '../resp/reply-encoder.ts'
import { RequestDecoder } from '../resp/request-decoder.ts'
import type { Hub, Peer } from './hub.ts'
import type { ClientClass } from './settings.ts'

/** Text is written when so much has gathered: no rope nears V8's limit, and the peer gets to work. */
const PIECE = 256 * 1024
/** How long a closing connection may take to deliver its last bytes. */
const LAST_WORDS_MS = 10_000

/** Where a connection leads, as CLIENT LIST shows it. */
export interface Ends {
  readonly address: string
  readonly localAddress: string
}

/** What a connection needs of a socket, or of what stands in for one. */
export interface Transport extends Duplex {
  /** Ends when everything is written. */
  destroySoon(): void
}

export class Connection implements Outlet, Peer, TextSink {
  readonly session: Session
  readonly #client: Client
  readonly #hub: Hub
  readonly #ends: Ends
  readonly #decoder: RequestDecoder
  #socket!: Transport
  #fd = -1
  /** Replies not yet written. */
  #text = ''
  #queued = false
  /** Closes when everything is written. */
  #ending = false
  #endingSinceMs = 0
  #softSinceMs = 0
  /** Bytes that wait until what they tell of is safe. */
  #heldBytes = 0

  constructor(hub: Hub, ends: Ends) {
    this.#hub = hub
    this.#ends = ends
    this.#decoder = new RequestDecoder(hub.settings.requestLimits)
    this.session = hub.engine.connect(this)
    this.session.timed = true
    this.#client = this.session.client
  }

  /** Takes the socket that it writes to. The caller sees to it that what is read comes to `receive`. */
  attach(socket: Transport, fd: number): void {
    this.#socket = socket
    this.#fd = fd
    socket.on('error', () => socket.destroy())
    socket.on('end', () => this.#peerEnded())
    socket.on('close', () => this.#gone())
    this.#hub.add(this)
  }

  /** Runs what has arrived in `buffer[0, length)`. */
  receive(buffer: Buffer, length: number): void {
    const hub = this.#hub
    const client = this.#client
    hub.engine.statistics.bytesIn += length
    hub.engine.statistics.reads++
    if (client.closing) return
    const decoder = this.#decoder
    decoder.push(buffer, 0, length)
    hub.beginBatch()
    if (!client.parked) this.#run()
    decoder.release()
    this.#checkQuery()
    if (hub.waitsForLog) this.#toWrite()
    else this.flush()
    hub.endBatch()
  }

  reply(reply: Reply): void {
    this.#add(reply)
    this.#toWrite()
  }

  push(message: Pushed): void {
    if (this.#client.closing) return
    this.#add(message)
    this.#toWrite()
  }

  resume(): void {
    this.#run()
    this.#toWrite()
  }

  close(flush: boolean): void {
    this.#client.closing = true
    if (!flush) {
      this.#drop()
      return
    }
    this.#end()
  }

  describe(): TransportFacts {
    const { address, localAddress } = this.#ends
    const queryBytes = this.#decoder.pendingBytes
    return { address, localAddress, fd: this.#fd, queryBytes, queryFree: 0, outputBytes: this.outputBytes }
  }

  /** Bytes that the peer has not taken. */
  get outputBytes(): number {
    return this.#socket.writableLength + this.#heldBytes
  }

  /** Writes what has gathered. */
  flush(): void {
    this.#queued = false
    if (this.#text !== '') {
      const text = this.#text
      this.#text = ''
      this.#send(text)
    }
    if (this.#ending) this.#leave()
  }

  /** Takes encoded text; part of `encodeInto`. */
  write(text: string): void {
    if (this.#text.length + text.length < PIECE) {
      this.#text += text
      return
    }
    const before = this.#text
    this.#text = ''
    if (before !== '') this.#send(before)
    this.#send(text)
  }

  /** Closes a client that was silent for too long. */
  checkIdle(nowMs: number): void {
    const client = this.#client
    if (client.parked || client.subscriptions > 0 || client.closing) return
    if (nowMs - client.lastActiveMs <= this.#hub.settings.idleMs) return
    this.#hub.log.verbose('Closing idle client')
    this.close(false)
  }

  /** Closes a client that has left too many replies unread. */
  checkOutput(nowMs: number): void {
    const bytes = this.outputBytes
    const { hardBytes, softBytes, softMs } = this.#hub.settings.outputLimits[this.#class()]
    if (hardBytes > 0 && bytes >= hardBytes) {
      this.overflow('it has left too many replies unread')
      return
    }
    if (softBytes === 0 || bytes < softBytes) this.#softSinceMs = 0
    else if (this.#softSinceMs === 0) this.#softSinceMs = nowMs
    else if (nowMs - this.#softSinceMs > softMs) this.overflow('it has left many replies unread for long')
  }

  /** Gives up on a closing connection whose peer does not take the last bytes. */
  checkEnding(nowMs: number): void {
    if (!this.#ending) return
    if (this.#endingSinceMs === 0) this.#endingSinceMs = nowMs
    else if (nowMs - this.#endingSinceMs > LAST_WORDS_MS) this.#socket.destroy()
  }

  /** Ends the connection for what it leaves unread. The engine hears of it when nothing runs. */
  overflow(why: string): void {
    if (this.#socket.destroyed) return
    const { id } = this.#client
    this.#hub.log.warning(`Client id=${id} addr=${this.#ends.address} is disconnected: ${why}.`)
    this.#client.closing = true
    this.#text = ''
    this.#socket.destroy()
    process.nextTick(() => this.#gone())
  }

  #run(): void {
    const client = this.#client
    const decoder = this.#decoder
    const session = this.session
    const { engine } = this.#hub
    decoder.authenticated = (client.gate & GATE.auth) === 0
    engine.startTiming()
    while (!client.parked && !client.closing) {
      const argv = decoder.next()
      if (argv === undefined) break
      const reply = engine.execute(session, argv)
      if (reply !== undefined) this.#add(reply)
      if (!decoder.authenticated) decoder.authenticated = (client.gate & GATE.auth) === 0
    }
    client.lastActiveMs = engine.keyspace.lately
    if (decoder.error !== undefined && !client.closing) this.#refuse()
  }

  /** Gathers a reply. Aggregates go through the sink, which bounds them; a small one costs the same. */
  #add(reply: Reply): void {
    const { protocol } = this.#client
    if (typeof reply === 'number' || (typeof reply === 'string' && reply.length < PIECE)) {
      this.#text += encodeReply(reply, protocol)
      if (this.#text.length > PIECE) this.write('')
    } else {
      encodeInto(this, reply, protocol)
    }
  }

  /** Lets text go, as soon as what it tells of is safe. */
  #send(text: string): void {
    const { release } = this.#hub.engine.persistence
    if (release.isUnwritten) release.writeNow()
    if (!release.active || !release.mustHold) {
      this.#transmit(text)
      return
    }
    this.#heldBytes += text.length
    release.hold(
      () => {
        this.#heldBytes -= text.length
        this.#transmit(text)
      },
      () => this.#socket.destroy(),
    )
  }

  /** Ends the socket behind everything that was said. */
  #leave(): void {
    const { release } = this.#hub.engine.persistence
    if (release.mustHold)
      release.hold(
        () => this.#socket.destroySoon(),
        () => this.#socket.destroy(),
      )
    else this.#socket.destroySoon()
  }

  #transmit(text: string): void {
    const socket = this.#socket
    if (text === '' || socket.destroyed) return
    const hub = this.#hub
    hub.engine.statistics.bytesOut += text.length
    hub.engine.statistics.writes++
    // What has to wait is copied out of V8's heap: a rope of many replies takes several times its length.
    if (socket.writableLength === 0) socket.write(text, 'latin1')
    else socket.write(Buffer.from(text, 'latin1'))
    if (socket.writableLength === 0) return
    this.checkOutput(hub.engine.keyspace.lately)
    hub.slow(this, text.length)
  }

  #toWrite(): void {
    if (this.#queued) return
    this.#queued = true
    this.#hub.toWrite(this)
  }

  /** Answers a malformed stream and ends it. */
  #refuse(): void {
    const error = this.#decoder.error!
    this.#hub.engine.statistics.error(error)
    this.#hub.log.verbose(`Client id=${this.#client.id} addr=${this.#ends.address}: ${error.message}`)
    this.#add(error)
    this.close(true)
  }

  #checkQuery(): void {
    if (this.#decoder.pendingBytes <= this.#hub.settings.queryLimit) return
    this.overflow('it has sent more than client-query-buffer-limit without ending a command')
  }

  #class(): ClientClass {
    return this.#client.subscriptions > 0 ? 'pubsub' : 'normal'
  }

  #end(): void {
    if (this.#ending) return
    this.#ending = true
    this.#toWrite()
  }

  /** The peer sends no more: what is written still goes out, then all is over. */
  #peerEnded(): void {
    this.#forget()
    this.#end()
  }

  #drop(): void {
    this.#text = ''
    this.#socket.destroy()
    this.#gone()
  }

  #gone(): void {
    this.#forget()
    this.#hub.remove(this)
  }

  #forget(): void {
    if (this.#forgotten) return
    this.#forgotten = true
    this.#client.closing = true
    this.#hub.engine.disconnect(this.session)
  }

  #forgotten = false
}
